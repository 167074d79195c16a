/** What a command may touch of the world. */
import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { type Locale, localeOf, messageOf, SttError } from "@stt/core";
import { checkDotenv, type Environment } from "@stt/core/config";
import { type Texts, textsOf } from "./texts.js";

/** The part of a Node output stream that commands use. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  on?(event: "resize", listener: () => void): unknown;
  off?(event: "resize", listener: () => void): unknown;
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

/** The real world. @throws SttError `io_error`, `invalid_config` for an unreadable `.env` */
export function processContext(interrupted: AbortSignal): CliContext {
  const { env, stdout, stderr } = process;
  const locale = localeFrom(env);
  return { stdout, stderr, env, dotenv: readDotenv(), locale, texts: textsOf(locale), interrupted };
}

/** The language of the person. */
export function localeFrom(env: Environment): Locale {
  return localeOf(env.LC_ALL, env.LC_MESSAGES, env.LANG);
}

/** `.env` in the working directory; nothing when there is none. @throws SttError `io_error`, `invalid_config` */
export function readDotenv(): Environment {
  let text: string;
  try {
    text = readFileSync(".env", "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new SttError("io_error", `The file .env cannot be read: ${messageOf(cause)}.`, { cause });
  }
  // An editor on Windows may have put a byte order mark before the first name.
  const entries = text.replace(/^\uFEFF/, "");
  checkDotenv(entries);
  return parseEnv(entries);
}
