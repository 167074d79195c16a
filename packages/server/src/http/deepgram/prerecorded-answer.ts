import { z } from "@hono/zod-openapi";
import type { FileUtterance } from "../../jobs/file-transcription.js";
import { type ListenWord, listenWord, modelInfo, modelUuid, seconds, shownText } from "./deepgram-words.js";
import type { PrerecordedOptions } from "./prerecorded-options.js";

const wordSchema = z.object({
  word: z.string().openapi({ description: "In lower case, without punctuation." }),
  start: z.number().openapi({ description: "Seconds." }),
  end: z.number(),
  confidence: z.number(),
  punctuated_word: z.string().optional(),
  language: z.string().optional(),
});
const sentenceSchema = z.object({ text: z.string(), start: z.number(), end: z.number() });
const paragraphsSchema = z.object({
  transcript: z.string(),
  paragraphs: z.array(
    z.object({ sentences: z.array(sentenceSchema), num_words: z.int(), start: z.number(), end: z.number() }),
  ),
});

export const prerecordedSchema = z
  .object({
    metadata: z.object({
      transaction_key: z.literal("deprecated"),
      request_id: z.string(),
      sha256: z.string(),
      created: z.string(),
      duration: z.number(),
      channels: z.int(),
      models: z.array(z.string()),
      model_info: z.record(z.string(), z.object({ name: z.string(), version: z.string(), arch: z.string() })),
      warnings: z
        .array(z.object({ parameter: z.string(), type: z.enum(["ignored", "adjusted"]), message: z.string() }))
        .optional(),
    }),
    results: z.object({
      channels: z.array(
        z.object({
          alternatives: z.array(
            z.object({
              transcript: z.string(),
              confidence: z.number().openapi({ description: "Mean probability of a token, 0 to 1." }),
              languages: z.array(z.string()).optional(),
              words: z.array(wordSchema),
              paragraphs: paragraphsSchema.optional(),
            }),
          ),
          detected_language: z.string().optional(),
        }),
      ),
      utterances: z
        .array(
          z.object({
            start: z.number(),
            end: z.number(),
            confidence: z.number(),
            channel: z.literal(0),
            transcript: z.string(),
            words: z.array(wordSchema),
            id: z.string(),
          }),
        )
        .optional(),
    }),
  })
  .openapi("DeepgramTranscription", { description: "As Deepgram's API gives it." });
export type PrerecordedAnswer = z.infer<typeof prerecordedSchema>;

/** What a file came to. */
export interface Prerecorded {
  requestId: string;
  created: string;
  sha256: string;
  durationMs: number;
  /** Of the model that decoded. */
  model: string;
  /** Whisper's code. */
  language: string;
  text: string;
  utterances: readonly FileUtterance[];
}

export function prerecordedAnswer(result: Prerecorded, options: PrerecordedOptions): PrerecordedAnswer {
  const { requestId, created, sha256, durationMs, model, language, text, utterances } = result;
  const { warnings, multilingual, detectLanguage } = options;
  const uuid = modelUuid(model);
  const words = utterances.flatMap((utterance) => wordsOf(utterance, options));
  return {
    metadata: {
      transaction_key: "deprecated",
      request_id: requestId,
      sha256,
      created,
      duration: seconds(durationMs),
      channels: 1,
      models: [uuid],
      model_info: { [uuid]: modelInfo(model) },
      ...(warnings.length > 0 && { warnings: [...warnings] }),
    },
    results: {
      channels: [
        {
          alternatives: [
            {
              transcript: shownText(text, options),
              confidence: confidenceOf(utterances),
              ...(multilingual && { languages: [language] }),
              words,
              ...(options.paragraphs && { paragraphs: paragraphsOf(utterances, options) }),
            },
          ],
          ...(detectLanguage && { detected_language: language }),
        },
      ],
      ...(options.utterances && { utterances: utterances.map((each, i) => utteranceOf(each, i, requestId, options)) }),
    },
  };
}

function wordsOf({ words = [], language }: FileUtterance, options: PrerecordedOptions): ListenWord[] {
  return words.map((word) => listenWord(word, options, language));
}

/** Each utterance weighs what its text does. */
function confidenceOf(utterances: readonly FileUtterance[]): number {
  const length = utterances.reduce((sum, { text }) => sum + text.length, 0);
  if (length === 0) return 0;
  const sum = utterances.reduce((total, { text, confidence }) => total + text.length * confidence, 0);
  return Math.round((sum / length) * 1000) / 1000;
}

function spanOf({ segments }: FileUtterance): { start: number; end: number } {
  return { start: seconds(segments[0]?.startMs ?? 0), end: seconds(segments.at(-1)?.endMs ?? 0) };
}

function utteranceOf(utterance: FileUtterance, index: number, requestId: string, options: PrerecordedOptions) {
  return {
    ...spanOf(utterance),
    confidence: utterance.confidence,
    channel: 0 as const,
    transcript: shownText(utterance.text, options),
    words: wordsOf(utterance, options),
    id: `${requestId}-${index}`,
  };
}

function paragraphsOf(utterances: readonly FileUtterance[], options: PrerecordedOptions) {
  const paragraphs = utterances.map((utterance) => ({
    ...spanOf(utterance),
    sentences: utterance.segments.map(({ text, startMs, endMs }) => ({
      text: shownText(text, options),
      start: seconds(startMs),
      end: seconds(endMs),
    })),
    num_words: utterance.text.split(/\s+/).filter(Boolean).length,
  }));
  const transcript = paragraphs.map(({ sentences }) => sentences.map(({ text }) => text).join(" ")).join("\n\n");
  return { transcript: `\n${transcript}`, paragraphs };
}
