/** The options about how text is written: docs/text.md. */
import { readFileSync } from "node:fs";
import {
  type Numerals,
  type Redaction,
  type Replacement,
  readReplacements,
  readReplacementsCsv,
  type SessionOptions,
} from "@stt/core";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Texts } from "./texts.js";

export interface TextOptions {
  replace?: Replacement[];
  numerals?: Numerals;
  removeFillers?: boolean;
  maskProfanity?: boolean;
  redact?: Redaction[];
  spokenPunctuation?: boolean;
  typography?: boolean;
}

const KINDS: readonly Redaction[] = ["email", "phone", "card"];

export function addTextOptions(command: Command, texts: Texts): Command {
  return command
    .addOption(new Option("--replace <file>", texts.replace).argParser(replacementReader(texts)))
    .addOption(new Option("--numerals <how>", texts.numerals).choices(["as_is", "figures", "words"]))
    .addOption(new Option("--remove-fillers", texts.removeFillers))
    .addOption(new Option("--mask-profanity", texts.maskProfanity))
    .addOption(new Option("--redact <kinds>", texts.redact).argParser(redactionReader(texts)))
    .addOption(new Option("--spoken-punctuation", texts.spokenPunctuation))
    .addOption(new Option("--typography", texts.typography));
}

/** What of a session these ask for. */
export function textWishesOf(options: TextOptions): SessionOptions {
  const { replace, numerals, redact } = options;
  return {
    ...(replace ? { replace } : {}),
    ...(numerals ? { numerals } : {}),
    ...(options.removeFillers ? { fillers: "remove" as const } : {}),
    ...(options.maskProfanity ? { profanity: "mask" as const } : {}),
    ...(redact ? { redact } : {}),
    ...(options.spokenPunctuation ? { spokenPunctuation: true } : {}),
    ...(options.typography ? { typography: true } : {}),
  };
}

/** Plain text, `said = written` a line; a table where the name ends in `.csv`. */
function replacementReader(texts: Texts): (file: string) => Replacement[] {
  return (file) => {
    let text: string;
    try {
      text = readFileSync(file, "utf8");
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new InvalidArgumentError(texts.badReplacements.replace("{file}", file).replace("{reason}", reason));
    }
    const { replacements, problems } = /\.csv$/i.test(file) ? readReplacementsCsv(text) : readReplacements(text);
    const [problem] = problems;
    if (problem) {
      const where = texts.badReplacement.replace("{file}", file).replace("{line}", String(problem.line));
      throw new InvalidArgumentError(where.replace("{text}", problem.text.slice(0, 60)));
    }
    return replacements;
  };
}

function redactionReader(texts: Texts): (list: string) => Redaction[] {
  return (list) => {
    const kinds = list
      .toLowerCase()
      .split(/[\s,;]+/)
      .filter(Boolean);
    const isKind = (kind: string): kind is Redaction => KINDS.includes(kind as Redaction);
    if (kinds.length === 0 || !kinds.every(isKind)) throw new InvalidArgumentError(texts.badRedaction);
    return [...new Set(kinds)].filter(isKind);
  };
}
