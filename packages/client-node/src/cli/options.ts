/** The options that several commands share, and how their values are read. */
import { normalizeStreamUrl, type SttClientOptions } from "@stt/core";
import { type Command, InvalidArgumentError, Option } from "commander";
import { streamUrlFromEnv } from "../server-address.js";
import type { CliContext } from "./context.js";

/** Options of every command that talks to a server. */
export interface ServerOptions {
  url?: string;
  token?: string;
  language?: string;
  prompt?: string;
  words?: boolean;
  json?: boolean;
}

export function addServerOptions(command: Command, { texts }: CliContext): Command {
  return command
    .addOption(new Option("--url <url>", texts.url).argParser(checked((text) => normalizeStreamUrl(text))))
    .addOption(new Option("--token <token>", texts.token))
    .addOption(
      new Option("--language <code>", texts.language).argParser(matching(/^(auto|[a-z]{2,3})$/, texts.badLanguage)),
    )
    .addOption(new Option("--prompt <text>", texts.prompt))
    .addOption(new Option("--words", texts.words))
    .addOption(new Option("--json", texts.json));
}

/** @throws SttError `invalid_config` */
export function clientOptionsOf(options: ServerOptions, context: CliContext): SttClientOptions {
  const token = options.token ?? (context.env.STT_TOKEN || context.dotenv.STT_TOKEN);
  return {
    url: options.url ?? streamUrlFromEnv(context.env, context.dotenv),
    ...(token ? { token } : {}),
    ...(options.language ? { language: options.language } : {}),
    ...(options.prompt ? { prompt: options.prompt } : {}),
    ...(options.words ? { words: true } : {}),
  };
}

export function matching(pattern: RegExp, sentence: string): (text: string) => string {
  return (text) => {
    if (!pattern.test(text)) throw new InvalidArgumentError(sentence);
    return text;
  };
}

export function integerWithin(min: number, max: number, sentence: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) throw new InvalidArgumentError(sentence);
    return value;
  };
}

function checked<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  };
}
