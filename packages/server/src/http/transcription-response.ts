import { deflateSync } from "node:zlib";
import { z } from "@hono/zod-openapi";
import { exportTranscript, type FinalWord } from "@stt/core";
import type { FinalSegment } from "../decoding/final-pipeline.js";
import type { FileUtterance } from "../jobs/file-transcription.js";
import { problemSchema } from "./problem.js";
import type { TranscriptionRequest } from "./transcription-request.js";

const usageSchema = z.object({ type: z.literal("duration"), seconds: z.int() }).openapi("Usage", {
  description: "What OpenAI bills by: whole seconds of audio.",
  example: { type: "duration", seconds: 5 },
});

export const transcriptionSchema = z.object({ text: z.string(), usage: usageSchema }).openapi("Transcription", {
  description: "response_format=json",
  example: { text: "Good morning.", usage: { type: "duration", seconds: 2 } },
});

export const segmentSchema = z
  .object({
    id: z.int(),
    seek: z.int().openapi({ description: "Start of the audio that was decoded for it, in frames of 10 ms." }),
    start: z.number().openapi({ description: "Seconds." }),
    end: z.number(),
    text: z.string(),
    tokens: z.array(z.number()).openapi({ description: "Always empty." }),
    temperature: z.number(),
    avg_logprob: z.number(),
    compression_ratio: z.number(),
    no_speech_prob: z.number(),
  })
  .openapi("Segment");

const wordSchema = z
  .object({ word: z.string(), start: z.number(), end: z.number() })
  .openapi("Word", { example: { word: "morning.", start: 0.44, end: 0.9 } });

export const verboseTranscriptionSchema = z
  .object({
    task: z.enum(["transcribe", "translate"]),
    language: z.string().openapi({ description: "Its English name, in lower case." }),
    duration: z.number().openapi({ description: "Seconds." }),
    text: z.string(),
    segments: z.array(segmentSchema).optional(),
    words: z.array(wordSchema).optional(),
    usage: usageSchema,
  })
  .openapi("VerboseTranscription", { description: "response_format=verbose_json" });

/** The data of one event of a streamed transcription; `Error` ends it when it fails. */
export const streamEventSchema = z
  .union([
    z.object({ type: z.literal("transcript.text.delta"), delta: z.string() }),
    z.object({ type: z.literal("transcript.text.done"), text: z.string(), usage: usageSchema }),
    problemSchema,
  ])
  .openapi("TranscriptionEvent", { example: { type: "transcript.text.delta", delta: "Good morning." } });
export type StreamEvent = z.infer<typeof streamEventSchema>;

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
      return json<typeof transcriptionSchema>({ text: result.text, usage: usageOf(result.durationMs) });
    case "verbose_json":
      return json<typeof verboseTranscriptionSchema>({
        task: result.task,
        language: languageOf(result),
        duration: seconds(result.durationMs),
        text: result.text,
        ...(request.segments && {
          segments: segments.map((segment, id) => verboseSegment(segment, id, request.temperature)),
        }),
        ...(request.words && { words: result.utterances.flatMap((utterance) => utterance.words ?? []).map(wordOf) }),
        usage: usageOf(result.durationMs),
      });
  }
}

export function usageOf(durationMs: number): z.infer<typeof usageSchema> {
  return { type: "duration", seconds: Math.ceil(durationMs / 1000) };
}

/** OpenAI writes a language as its English name; a translation is always English. */
function languageOf({ task, language }: FileResult): string {
  return task === "translate" ? "english" : languageName(language);
}

/** English name of a language in lower case, as Whisper has it. */
export function languageName(code: string): string {
  return code === "auto" ? "unknown" : (languageNames.of(code) ?? code).toLowerCase();
}

/** A segment as Whisper itself writes it. */
export function verboseSegment(segment: FinalSegment, id: number, temperature: number): z.infer<typeof segmentSchema> {
  return {
    id,
    // In frames of 10 ms, as Whisper counts.
    seek: Math.round(segment.seekMs / 10),
    start: seconds(segment.startMs),
    end: seconds(segment.endMs),
    text: segment.text,
    tokens: [],
    temperature,
    avg_logprob: segment.averageLogProbability,
    compression_ratio: compressionRatio(segment.text),
    no_speech_prob: segment.noSpeechProbability,
  };
}

function wordOf(word: FinalWord): z.infer<typeof wordSchema> {
  return { word: word.text, start: seconds(word.startMs), end: seconds(word.endMs) };
}

/** As Whisper defines it: bytes of the text for each byte of its zlib form. */
function compressionRatio(text: string): number {
  const bytes = Buffer.from(text);
  return bytes.length / deflateSync(bytes).length;
}

export function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}

function json<T extends z.ZodType>(value: z.infer<T>): Rendered {
  return { body: JSON.stringify(value), type: JSON_TYPE };
}
