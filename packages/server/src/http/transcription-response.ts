import { deflateSync } from "node:zlib";
import { exportTranscript, type FinalWord } from "@stt/core";
import type { FinalSegment } from "../decoding/final-pipeline.js";
import type { FileUtterance } from "../jobs/file-transcription.js";
import type { TranscriptionRequest } from "./transcription-request.js";

/** What a file came to. */
export interface FileResult {
  task: "transcribe" | "translate";
  /** ISO 639-1 code of what was spoken. */
  language: string;
  durationMs: number;
  text: string;
  utterances: readonly FileUtterance[];
}

/** A body and its media type. */
export interface Rendered {
  body: string;
  type: string;
}

const TEXT = "text/plain; charset=utf-8";
const JSON_TYPE = "application/json";
const languageNames = new Intl.DisplayNames(["en"], { type: "language" });

/** A finished transcription in the format asked for, in OpenAI's shapes. */
export function renderTranscription(result: FileResult, request: TranscriptionRequest): Rendered {
  const segments = result.utterances.flatMap((utterance) => utterance.segments);
  switch (request.format) {
    case "text":
      return { body: `${result.text}\n`, type: TEXT };
    case "srt":
      return { body: exportTranscript(segments, "srt"), type: TEXT };
    case "vtt":
      return { body: exportTranscript(segments, "vtt"), type: "text/vtt; charset=utf-8" };
    case "json":
      return json({ text: result.text, usage: usageOf(result.durationMs) });
    case "verbose_json":
      return json({
        task: result.task,
        language: languageOf(result),
        duration: seconds(result.durationMs),
        text: result.text,
        ...(request.segments && { segments: segments.map((segment, id) => verbose(segment, id, request.temperature)) }),
        ...(request.words && { words: result.utterances.flatMap((utterance) => utterance.words ?? []).map(wordOf) }),
        usage: usageOf(result.durationMs),
      });
  }
}

/** What OpenAI bills by: whole seconds of audio. */
export function usageOf(durationMs: number): { type: "duration"; seconds: number } {
  return { type: "duration", seconds: Math.ceil(durationMs / 1000) };
}

/** OpenAI writes a language as its English name; a translation is always English. */
function languageOf({ task, language }: FileResult): string {
  if (task === "translate") return "english";
  return language === "auto" ? "unknown" : (languageNames.of(language) ?? language).toLowerCase();
}

function verbose(segment: FinalSegment, id: number, temperature: number) {
  return {
    id,
    // In frames of 10 ms, as Whisper counts.
    seek: Math.round(segment.seekMs / 10),
    start: seconds(segment.startMs),
    end: seconds(segment.endMs),
    text: segment.text,
    tokens: [] as number[],
    temperature,
    avg_logprob: segment.averageLogProbability,
    compression_ratio: compressionRatio(segment.text),
    no_speech_prob: segment.noSpeechProbability,
  };
}

function wordOf(word: FinalWord) {
  return { word: word.text, start: seconds(word.startMs), end: seconds(word.endMs) };
}

/** As Whisper defines it: bytes of the text for each byte of its zlib form. */
function compressionRatio(text: string): number {
  const bytes = Buffer.from(text);
  return bytes.length / deflateSync(bytes).length;
}

function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}

function json(value: object): Rendered {
  return { body: JSON.stringify(value), type: JSON_TYPE };
}
