/**
 * Finds text that nobody said. Whisper invents it for silence and noise, and repeats itself; its own filters miss short texts
 * (entropy counts only past 32 tokens, "no speech" only together with a low probability).
 */
import type { TranscriptionSegment } from "../engine.js";
import { compressionRatio, isPhantomPhrase, longestRepetition } from "./hallucination-rules.js";
import { foldedWords } from "./words.js";

/** What is known of the audio without the engine. */
export interface SpeechEvidence {
  /** Length of the audio, milliseconds. */
  audioMs: number;
  /** How much of it the voice activity detector took for speech, milliseconds. */
  speechMs: number;
  /** Root mean square of the loudest part (a frame or more), 0..1, if measured. */
  peakRms?: number;
}

/** What the engine said of its text. */
export interface DecodedText {
  text: string;
  segments?: readonly Pick<
    TranscriptionSegment,
    "text" | "noSpeechProbability" | "averageLogProbability" | "tokenCount"
  >[];
}

/** Names of the rules; stable, they label metrics. */
export type HallucinationRule =
  | "too_little_speech"
  | "too_quiet"
  | "repetition"
  | "compression"
  | "too_dense"
  | "phantom_phrase"
  | "improbable";

/** `ok`, or the rule that was broken and why, in words for a log. */
export type HallucinationVerdict = { ok: true } | { ok: false; rule: HallucinationRule; reason: string };

/** Thresholds of the rules. */
export interface HallucinationLimits {
  /** Less speech is not decoded, milliseconds. @default 90 */
  minSpeechMs: number;
  /** What is nowhere louder is not decoded; about -66 dBFS. @default 0.0005 */
  minPeakRms: number;
  /** Turns of a phrase from which it is a loop ... @default 4 */
  minRepetitions: number;
  /** ... if they make this many words; half as many again for a single word, which people do repeat. @default 8 */
  minRepeatedWords: number;
  /** Whisper's own threshold. @default 2.4 */
  maxCompressionRatio: number;
  /** Nobody speaks faster; counted against the speech, letters instead of tokens where they are fewer. @default 20 */
  maxTokensPerSecond: number;
  /** A phantom phrase is one if there is less speech than this for each of its letters, milliseconds. @default 30 */
  phantomMinMsPerLetter: number;
  /** It also is one if at most this share of the audio is speech ... @default 0.35 */
  phantomMaxSpeechRatio: number;
  /** ... and the probability of no speech is at least this. @default 0.5 */
  phantomMinNoSpeech: number;
  /** Text is improbable below this mean log probability ... @default -1 */
  minLogProbability: number;
  /** ... together with a probability of no speech above this. @default 0.6 */
  maxNoSpeech: number;
}

export const DEFAULT_HALLUCINATION_LIMITS: Readonly<HallucinationLimits> = Object.freeze({
  minSpeechMs: 90,
  minPeakRms: 0.0005,
  minRepetitions: 4,
  minRepeatedWords: 8,
  maxCompressionRatio: 2.4,
  maxTokensPerSecond: 20,
  phantomMinMsPerLetter: 30,
  phantomMaxSpeechRatio: 0.35,
  phantomMinNoSpeech: 0.5,
  minLogProbability: -1,
  maxNoSpeech: 0.6,
});

const OK: HallucinationVerdict = Object.freeze({ ok: true });

/** A rule: its verdict on a text, or on the audio alone. */
type Rule = (decoded: DecodedText, evidence: SpeechEvidence, limits: HallucinationLimits) => string | undefined;

/** Applied before decoding: they need no text. */
const BEFORE: Partial<Record<HallucinationRule, Rule>> = {
  too_little_speech: (_, { speechMs }, limits) =>
    speechMs < limits.minSpeechMs ? `only ${Math.round(speechMs)} ms of speech` : undefined,

  too_quiet: (_, { peakRms }, limits) =>
    peakRms !== undefined && peakRms < limits.minPeakRms ? `nowhere louder than ${peakRms.toFixed(5)} RMS` : undefined,
};

/** Applied after decoding. */
const AFTER: Partial<Record<HallucinationRule, Rule>> = {
  repetition: ({ text }, _, limits) => {
    const run = longestRepetition(foldedWords(text));
    if (!run || run.times < limits.minRepetitions) return undefined;
    const needed = limits.minRepeatedWords * (run.words.length === 1 ? 1.5 : 1);
    if (run.times * run.words.length < needed) return undefined;
    return `"${run.words.join(" ")}" ${run.times} times in a row`;
  },

  compression: ({ text }, _, limits) => {
    const ratio = compressionRatio(text);
    return ratio > limits.maxCompressionRatio ? `compression ratio ${ratio.toFixed(1)}` : undefined;
  },

  too_dense: ({ text, segments }, { speechMs }, limits) => {
    const counted = segments?.reduce((sum, segment) => sum + segment.tokenCount, 0) ?? foldedWords(text).length;
    // Scripts that the tokenizer hardly knows need several tokens for a letter.
    const tokens = Math.min(counted, letterCount(text));
    // Short texts get some leeway: the detector cuts quiet sounds off at both ends.
    const rate = tokens / (Math.max(speechMs, 0) / 1000 + 0.5);
    return rate > limits.maxTokensPerSecond ? `${rate.toFixed(0)} tokens per second of speech` : undefined;
  },

  // A real "thank you" takes its time and is heard by the model: the phrase alone proves nothing.
  phantom_phrase: ({ text, segments }, { speechMs, audioMs }, limits) => {
    if (!isPhantomPhrase(text)) return undefined;
    if (speechMs < limits.phantomMinMsPerLetter * letterCount(text)) {
      return `"${text.trim()}" in ${Math.round(speechMs)} ms of speech`;
    }
    const share = audioMs > 0 ? speechMs / audioMs : 1;
    const noSpeech = Math.max(0, ...(segments ?? []).map((segment) => segment.noSpeechProbability));
    if (share > limits.phantomMaxSpeechRatio || noSpeech < limits.phantomMinNoSpeech) return undefined;
    return `"${text.trim()}" with ${Math.round(share * 100)} % speech, no-speech probability ${noSpeech.toFixed(2)}`;
  },

  improbable: ({ segments }, _, limits) => {
    const spoken = segments?.filter((segment) => segment.text.trim() !== "");
    if (!spoken || spoken.length === 0) return undefined;
    const worst = spoken.every(
      (segment) =>
        segment.averageLogProbability < limits.minLogProbability && segment.noSpeechProbability > limits.maxNoSpeech,
    );
    return worst ? `mean log probability ${spoken[0]!.averageLogProbability.toFixed(2)}, likely no speech` : undefined;
  },
};

/** Whether the audio is worth decoding at all. */
export function judgeAudio(
  evidence: SpeechEvidence,
  limits: HallucinationLimits = DEFAULT_HALLUCINATION_LIMITS,
): HallucinationVerdict {
  return judge(BEFORE, { text: "" }, evidence, limits);
}

/** Whether a decoded text was said. Empty text is fine: nothing was said. */
export function judgeText(
  decoded: DecodedText,
  evidence: SpeechEvidence,
  limits: HallucinationLimits = DEFAULT_HALLUCINATION_LIMITS,
): HallucinationVerdict {
  return decoded.text.trim() === "" ? OK : judge(AFTER, decoded, evidence, limits);
}

function judge(
  rules: Partial<Record<HallucinationRule, Rule>>,
  decoded: DecodedText,
  evidence: SpeechEvidence,
  limits: HallucinationLimits,
): HallucinationVerdict {
  for (const rule of Object.keys(rules) as HallucinationRule[]) {
    const reason = rules[rule]?.(decoded, evidence, limits);
    if (reason !== undefined) return { ok: false, rule, reason };
  }
  return OK;
}

function letterCount(text: string): number {
  return text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
}
