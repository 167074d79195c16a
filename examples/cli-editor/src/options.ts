/** The command line and the environment. */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { streamUrlFromEnv } from "@stt/client-node";
import { type Locale, localeOf, normalizeStreamUrl, SttError } from "@stt/core";
import { type Environment, parseDotenv } from "@stt/core/config";
import { type Texts, textsOf } from "./texts.js";

/** What the editor was asked to do. */
export interface EditorOptions {
  help: boolean;
  url: string;
  token: string | undefined;
  language: string | undefined;
  device: number | undefined;
  /** A WAV file in place of a microphone. */
  speechFile: string | undefined;
  autoCopy: boolean;
  draft: boolean;
  /** The text file to edit. */
  file: string | undefined;
}

/** A wrong command line, as a sentence. */
export class UsageError extends Error {}

/** The language of the person, as in our other programs. */
export function localeFrom(env: Environment): Locale {
  return localeOf(env.LC_ALL, env.LC_MESSAGES, env.LANG);
}

/**
 * @param argv without the program and the script.
 * @throws UsageError, SttError `invalid_config`
 */
export function readOptions(argv: string[], env: Environment): EditorOptions {
  const texts = textsOf(localeFrom(env));
  const { values, positionals } = parse(argv, texts);
  if (positionals.length > 1) throw new UsageError(texts.oneFile);
  const { language, device } = values;
  if (language !== undefined && !/^(auto|[a-z]{2,3})$/.test(language)) throw new UsageError(texts.badLanguage);
  if (device !== undefined && !/^\d+$/.test(device)) throw new UsageError(texts.badDevice);
  const dotenv = readDotenv();
  return {
    help: values.help ?? false,
    url: values.url === undefined ? streamUrlFromEnv(env, dotenv) : checkedUrl(values.url),
    token: values.token ?? (env.STT_TOKEN || dotenv.STT_TOKEN || undefined),
    language,
    device: device === undefined ? undefined : Number(device),
    speechFile: values.file,
    autoCopy: !values["no-auto-copy"],
    draft: values.draft ?? false,
    file: positionals[0],
  };
}

function parse(argv: string[], texts: Texts) {
  try {
    return parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        url: { type: "string" },
        token: { type: "string" },
        language: { type: "string" },
        device: { type: "string" },
        file: { type: "string" },
        "no-auto-copy": { type: "boolean" },
        draft: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const what = /'([^' ]+)/.exec(message)?.[1] ?? "";
    const sentence = code === "ERR_PARSE_ARGS_UNKNOWN_OPTION" ? texts.unknownOption : texts.missingValue;
    throw new UsageError(sentence.replace("{what}", what));
  }
}

function checkedUrl(url: string): string {
  try {
    return normalizeStreamUrl(url);
  } catch (error) {
    if (error instanceof SttError) throw new UsageError(error.message);
    throw error;
  }
}

function readDotenv(): Environment {
  let text: string;
  try {
    text = readFileSync(".env", "utf8");
  } catch {
    return {};
  }
  return parseDotenv(text);
}
