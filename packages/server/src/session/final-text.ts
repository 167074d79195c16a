import {
  type FinalWord,
  formatText,
  type HallucinationRule,
  judgeAudio,
  judgeText,
  type SpeechEvidence,
  type Transcription,
} from "@stt/core";
import type { SessionSettings } from "./settings.js";

/** What a final decode came to: a text, or the reason why there is none. */
export type FinalVerdict =
  | { text: string; confidence: number; words: FinalWord[] | undefined }
  | { text: undefined; reason: string };

/**
 * Judges and formats a final.
 *
 * @param offsetMs time of the decoded audio's first sample on the session's timeline.
 */
export function finalOf(
  transcription: Transcription,
  settings: SessionSettings,
  evidence: SpeechEvidence,
  offsetMs: number,
): FinalVerdict {
  const { language } = transcription;
  const raw = transcription.text.trim();
  if (raw === "") return { text: undefined, reason: "empty" };
  const verdict = settings.hallucinationFilter ? judgeText(transcription, evidence) : undefined;
  if (verdict?.ok === false) return { text: undefined, reason: `${verdict.rule}: ${verdict.reason}` };
  const text = settings.textFormatting ? formatText(raw, { final: true, language }) : raw;
  return { text, confidence: confidenceOf(transcription), words: wordsOf(transcription, offsetMs) };
}

/** Why audio is not worth decoding; undefined when it is. */
export function refusalOf(evidence: SpeechEvidence, settings: SessionSettings): string | undefined {
  if (!settings.hallucinationFilter) return undefined;
  const verdict = judgeAudio(evidence);
  return verdict.ok ? undefined : `${verdict.rule}: ${verdict.reason}`;
}

/** Loops and floods are what a tight encoder window does to Whisper; a phantom phrase would come back the same. */
const SIGNS_OF_A_TIGHT_WINDOW: readonly HallucinationRule[] = ["repetition", "compression", "too_dense"];

/** Whether a result looks like that of an encoder window cut too tight: the full window is worth a try then. */
export function looksBroken(transcription: Transcription, evidence: SpeechEvidence): boolean {
  const verdict = judgeText(transcription, evidence);
  return !verdict.ok && SIGNS_OF_A_TIGHT_WINDOW.includes(verdict.rule);
}

/** Mean probability of a token, 0..1, by the segments' mean log probabilities. */
export function confidenceOf({ segments }: Transcription): number {
  let tokens = 0;
  let sum = 0;
  for (const { averageLogProbability, tokenCount } of segments) {
    tokens += tokenCount;
    sum += averageLogProbability * tokenCount;
  }
  return tokens === 0 ? 0 : round(Math.exp(sum / tokens), 3);
}

function wordsOf({ segments }: Transcription, offsetMs: number): FinalWord[] | undefined {
  if (!segments.every((segment) => segment.words)) return undefined;
  return segments.flatMap((segment) =>
    segment.words!.map((word) => ({
      text: word.text,
      startMs: round(offsetMs + word.startMs, 1),
      endMs: round(offsetMs + word.endMs, 1),
      confidence: round(word.confidence, 3),
    })),
  );
}

function round(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
