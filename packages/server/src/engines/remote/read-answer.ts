import {
  ENGINE_SAMPLE_RATE,
  type TranscribedWord,
  type TranscribeOptions,
  type Transcription,
  type TranscriptionSegment,
} from "@stt/core";
import { normalizeLanguage, WHISPER_LANGUAGES } from "@stt/core/config";
import * as z from "zod";

const probability = z.number().min(0).max(1);

/** The parts of OpenAI's `json` and `verbose_json` that are used. What an endpoint gives in another shape counts as not given. */
const answerSchema = z.object({
  text: z.string(),
  language: z.string().nullish().catch(undefined),
  segments: z
    .array(
      z.object({
        text: z.string(),
        start: z.number(),
        end: z.number(),
        avg_logprob: z.number().max(0).optional().catch(undefined),
        no_speech_prob: probability.optional().catch(undefined),
        tokens: z.array(z.number()).optional().catch(undefined),
      }),
    )
    .nullish()
    .catch(undefined),
  words: z
    .array(z.object({ word: z.string(), start: z.number(), end: z.number() }))
    .nullish()
    .catch(undefined),
});

export type Answer = z.infer<typeof answerSchema>;

/** Letters of a token, on average. */
const CHARACTERS_PER_TOKEN = 4;

const englishNames = new Intl.DisplayNames(["en"], { type: "language" });
/** OpenAI names a language in English; others give its code. */
const CODES = new Map(WHISPER_LANGUAGES.map((code) => [(englishNames.of(code) ?? code).toLowerCase(), code]));

/** @returns undefined when it is no answer of such an API. */
export function parseAnswer(body: string): Answer | undefined {
  try {
    return answerSchema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

/** Turns an answer into the engine's result. */
export function readAnswer(
  answer: Answer,
  samples: number,
  options: TranscribeOptions,
  computeMs: number,
): Transcription {
  const audioMs = (samples / ENGINE_SAMPLE_RATE) * 1000;
  const toMs = (seconds: number) => Math.min(audioMs, Math.max(0, seconds * 1000));
  const text = answer.text.trim();
  return {
    text,
    language: languageOf(answer, options),
    segments: segmentsOf(answer, text, audioMs, toMs),
    audioMs,
    computeMs,
  };
}

/** `auto` when nobody knows. */
function languageOf({ language }: Answer, options: TranscribeOptions): string {
  const told = language?.trim().toLowerCase() ?? "";
  return CODES.get(told) ?? normalizeLanguage(told) ?? options.language;
}

function segmentsOf(
  { segments, words }: Answer,
  text: string,
  audioMs: number,
  toMs: (seconds: number) => number,
): TranscriptionSegment[] {
  if (!segments || segments.length === 0) {
    if (text === "") return [];
    // No tokens: their probability is not known, and does not count.
    const whole = { text, startMs: 0, endMs: audioMs, noSpeechProbability: 0, averageLogProbability: 0, tokenCount: 0 };
    return [words ? { ...whole, words: words.flatMap((word) => wordOf(word, toMs, 1)) } : whole];
  }
  const read: TranscriptionSegment[] = [];
  for (const [i, segment] of segments.entries()) {
    const own = segment.text.trim();
    if (own === "") continue;
    const { avg_logprob, no_speech_prob, tokens, start, end } = segment;
    const confidence = Math.exp(avg_logprob ?? 0);
    const next = segments[i + 1]?.start ?? Number.POSITIVE_INFINITY;
    const from = read.length === 0 ? Number.NEGATIVE_INFINITY : start;
    const mine = words?.filter((word) => word.start >= from && word.start < next);
    read.push({
      text: own,
      startMs: toMs(start),
      endMs: Math.max(toMs(start), toMs(end)),
      noSpeechProbability: no_speech_prob ?? 0,
      averageLogProbability: avg_logprob ?? 0,
      tokenCount: avg_logprob === undefined ? 0 : tokens?.length || Math.ceil(own.length / CHARACTERS_PER_TOKEN),
      ...(mine && { words: mine.flatMap((word) => wordOf(word, toMs, confidence)) }),
    });
  }
  return read;
}

function wordOf(
  { word, start, end }: { word: string; start: number; end: number },
  toMs: (seconds: number) => number,
  confidence: number,
): TranscribedWord[] {
  const text = word.trim();
  const startMs = toMs(start);
  return text === "" ? [] : [{ text, startMs, endMs: Math.max(startMs, toMs(end)), confidence }];
}
