/** What a command may touch of the world. */
import { readFileSync } from "node:fs";
import { type Locale, localeOf } from "@stt/core";
import { type Environment, parseDotenv } from "@stt/core/config";
import { type Texts, textsOf } from "./texts.js";

/** The part of a Node output stream that commands use. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

export interface CliContext {
  stdout: Output;
  stderr: Output;
  env: Environment;
  /** Variables of `.env` in the working directory. */
  dotenv: Environment;
  locale: Locale;
  texts: Texts;
  /** Fires at the first Ctrl+C. */
  interrupted: AbortSignal;
}

/** The real world. @throws SttError `invalid_config` for an unreadable `.env` */
export function processContext(interrupted: AbortSignal): CliContext {
  const { env } = process;
  const locale = localeOf(env.LC_ALL, env.LC_MESSAGES, env.LANG);
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    env,
    dotenv: readDotenv(),
    locale,
    texts: textsOf(locale),
    interrupted,
  };
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
