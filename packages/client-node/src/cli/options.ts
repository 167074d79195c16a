/** The options of the commands that turn speech into text. */
import { readFileSync } from "node:fs";
import type { AudioFormat, ExportFormat, SttClientOptions } from "@stt/core";
import { type Command, InvalidArgumentError, Option } from "commander";
import { integerWithin } from "./command-line.js";
import type { CliContext } from "./context.js";
import { addLanguageOption, addServerOption, connectionOf, type ServerOptions } from "./server-options.js";
import type { Texts } from "./texts.js";

export interface SpeechOptions extends ServerOptions {
  prompt?: string;
  vocabulary?: string[];
  words?: boolean;
  json?: boolean;
  format: ExportFormat;
  output?: string;
  force?: boolean;
  rate?: number;
  channels: number;
}

/** The protocol's bounds. */
const MAX_PROMPT_CHARS = 2000;
const MAX_PHRASES = 200;
const MAX_PHRASE_CHARS = 64;

export function addSpeechOptions(command: Command, { texts }: CliContext): Command {
  addServerOption(command, texts);
  return addLanguageOption(command, texts)
    .addOption(new Option("--prompt <text>", texts.prompt).argParser(promptReader(texts)))
    .addOption(new Option("--vocabulary <file>", texts.vocabulary).argParser(vocabularyReader(texts)))
    .addOption(new Option("--words", texts.words))
    .addOption(new Option("--format <name>", texts.format).argParser(formatReader(texts)).default("txt"))
    .addOption(new Option("--json", texts.json))
    .addOption(new Option("--force", texts.force))
    .addOption(new Option("--rate <hz>", texts.rate).argParser(integerWithin(8000, 192_000, texts.badRate)))
    .addOption(
      new Option("--channels <n>", texts.channels).argParser(integerWithin(1, 2, texts.badChannels)).default(1),
    );
}

/** @throws SttError `invalid_config` */
export function clientOptionsOf(options: SpeechOptions, context: CliContext): SttClientOptions {
  const { prompt, vocabulary, words } = options;
  return {
    ...connectionOf(options, context),
    ...(prompt ? { prompt } : {}),
    ...(vocabulary ? { vocabulary } : {}),
    ...(words ? { words: true } : {}),
  };
}

/** The format of raw samples on standard input; undefined for WAV. */
export function rawFormatOf({ rate, channels }: SpeechOptions): AudioFormat | undefined {
  if (rate === undefined) return undefined;
  return { encoding: "pcm_s16le", sampleRate: rate, channels: channels === 2 ? 2 : 1 };
}

/** `5s`, `500ms`, `1.5m`, or seconds. @returns milliseconds */
export function durationReader(texts: Texts): (text: string) => number {
  return (text) => {
    const [, amount, unit = "s"] = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text) ?? [];
    const ms = Number(amount) * { ms: 1, s: 1000, m: 60_000 }[unit as "ms" | "s" | "m"];
    if (!(ms >= 500 && ms <= 3_600_000)) throw new InvalidArgumentError(texts.badSilence);
    return ms;
  };
}

function formatReader(texts: Texts): (text: string) => ExportFormat {
  return (text) => {
    if (!/^(txt|srt|vtt|json)$/.test(text)) throw new InvalidArgumentError(texts.badFormat);
    return text as ExportFormat;
  };
}

function promptReader(texts: Texts): (text: string) => string {
  return (text) => {
    if (text.length > MAX_PROMPT_CHARS) throw new InvalidArgumentError(texts.badPrompt);
    return text;
  };
}

/** One word or phrase a line; empty lines and those that begin with # are left out. */
function vocabularyReader(texts: Texts): (file: string) => string[] {
  return (file) => {
    let text: string;
    try {
      text = readFileSync(file, "utf8");
    } catch (error) {
      const reason = (error as Error).message;
      throw new InvalidArgumentError(texts.badVocabulary.replace("{file}", file).replace("{reason}", reason));
    }
    const phrases = text
      .replace(/^\uFEFF/, "")
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== "" && !line.startsWith("#"));
    const tooLong = phrases.find((phrase) => phrase.length > MAX_PHRASE_CHARS);
    if (tooLong !== undefined) throw new InvalidArgumentError(texts.longPhrase.replace("{phrase}", tooLong));
    if (phrases.length > MAX_PHRASES) {
      throw new InvalidArgumentError(texts.manyPhrases.replace("{count}", String(phrases.length)));
    }
    return phrases;
  };
}
