import { type AudioFormat, SttError } from "@stt/core";
import { LANGUAGE_RULE, normalizeLanguageChoice } from "@stt/core/config";
import * as z from "zod";

/** What `transcribe` asks for, checked. */
export interface TranscribeRequest {
  /** Whisper's code or `auto`; undefined for the server's own setting. */
  language: string | undefined;
  vocabulary: string[];
  /** Fields that were sent and change nothing: told with the transcript. */
  ignored: string[];
}

const MAX_TERMS = 200;
const term = z.string().trim().min(1).max(64);
const terms = z.array(term).max(MAX_TERMS).nullish();

const transcribe = z.object({
  language: z
    .string()
    .max(32)
    .transform((tag, context) => {
      if (tag.trim() === "") return undefined;
      const code = normalizeLanguageChoice(tag);
      if (code === undefined) context.addIssue({ code: "custom", message: `expected ${LANGUAGE_RULE.en}` });
      return code;
    })
    .nullish(),
  transcript_names: terms,
  transcript_terms: terms,
});

const audio = z.object({
  rate: z.number().int().min(8000).max(192_000),
  width: z.literal(2, { error: "expected 2: audio of 16 bits" }),
  channels: z.union([z.literal(1), z.literal(2)], { error: "expected 1 or 2" }),
});

/** @throws SttError `invalid_argument` naming the field. */
export function readTranscribe(data: Record<string, unknown>): TranscribeRequest {
  const { language, transcript_names, transcript_terms, ...others } = data;
  const read = parse(transcribe, "transcribe", { language, transcript_names, transcript_terms });
  const vocabulary = [...(read.transcript_names ?? []), ...(read.transcript_terms ?? [])].slice(0, MAX_TERMS);
  const ignored = Object.keys(others).filter((name) => others[name] !== null);
  return { language: read.language ?? undefined, vocabulary, ignored };
}

/** @throws SttError `invalid_argument` naming the field. */
export function readAudioFormat(type: string, data: Record<string, unknown>): AudioFormat {
  const { rate, channels } = parse(audio, type, data);
  return { encoding: "pcm_s16le", sampleRate: rate, channels };
}

function parse<T extends z.ZodType>(schema: T, type: string, data: Record<string, unknown>): z.output<T> {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const where = issue.path.join(".");
  throw new SttError("invalid_argument", `The field ${where} of ${type} cannot be taken: ${issue.message}.`);
}
