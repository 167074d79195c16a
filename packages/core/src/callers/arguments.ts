/**
 * What callers hand in, checked at once: a wrong type is told where it was given, not where it hurts much later. Programs in plain
 * JavaScript have no compiler to tell them.
 */
import type { AudioFormat, AudioSource } from "../audio/source.js";
import {
  LANGUAGE_RULE,
  LANGUAGES_RULE,
  MAX_LANGUAGES,
  normalizeLanguage,
  normalizeLanguageChoice,
} from "../config/languages.js";
import { messageOf, SttError } from "../errors.js";
import type { Endpointing, SessionOptions } from "../protocol/messages.js";
import { TEXT_SHAPE } from "../text/text-fields.js";
import { isVocabulary, isVocabularyEntry, VOCABULARY_RULE } from "../vocabulary/vocabulary.js";
import { conforms, excerptOf, type Field, flag, isObject, oneOf, type Shape, textUpTo, within } from "./fields.js";

/** Timers hold no more milliseconds than this: 25 days. */
const MAX_TIMER_MS = 2_147_483_647;

/** The protocol's bound. */
const MAX_PROMPT_CHARS = 2000;

export const timerMs = within(0, MAX_TIMER_MS);

export const callback: Field<(...args: never[]) => unknown> = {
  expected: "a function",
  is: (value): value is (...args: never[]) => unknown => typeof value === "function",
};

export const abortSignal: Field<AbortSignal> = {
  expected: "an AbortSignal",
  is: (value): value is AbortSignal =>
    typeof (value as Partial<AbortSignal> | null)?.addEventListener === "function" &&
    typeof (value as Partial<AbortSignal>).aborted === "boolean",
};

const AUDIO_FORMAT: Shape<AudioFormat> = {
  encoding: oneOf("pcm_s16le", "pcm_f32le"),
  sampleRate: within(8000, 192_000),
  channels: oneOf(1, 2),
};

export const audioFormat: Field<AudioFormat> = {
  expected: '{ encoding: "pcm_s16le" or "pcm_f32le", sampleRate: 8000 to 192000, channels: 1 or 2 }',
  is: (value): value is AudioFormat => conforms(value, AUDIO_FORMAT),
};

const optional = <T>(field: Field<T>): Field<T> => ({ ...field, optional: true });

const ENDPOINTING: Shape<Endpointing> = {
  silenceMs: optional(within(100, 10_000)),
  minUtteranceMs: optional(within(0, 30_000)),
  maxUtteranceMs: optional(within(2000, 30_000)),
  endOfTurn: optional(oneOf("silence", "model")),
  eagerness: optional(oneOf("low", "medium", "high")),
  maxSilenceMs: optional(within(500, 10_000)),
};

function isListedLanguage(value: unknown): boolean {
  return typeof value === "string" && (value.trim() === "" || normalizeLanguage(value) !== undefined);
}

const LANGUAGES: Shape<SessionOptions>["languages"] = {
  expected: `a list of ${LANGUAGES_RULE.en}`,
  is: (value): value is string[] =>
    Array.isArray(value) && value.length <= MAX_LANGUAGES && value.every(isListedLanguage),
  wrongEntry: (value) => value.find((each) => !isListedLanguage(each)),
};

/** Options of a session; a test holds it to the protocol's schema. */
export const SESSION_SHAPE: Shape<SessionOptions> = {
  language: {
    expected: LANGUAGE_RULE.en,
    is: (value): value is string =>
      typeof value === "string" && (value.trim() === "" || normalizeLanguageChoice(value) !== undefined),
  },
  languages: LANGUAGES,
  likelyLanguages: LANGUAGES,
  task: oneOf("transcribe", "translate"),
  prompt: textUpTo(MAX_PROMPT_CHARS),
  vocabulary: {
    expected: `a list of ${VOCABULARY_RULE.en}`,
    is: isVocabulary,
    wrongEntry: (value) => value.find((each) => !isVocabularyEntry(each)),
  },
  partials: oneOf<SessionOptions["partials"] & (string | boolean)>(true, false, "committed"),
  words: flag,
  endpointing: {
    expected:
      '{ silenceMs: 100 to 10000, minUtteranceMs: 0 to 30000, maxUtteranceMs: 2000 to 30000, endOfTurn: "silence" or "model", eagerness: "low", "medium" or "high", maxSilenceMs: 500 to 10000 }, each as you like',
    is: (value): value is Endpointing => conforms(value, ENDPOINTING),
  },
  ...TEXT_SHAPE,
};

/** Fields by name; all of them may be left out. */
export type OptionShape<T> = { readonly [K in keyof T]-?: Field<Exclude<T[K], undefined>> };

/**
 * Checks an object of options. Names that are not known are left alone: options of several programs may lie in one object.
 *
 * @param call what the options were given to, such as `start`
 * @throws SttError `invalid_argument`
 */
export function checkOptions<T>(call: string, options: unknown, shape: OptionShape<T>): asserts options is T {
  if (!isObject(options)) throw invalid(`${call} takes an object of options`, options);
  for (const [key, field] of Object.entries(shape) as [string, Field<unknown>][]) {
    const value = options[key];
    if (value !== undefined && !field.is(value)) {
      throw new SttError(
        "invalid_argument",
        `${call}: the option ${key} ${key === "token" ? `is a ${typeof value}` : wrongOf(value, field)}; it must be ${field.expected}.`,
      );
    }
  }
}

function wrongOf(value: unknown, { wrongEntry }: Field<unknown>): string {
  const entry = Array.isArray(value) ? wrongEntry?.(value) : undefined;
  return entry === undefined ? `is ${excerptOf(value)}` : `has ${excerptOf(entry)}`;
}

/** @throws SttError `invalid_argument` */
export function checkArgument<T>(call: string, value: unknown, field: Field<T>): asserts value is T {
  if (!field.is(value)) throw invalid(`${call} takes ${field.expected}`, value);
}

/**
 * The bytes of any view of a buffer: a Uint8Array, Node's Buffer, an Int16Array, a DataView. Copies nothing.
 *
 * @param what the sentence's subject
 * @throws SttError `invalid_argument`
 */
export function bytesOf(view: unknown, what: string): Uint8Array {
  if (view instanceof Uint8Array) return view;
  if (ArrayBuffer.isView(view)) return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  throw new SttError(
    "invalid_argument",
    `${what} is ${excerptOf(view)}; it must be PCM in a Uint8Array or another view of an ArrayBuffer.`,
  );
}

/** @throws SttError `invalid_argument` */
export function checkSource(call: string, source: unknown): asserts source is AudioSource {
  const { then, chunks, close, attach, format, durationMs } = fieldsOf(call, source);
  if (typeof then === "function") {
    throw new SttError(
      "invalid_argument",
      `${call} got a promise: await the source first, as in start(await microphone()).`,
    );
  }
  if (typeof chunks !== "function" || typeof close !== "function") {
    throw invalid(
      `${call} takes an audio source with format, chunks and close, such as microphone() or fileSource()`,
      source,
    );
  }
  if (attach !== undefined && typeof attach !== "function")
    throw invalid(`${call}: the source's attach is no function`, attach);
  if (durationMs !== undefined && typeof durationMs !== "number") {
    throw invalid(`${call}: the source's durationMs is no number`, durationMs);
  }
  if (!audioFormat.is(format)) throw invalid(`${call}: the source's format must be ${audioFormat.expected}`, format);
}

/** Getters are the caller's code too. */
function fieldsOf(call: string, source: unknown): Partial<AudioSource> & { then?: unknown } {
  try {
    const { then, chunks, close, attach, format, durationMs } = (source ?? {}) as ReturnType<typeof fieldsOf>;
    return { then, chunks, close, attach, format, durationMs } as ReturnType<typeof fieldsOf>;
  } catch (cause) {
    throw new SttError("invalid_argument", `${call}: the source cannot be read: ${messageOf(cause)}.`, { cause });
  }
}

function invalid(sentence: string, value: unknown): SttError {
  return new SttError("invalid_argument", `${sentence}; it got ${excerptOf(value)}.`);
}
