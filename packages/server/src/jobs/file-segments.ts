import { collapseSpaces, ENGINE_SAMPLE_RATE, formatText, type Transcription } from "@stt/core";
import type { CutUtterance } from "./utterance-cutter.js";

/** A run of text of a file. Times are milliseconds from its start. */
export interface FileSegment {
  text: string;
  startMs: number;
  endMs: number;
  /** Start of the audio that was decoded for it. */
  seekMs: number;
  /** 0..1 */
  noSpeechProbability: number;
  /** At most 0. */
  averageLogProbability: number;
}

/**
 * The engine's segments on the timeline of the file. Where an utterance begins and ends the voice detector knows best; between
 * its segments the engine's times count.
 *
 * @param text the utterance as it was formatted: the segments together read the same
 */
export function segmentsOf(cut: CutUtterance, transcription: Transcription, text: string): FileSegment[] {
  const toMs = 1000 / ENGINE_SAMPLE_RATE;
  const [seekMs, from, to] = [cut.startSample * toMs, cut.speechSample * toMs, cut.speechEndSample * toMs];
  const spoken = transcription.segments.filter((segment) => segment.text.trim() !== "");
  const texts = sharedOut(
    text,
    spoken.map((segment) => segment.text),
  );
  let at = from;
  return spoken.map((segment, i) => {
    const last = i === spoken.length - 1;
    const startMs = i === 0 ? from : clamp(seekMs + segment.startMs, at, to);
    const endMs = last ? to : clamp(seekMs + segment.endMs, startMs, to);
    at = endMs;
    const { noSpeechProbability, averageLogProbability } = segment;
    return { text: texts[i]!, startMs, endMs, seekMs, noSpeechProbability, averageLogProbability };
  });
}

/** Formatting changes only the two ends of an utterance: a capital at its beginning, a full stop at its end. */
function sharedOut(text: string, raw: readonly string[]): string[] {
  if (raw.length <= 1) return [text];
  const pieces = raw.map(collapseSpaces);
  const last = pieces.length - 1;
  if (!text.startsWith(pieces[0]!)) pieces[0] = formatText(pieces[0]!, { final: false });
  if (!text.endsWith(pieces[last]!)) pieces[last] += text.slice(-1);
  return pieces;
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
