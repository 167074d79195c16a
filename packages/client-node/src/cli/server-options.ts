/** Which server, and what it is told of the speech: the same options in every program. */
import { normalizeStreamUrl, readLanguage, readLanguages } from "@stt/core";
import type { Environment } from "@stt/core/config";
import { type Command, InvalidArgumentError, Option } from "commander";
import { clientSettings } from "../client-settings.js";
import { checked } from "./command-line.js";
import type { SharedTexts } from "./shared-texts.js";

export interface ServerOptions {
  url?: string;
  language?: SpokenLanguage;
}

/** What is spoken: one language, or several among which the server decides. */
export interface SpokenLanguage {
  language?: string;
  languages?: string[];
}

export function addServerOption(command: Command, texts: SharedTexts): Command {
  return command.addOption(new Option("--url <url>", texts.url).argParser(checked((text) => normalizeStreamUrl(text))));
}

export function addLanguageOption(command: Command, texts: SharedTexts): Command {
  return command.addOption(
    new Option("--language <code>", texts.language).argParser((text) => readSpokenLanguage(text, texts)),
  );
}

/** `ru`, `auto`, or `en,ru` for detection among these. An empty value is none. */
function readSpokenLanguage(text: string, texts: SharedTexts): SpokenLanguage {
  try {
    if (text.includes(",")) return { language: "auto", languages: readLanguages(text)! };
    const language = readLanguage(text);
    return language === undefined ? {} : { language };
  } catch {
    throw new InvalidArgumentError(texts.badLanguage.replace("{value}", text.slice(0, 60)));
  }
}

/** The part of `SttClientOptions` that says where to go, and in which language. */
export interface Connection extends SpokenLanguage {
  url: string;
  token?: string;
}

/**
 * The options first, then the environment, then `.env`. A token comes from STT_TOKEN alone: everybody on a machine can read the
 * command lines of its processes.
 *
 * @throws SttError `invalid_config`
 */
export function connectionOf(
  options: ServerOptions,
  { env, dotenv }: { env: Environment; dotenv: Environment },
): Connection {
  const settings = clientSettings(env, dotenv);
  const { language = settings.language, languages = settings.languages } = options.language ?? {};
  return {
    url: options.url ?? settings.url,
    ...(settings.token ? { token: settings.token } : {}),
    ...(language ? { language } : {}),
    ...(languages ? { languages: [...languages] } : {}),
  };
}

/** A microphone as it is named on the command line: by its number or its name. */
export function deviceOf(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text;
}
