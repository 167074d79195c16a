/** Which server, and what it is told of the speech: the same options in every program. */
import { normalizeStreamUrl } from "@stt/core";
import type { Environment } from "@stt/core/config";
import { type Command, Option } from "commander";
import { clientSettings } from "../client-settings.js";
import { checked, matching } from "./command-line.js";
import type { SharedTexts } from "./shared-texts.js";

export interface ServerOptions {
  url?: string;
  language?: string;
}

export function addServerOption(command: Command, texts: SharedTexts): Command {
  return command.addOption(new Option("--url <url>", texts.url).argParser(checked((text) => normalizeStreamUrl(text))));
}

export function addLanguageOption(command: Command, texts: SharedTexts): Command {
  return command.addOption(
    new Option("--language <code>", texts.language).argParser(matching(/^(auto|[a-z]{2,3})$/, texts.badLanguage)),
  );
}

/** The part of `SttClientOptions` that says where to go, and in which language. */
export interface Connection {
  url: string;
  token?: string;
  language?: string;
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
  const language = options.language ?? settings.language;
  return {
    url: options.url ?? settings.url,
    ...(settings.token ? { token: settings.token } : {}),
    ...(language ? { language } : {}),
  };
}

/** A microphone as it is named on the command line: by its number or its name. */
export function deviceOf(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text;
}
