/** Transcripts as files. */
import { joinText } from "../speech/text-format.js";

/** What is exported of a segment; a `TranscriptSegment` is one. */
export interface ExportSegment {
  text: string;
  /** Milliseconds from the start of the recording. */
  startMs: number;
  endMs: number;
  /** Decides whether a space goes between this text and the one before. */
  language?: string;
}

export type ExportFormat = "txt" | "srt" | "vtt" | "json";

/** A subtitle that flashes by cannot be read. */
const MIN_CUE_MS = 1;

/**
 * Writes segments as plain text (a line each), SubRip or WebVTT subtitles, or JSON (`{ text, segments }`, all fields kept).
 * Segments without text are left out; a subtitle does not reach into the next.
 */
export function exportTranscript(segments: readonly ExportSegment[], format: ExportFormat): string {
  const spoken = segments.filter((segment) => segment.text.trim() !== "");
  switch (format) {
    case "txt":
      return lines(spoken.map((segment) => oneLine(segment.text)));
    case "json":
      return `${JSON.stringify({ text: joined(spoken), segments: spoken }, null, 2)}\n`;
    case "srt":
      return blocks(cues(spoken).map((cue, i) => `${i + 1}\n${times(cue, ",")}\n${oneLine(cue.text)}`));
    case "vtt":
      return blocks(["WEBVTT", ...cues(spoken).map((cue) => `${times(cue, ".")}\n${escapeVtt(oneLine(cue.text))}`)]);
  }
}

function joined(segments: readonly ExportSegment[]): string {
  return segments.reduce((text, segment) => joinText(text, segment.text.trim(), segment.language), "");
}

function cues(segments: readonly ExportSegment[]): ExportSegment[] {
  return segments.map((segment, i) => {
    const next = segments[i + 1]?.startMs ?? Number.POSITIVE_INFINITY;
    const endMs = Math.max(segment.startMs + MIN_CUE_MS, Math.min(segment.endMs, next));
    return { text: segment.text, startMs: segment.startMs, endMs };
  });
}

function times(cue: ExportSegment, decimal: "," | "."): string {
  return `${time(cue.startMs, decimal)} --> ${time(cue.endMs, decimal)}`;
}

/** `hh:mm:ss,mmm`; more than 99 hours get more digits. */
function time(ms: number, decimal: "," | "."): string {
  const total = Math.max(0, Math.round(ms));
  const pad = (value: number, digits = 2) => String(Math.floor(value)).padStart(digits, "0");
  const hours = pad(total / 3_600_000);
  return `${hours}:${pad((total / 60_000) % 60)}:${pad((total / 1000) % 60)}${decimal}${pad(total % 1000, 3)}`;
}

/** A blank line would end a subtitle. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** WebVTT reads markup; this also takes the arrow out, which no cue may contain. */
function escapeVtt(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

function lines(items: readonly string[]): string {
  return items.map((item) => `${item}\n`).join("");
}

function blocks(items: readonly string[]): string {
  return items.length > 0 ? `${items.join("\n\n")}\n` : "";
}
