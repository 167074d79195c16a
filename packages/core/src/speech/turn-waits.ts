import type { Eagerness } from "../protocol/messages.js";

/** What a session waits by where a model hears the ends of turns. */
export interface TurnPolicy {
  eagerness: Eagerness;
  /** Silence that ends a turn which sounds unfinished, milliseconds. */
  maxSilenceMs: number;
  /** Whisper's code, or `auto`. */
  language: string;
}

/** Silence, milliseconds, after words that certainly sound finished, and after those that probably do. */
interface Waits {
  sureMs: number;
  likelyMs: number;
}

/** Measured on human recordings: docs/benchmarks.md, "Where a turn ends". */
const WAITS: Record<Eagerness, Waits> = {
  high: { sureMs: 400, likelyMs: 800 },
  medium: { sureMs: 600, likelyMs: 1000 },
  low: { sureMs: 1000, likelyMs: 1200 },
};
/** From this probability on the speaker has certainly finished ... */
const SURE = 0.97;
/** ... and from this on probably, in most languages. */
const LIKELY = 0.5;
const LIKELY_IN: Readonly<Record<string, number>> = { it: 0.9 };
/** Of less speech the model knows too little to say that it is unfinished: a lone "yes" sounds like it. */
const LEAST_SPEECH_MS = 1000;

/** Those the model was trained on. */
const LANGUAGES = new Set("ar bn zh da nl de en fi fr hi id it ja ko mr no pl pt ru es tr uk vi".split(" "));

/** Whether the model's answers count in a language; `auto` is taken for one of those it knows. */
export function knowsTurnsIn(language: string): boolean {
  return language === "auto" || LANGUAGES.has(language);
}

/** Whether words that were said so are probably the last of their turn. */
export function soundsFinished(probability: number, { language }: Pick<TurnPolicy, "language">): boolean {
  return probability > (LIKELY_IN[language] ?? LIKELY);
}

/** The shortest wait that any answer leads to: by then, counted in silence, the answer has to be there. */
export function shortestTurnWaitMs({ eagerness, maxSilenceMs }: TurnPolicy): number {
  return Math.min(WAITS[eagerness].sureMs, maxSilenceMs);
}

/**
 * The silence that ends the utterance after this answer, milliseconds.
 *
 * @param probability that the speaker has finished, 0..1
 * @param speechMs speech in the utterance so far
 * @returns undefined where the answer says nothing: the usual wait applies
 */
export function turnWaitMs(probability: number, speechMs: number, policy: TurnPolicy): number | undefined {
  const { sureMs, likelyMs } = WAITS[policy.eagerness];
  if (soundsFinished(probability, policy)) {
    return Math.min(probability > SURE ? sureMs : likelyMs, policy.maxSilenceMs);
  }
  return speechMs < LEAST_SPEECH_MS ? undefined : policy.maxSilenceMs;
}
