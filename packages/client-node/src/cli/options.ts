/** The options of the commands that turn speech into text. */
import { readFileSync } from "node:fs";
import {
  type AudioFormat,
  type ExportFormat,
  formatVocabulary,
  isVocabulary,
  isVocabularyEntry,
  parseVocabulary,
  type SttClientOptions,
  type VocabularyEntry,
  vocabularyOf,
} from "@stt/core";
import { type Command, InvalidArgumentError, Option } from "commander";
import { integerWithin } from "./command-line.js";
import type { CliContext } from "./context.js";
import { addLanguageOption, addServerOption, connectionOf, type ServerOptions } from "./server-options.js";
import { addTextOptions, type TextOptions, textWishesOf } from "./text-options.js";
import type { Texts } from "./texts.js";

export interface SpeechOptions extends ServerOptions, TextOptions {
  prompt?: string;
  vocabulary?: VocabularyEntry[];
  term?: VocabularyEntry[];
  words?: boolean;
  json?: boolean;
  format: ExportFormat;
  output?: string;
  force?: boolean;
  rate?: number;
  channels: number;
}

/** The protocol's bound. */
const MAX_PROMPT_CHARS = 2000;
/** Of a text that an error repeats. */
const MAX_SHOWN_CHARS = 80;

export function addSpeechOptions(command: Command, { texts }: CliContext): Command {
  addServerOption(command, texts);
  addLanguageOption(command, texts)
    .addOption(new Option("--prompt <text>", texts.prompt).argParser(promptReader(texts)))
    .addOption(new Option("--vocabulary <file>", texts.vocabulary).argParser(vocabularyReader(texts)))
    .addOption(new Option("--term <text>", texts.term).argParser(termReader(texts)));
  return addTextOptions(command, texts)
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
  const { prompt, vocabulary = [], term = [], words } = options;
  const terms = vocabularyOf(term, vocabulary);
  return {
    ...connectionOf(options, context),
    ...(prompt ? { prompt } : {}),
    ...(terms.length > 0 ? { vocabulary: terms } : {}),
    ...(words ? { words: true } : {}),
    ...textWishesOf(options),
  };
}

/** The format of raw samples on standard input; undefined for WAV. */
export function rawFormatOf({ rate, channels }: SpeechOptions): AudioFormat | undefined {
  if (rate === undefined) return undefined;
  return { encoding: "pcm_s16le", sampleRate: rate, channels: channels === 2 ? 2 : 1 };
}

/** `5s`, `500ms`, `1.5m`, or seconds. @returns milliseconds */
export function durationReader(sentence: string, [least, most]: readonly [number, number]): (text: string) => number {
  return (text) => {
    const [, amount, unit = "s"] = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text) ?? [];
    const ms = Number(amount) * { ms: 1, s: 1000, m: 60_000 }[unit as "ms" | "s" | "m"];
    if (!(ms >= least && ms <= most)) throw new InvalidArgumentError(sentence);
    return ms;
  };
}

/** One of a few words. @param sentence what is said of any other */
export function wordReader<T extends string>(sentence: string, words: readonly T[]): (text: string) => T {
  return (text) => {
    const word = words.find((each) => each === text);
    if (word === undefined) throw new InvalidArgumentError(sentence);
    return word;
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

/** A term a line, as `VOCABULARY_FILE` of a server has them. */
function vocabularyReader(texts: Texts): (file: string) => VocabularyEntry[] {
  return (file) => {
    let text: string;
    try {
      text = readFileSync(file, "utf8");
    } catch (error) {
      const reason = (error as Error).message;
      throw new InvalidArgumentError(texts.badVocabulary.replace("{file}", file).replace("{reason}", reason));
    }
    return checked(parseVocabulary(text), "--vocabulary", texts);
  };
}

/** A term as a line of such a file; each adds to those before. */
function termReader(texts: Texts): (line: string, before?: VocabularyEntry[]) => VocabularyEntry[] {
  return (line, before = []) => checked([...before, ...parseVocabulary(line)], "--term", texts);
}

function checked(entries: VocabularyEntry[], flag: string, texts: Texts): VocabularyEntry[] {
  const wrong = entries.find((entry) => !isVocabularyEntry(entry));
  if (wrong !== undefined) {
    const shown = formatVocabulary([wrong]).slice(0, MAX_SHOWN_CHARS);
    throw new InvalidArgumentError(texts.badTerm.replace("{flag}", flag).replace("{term}", () => shown));
  }
  const count = String(entries.length);
  if (!isVocabulary(entries)) {
    throw new InvalidArgumentError(texts.manyTerms.replace("{flag}", flag).replace("{count}", count));
  }
  return entries;
}
