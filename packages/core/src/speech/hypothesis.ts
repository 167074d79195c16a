/** What an engine heard so far, as the stabiliser wants it: words on the session's timeline. */
import type { Transcription } from "../engine.js";
import { splitWords } from "./words.js";

/** A word of a hypothesis. Times are milliseconds on the session's timeline, absent where the engine gives none. */
export interface HypothesisWord {
  /** With its punctuation, without surrounding white space. */
  text: string;
  startMs?: number;
  endMs?: number;
  /** 0..1 */
  confidence?: number;
}

export interface Hypothesis {
  words: HypothesisWord[];
  /** Ends of the engine's segments, ascending, on the session's timeline: the good places to cut. */
  segmentEndsMs: number[];
}

/**
 * Reads a transcription as a hypothesis. Where a segment has no words, its text is cut at white space, or into characters in
 * scripts that have none; such words carry no times.
 *
 * @param offsetMs where the audio that was decoded begins on the session's timeline
 */
export function hypothesisOf(transcription: Transcription, offsetMs: number): Hypothesis {
  const words: HypothesisWord[] = [];
  const segmentEndsMs: number[] = [];
  for (const segment of transcription.segments) {
    segmentEndsMs.push(offsetMs + segment.endMs);
    if (segment.words && segment.words.length > 0) {
      for (const { text, startMs, endMs, confidence } of segment.words) {
        words.push({ text: text.trim(), startMs: offsetMs + startMs, endMs: offsetMs + endMs, confidence });
      }
    } else {
      for (const text of splitWords(segment.text)) words.push({ text });
    }
  }
  return { words: words.filter((word) => word.text !== ""), segmentEndsMs };
}

/** Whether every word has times and they run forward: only then do they say which words are new. */
export function hasUsableTimes(words: readonly HypothesisWord[]): boolean {
  let last = Number.NEGATIVE_INFINITY;
  for (const { startMs, endMs } of words) {
    if (startMs === undefined || endMs === undefined) return false;
    if (!(startMs >= last && endMs >= startMs)) return false;
    last = startMs;
  }
  const first = words[0];
  // All at one place: an engine that fills in zeros.
  return words.length < 2 || words[words.length - 1]!.endMs! > first!.startMs!;
}
