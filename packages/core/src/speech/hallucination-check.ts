/**
 * Finds text that may not have been said. Whisper invents it for silence and noise, and repeats itself; its own filters miss short
 * texts (entropy counts only past 32 tokens, "no speech" only together with a low probability).
 *
 * No rule here drops anything by itself. A text that looks broken can be repaired or marked; only `no_speech` says that nobody
 * spoke. The thresholds were set by human recordings in English, Russian and Spanish.
 */
import type { TranscriptionSegment } from "../engine.js";
import { isPhantomPhrase, isSoundOnly, letterCount, longestRepetition, repetitiveness } from "./hallucination-rules.js";
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
  | "empty"
  | "repetition"
  | "compression"
  | "too_dense"
  | "phantom_phrase"
  | "improbable";

/**
 * What speaks against a text, or against decoding at all. `broken`: somebody spoke, and the decoder lost its way; another decode
 * may find it. `no_speech`: nobody spoke.
 */
export interface HallucinationSign {
  kind: "broken" | "no_speech";
  rule: HallucinationRule;
  /** In words, for a log. */
  reason: string;
}

/** Thresholds of the rules. */
export interface HallucinationLimits {
  /** Less speech is none, milliseconds. @default 90 */
  minSpeechMs: number;
  /** What is nowhere louder is silence; about -66 dBFS. @default 0.0005 */
  minPeakRms: number;
  /** Turns of a phrase from which it is a loop ... @default 4 */
  minRepetitions: number;
  /** ... if they make this many words; half as many again for a single word, which people do repeat. @default 8 */
  minRepeatedWords: number;
  /**
   * Above this a text is mostly itself: letters for each letter that is news. Menus read aloud reach 1.7 (Russian, 20 s), a
   * phrase said six times is at 4. @default 2.5
   */
  maxRepetitiveness: number;
  /** Nobody speaks faster; human recordings stay below 16. Counted against the speech. @default 40 */
  maxLettersPerSecond: number;
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
  /** With this much speech somebody spoke, however improbable the text, milliseconds. @default 1500 */
  certainSpeechMs: number;
}

export const DEFAULT_HALLUCINATION_LIMITS: Readonly<HallucinationLimits> = Object.freeze({
  minSpeechMs: 90,
  minPeakRms: 0.0005,
  minRepetitions: 4,
  minRepeatedWords: 8,
  maxRepetitiveness: 2.5,
  maxLettersPerSecond: 40,
  phantomMinMsPerLetter: 30,
  phantomMaxSpeechRatio: 0.35,
  phantomMinNoSpeech: 0.5,
  minLogProbability: -1,
  maxNoSpeech: 0.6,
  certainSpeechMs: 1500,
});

/**
 * Whether there is speech to decode.
 *
 * @returns the sign that there is none
 */
export function checkSpeech(
  { speechMs, peakRms }: SpeechEvidence,
  limits: HallucinationLimits = DEFAULT_HALLUCINATION_LIMITS,
): HallucinationSign | undefined {
  if (speechMs < limits.minSpeechMs) {
    return { kind: "no_speech", rule: "too_little_speech", reason: `only ${Math.round(speechMs)} ms of speech` };
  }
  if (peakRms !== undefined && peakRms < limits.minPeakRms) {
    return { kind: "no_speech", rule: "too_quiet", reason: `nowhere louder than ${peakRms.toFixed(5)} RMS` };
  }
  return undefined;
}

/**
 * Whether a decoded text can have been said. Empty text can: nothing was said.
 *
 * @returns the first sign against it
 */
export function checkHallucination(
  decoded: DecodedText,
  evidence: SpeechEvidence,
  limits: HallucinationLimits = DEFAULT_HALLUCINATION_LIMITS,
): HallucinationSign | undefined {
  if (decoded.text.trim() === "") return undefined;
  // Nobody spoke comes first: there is nothing to repair then.
  for (const { rule, kind, reasonAgainst } of RULES) {
    const reason = reasonAgainst(decoded, evidence, limits);
    if (reason !== undefined) {
      const spoken = rule === "improbable" && evidence.speechMs >= limits.certainSpeechMs;
      return { kind: spoken ? "broken" : kind, rule, reason };
    }
  }
  return undefined;
}

interface Rule {
  rule: HallucinationRule;
  kind: HallucinationSign["kind"];
  reasonAgainst(decoded: DecodedText, evidence: SpeechEvidence, limits: HallucinationLimits): string | undefined;
}

const RULES: readonly Rule[] = [
  {
    // A real "thank you" takes its time and is heard by the model: the phrase alone proves nothing.
    rule: "phantom_phrase",
    kind: "no_speech",
    reasonAgainst({ text, segments }, { speechMs, audioMs }, limits) {
      // Nobody speaks brackets.
      if (isSoundOnly(text)) return `"${text.trim()}" names a sound`;
      if (!isPhantomPhrase(text)) return undefined;
      if (speechMs < limits.phantomMinMsPerLetter * letterCount(text)) {
        return `"${text.trim()}" in ${Math.round(speechMs)} ms of speech`;
      }
      const share = audioMs > 0 ? speechMs / audioMs : 1;
      const noSpeech = Math.max(0, ...(segments ?? []).map((segment) => segment.noSpeechProbability));
      if (share > limits.phantomMaxSpeechRatio || noSpeech < limits.phantomMinNoSpeech) return undefined;
      return `"${text.trim()}" with ${Math.round(share * 100)} % speech, no-speech probability ${noSpeech.toFixed(2)}`;
    },
  },
  {
    rule: "improbable",
    kind: "no_speech",
    reasonAgainst({ segments }, _, limits) {
      const spoken = segments?.filter((segment) => segment.text.trim() !== "");
      if (!spoken || spoken.length === 0) return undefined;
      const worst = spoken.every(
        (segment) =>
          segment.averageLogProbability < limits.minLogProbability && segment.noSpeechProbability > limits.maxNoSpeech,
      );
      return worst
        ? `mean log probability ${spoken[0]!.averageLogProbability.toFixed(2)}, likely no speech`
        : undefined;
    },
  },
  {
    rule: "repetition",
    kind: "broken",
    reasonAgainst({ text }, _, limits) {
      const run = longestRepetition(foldedWords(text));
      return run && isLoop(run, limits) ? `"${run.words.join(" ")}" ${run.times} times in a row` : undefined;
    },
  },
  {
    rule: "compression",
    kind: "broken",
    reasonAgainst({ text }, _, limits) {
      const ratio = repetitiveness(text);
      return ratio > limits.maxRepetitiveness ? `${ratio.toFixed(1)} letters for each new one` : undefined;
    },
  },
  {
    rule: "too_dense",
    kind: "broken",
    reasonAgainst({ text }, { speechMs }, limits) {
      // Short texts get some leeway: the detector cuts quiet sounds off at both ends.
      const rate = letterCount(text) / (Math.max(speechMs, 0) / 1000 + 0.5);
      return rate > limits.maxLettersPerSecond ? `${rate.toFixed(0)} letters per second of speech` : undefined;
    },
  },
];

/** Whether a repetition is more than people do. */
export function isLoop(
  { words, times }: { words: readonly string[]; times: number },
  limits: HallucinationLimits = DEFAULT_HALLUCINATION_LIMITS,
): boolean {
  const needed = limits.minRepeatedWords * (words.length === 1 ? 1.5 : 1);
  return times >= limits.minRepetitions && times * words.length >= needed;
}
