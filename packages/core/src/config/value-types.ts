/** The kinds of values that variables take: how a text is read, what is allowed, and how a value is written again. */
import * as z from "zod/mini";

/** A text in both languages of the documentation. */
export interface Localized {
  en: string;
  ru: string;
}

/** The unit of a number in the environment. */
export type Unit = "s" | "ms" | "bytes" | "%";

/** One kind of value. `T` is its type in `Config`. */
export interface ValueType<T> {
  /** Decides whether a value is allowed. */
  readonly schema: z.ZodMiniType<T>;
  /** Reads the text of an environment variable. Never throws: what it cannot read comes back as it is, for `schema` to refuse. */
  parse(text: string): unknown;
  /** Writes a value as the environment variable that means it. */
  format(value: T): string;
  /** What is allowed, as the end of the sentence "allowed is ...". */
  readonly allowed: Localized;
  /** Unit of the number in the environment, if it has one. */
  readonly unit?: Unit;
}

export const TRUE_WORDS = ["true", "1", "yes", "on"];
export const FALSE_WORDS = ["false", "0", "no", "off"];

/** `true`, `1`, `yes`, `on` or their opposites, in any case. */
export function flag(): ValueType<boolean> {
  return {
    schema: z.boolean(),
    parse: (text) => {
      const word = text.toLowerCase();
      if (TRUE_WORDS.includes(word)) return true;
      return FALSE_WORDS.includes(word) ? false : text;
    },
    format: String,
    allowed: {
      en: "true or false (also 1/0, yes/no, on/off)",
      ru: "true или false (также 1/0, yes/no, on/off)",
    },
  };
}

/** One of a few words, in any case. */
export function choice<const T extends string>(...words: T[]): ValueType<T> {
  return {
    schema: z.enum(words) as unknown as z.ZodMiniType<T>,
    parse: (text) => text.toLowerCase(),
    format: String,
    allowed: { en: list(words, "or"), ru: list(words, "или") },
  };
}

interface Range {
  min: number;
  max: number;
  unit?: Unit;
  /** What the number 0 means, where it is not just a small number. */
  zero?: Localized;
}

/** A whole number. */
export function integer(range: Range): ValueType<number> {
  return {
    schema: z.number().check(z.int(), z.minimum(range.min), z.maximum(range.max)),
    parse: (text) => (/^[+-]?\d+$/.test(text) ? Number(text) : text),
    format: String,
    allowed: { en: span("a whole number", "to", range, "en"), ru: span("целое число", "до", range, "ru") },
    ...(range.unit && { unit: range.unit }),
  };
}

/** A number with a decimal point. */
export function decimal(range: Range): ValueType<number> {
  return {
    schema: z.number().check(z.minimum(range.min), z.maximum(range.max)),
    parse: parseDecimal,
    format: String,
    allowed: { en: span("a number", "to", range, "en"), ru: span("число", "до", range, "ru") },
    ...(range.unit && { unit: range.unit }),
  };
}

/**
 * A duration, in seconds in the environment (as the original system has it) and in milliseconds in `Config` (as all code
 * has it). The range is in seconds.
 */
export function seconds(range: { min: number; max: number; zero?: Localized }): ValueType<number> {
  return {
    schema: z.number().check(z.minimum(range.min * 1000), z.maximum(range.max * 1000)),
    parse: (text) => {
      const value = parseDecimal(text);
      return typeof value === "number" ? Math.round(value * 1e6) / 1e3 : value;
    },
    format: (ms) => String(ms / 1000),
    allowed: {
      en: span("a number of seconds", "to", range, "en"),
      ru: span("число секунд", "до", range, "ru"),
    },
    unit: "s",
  };
}

/** A TCP port. */
export function port(): ValueType<number> {
  return integer({ min: 0, max: 65_535, zero: { en: "any free port", ru: "любой свободный порт" } });
}

/** Any text up to a length; empty by default. */
export function text(maxLength: number): ValueType<string> {
  return {
    schema: z.string().check(z.maxLength(maxLength)),
    parse: (value) => value,
    format: String,
    allowed: { en: `a text of at most ${maxLength} characters`, ru: `текст не длиннее ${maxLength} символов` },
  };
}

/** A text that a predicate judges. */
export function matching(
  allowed: Localized,
  accept: (value: string) => boolean,
  normalise: (value: string) => string = (value) => value,
): ValueType<string> {
  return {
    schema: z.string().check(z.refine(accept)),
    parse: normalise,
    format: String,
    allowed,
  };
}

function parseDecimal(value: string): unknown {
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(value) ? Number(value) : value;
}

function list(words: readonly string[], or: string): string {
  if (words.length < 2) return words.join();
  return `${words.slice(0, -1).join(", ")} ${or} ${words.at(-1)}`;
}

function span(what: string, to: string, range: Range, language: keyof Localized): string {
  const from = language === "en" ? "from" : "от";
  const zero = range.zero ? ` (0: ${range.zero[language]})` : "";
  return `${what} ${from} ${range.min} ${to} ${range.max}${zero}`;
}
