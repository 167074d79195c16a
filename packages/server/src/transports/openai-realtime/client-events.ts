import { isVocabulary, isVocabularyEntry, VOCABULARY_RULE, type VocabularyEntry } from "@stt/core";
import { LANGUAGE_RULE, MAX_LANGUAGES, normalizeLanguage, normalizeLanguageChoice } from "@stt/core/config";
import * as z from "zod";
import type { InputFormat } from "./input-format.js";
import { RealtimeError } from "./realtime-error.js";

export type Eagerness = "low" | "medium" | "high" | "auto";

/** How long live text is held back for the sake of being right. */
const DELAYS = ["minimal", "low", "medium", "high", "xhigh"] as const;
export type Delay = (typeof DELAYS)[number];

/** How the server is asked to find the ends of turns; what is left out is the server's own setting. */
export type TurnDetection =
  | {
      type: "server_vad";
      /** Probability of speech, 0..1. */
      threshold?: number | undefined;
      prefix_padding_ms?: number | undefined;
      silence_duration_ms?: number | undefined;
    }
  | { type: "semantic_vad"; eagerness?: Eagerness | undefined };

/** Fields of a turn detection; those that are left out stay as they are, the type too. */
export interface TurnDetectionChange {
  type?: TurnDetection["type"] | undefined;
  threshold?: number | undefined;
  prefix_padding_ms?: number | undefined;
  silence_duration_ms?: number | undefined;
  eagerness?: Eagerness | undefined;
}

/** Fields of an input format; those that are left out stay as they are. */
export interface InputFormatChange {
  type?: InputFormat["type"] | undefined;
  /** Hz; of PCM only. */
  rate?: number | undefined;
}

/** What an update changes. Absent fields stay as they are; null goes back to the server's setting. */
export interface SessionChange {
  format?: InputFormatChange | undefined;
  language?: string | null | undefined;
  /** Our own field: the languages among which the server decides while `language` names none. */
  languages?: string[] | null | undefined;
  prompt?: string | null | undefined;
  /** Names and terms to expect. */
  keywords?: readonly VocabularyEntry[] | null | undefined;
  delay?: Delay | null | undefined;
  /** null: the client commits. */
  turnDetection?: TurnDetectionChange | null | undefined;
}

/** `beta` is the shape before general availability: flat sessions, `transcription_session.*` and `conversation.item.created`. */
export type Dialect = "ga" | "beta";

export type ClientEvent =
  | { type: "update"; dialect: Dialect; change: SessionChange }
  | { type: "append"; audio: Buffer }
  | { type: "commit" }
  | { type: "clear" };

/** Largest pre-roll, ms: that of PRE_RECORDING_BUFFER_DURATION. */
const MAX_PREFIX_MS = 5000;
const MAX_SILENCE_MS = 10_000;
const MAX_PROMPT_CHARACTERS = 2000;
/** Characters of a client's text that an error repeats. */
const MAX_EXCERPT = 60;

const language = z.string().transform((tag, context) => {
  if (tag.trim() === "") return undefined;
  const code = normalizeLanguageChoice(tag);
  if (code === undefined) context.addIssue({ code: "custom", message: `expected ${LANGUAGE_RULE.en}` });
  return code;
});

const languages = z.array(
  z.string().transform((tag, context) => {
    const code = normalizeLanguage(tag);
    if (code !== undefined) return code;
    context.addIssue({
      code: "custom",
      message: "expected the code of a language that Whisper knows, such as en or ru",
    });
    return z.NEVER;
  }),
);

const keywords = z
  .array(
    z.unknown().transform((entry, context) => {
      if (isVocabularyEntry(entry)) return entry;
      context.addIssue({ code: "custom", message: `expected ${VOCABULARY_RULE.en}` });
      return z.NEVER;
    }),
  )
  .refine(isVocabulary, { error: `expected ${VOCABULARY_RULE.en}` });

const transcription = z.object({
  language: language.nullish(),
  languages: languages.max(MAX_LANGUAGES).nullish(),
  prompt: z.string().max(MAX_PROMPT_CHARACTERS).nullish(),
  keywords: keywords.nullish(),
  delay: z.enum(DELAYS).nullish(),
  // The server has one model: whichever is asked for, `session.updated` names the one that decodes.
  model: z.string().max(200).nullish(),
});

const turnDetection = z.object({
  type: z.enum(["server_vad", "semantic_vad"]).optional(),
  threshold: z.number().min(0).max(1).optional(),
  prefix_padding_ms: z.number().min(0).max(MAX_PREFIX_MS).optional(),
  silence_duration_ms: z.number().min(0).max(MAX_SILENCE_MS).optional(),
  eagerness: z.enum(["low", "medium", "high", "auto"]).optional(),
});

const gaFormat = z.object({
  type: z.enum(["audio/pcm", "audio/pcmu", "audio/pcma"]).optional(),
  rate: z.number().min(8000).max(192_000).optional(),
});
const BETA_FORMATS = {
  pcm16: { type: "audio/pcm", rate: 24_000 },
  g711_ulaw: { type: "audio/pcmu" },
  g711_alaw: { type: "audio/pcma" },
} as const satisfies Record<string, InputFormat>;
const betaFormat = z
  .enum(["pcm16", "g711_ulaw", "g711_alaw"])
  .transform((name): InputFormatChange => BETA_FORMATS[name]);

const gaSession = z.object({
  type: z.literal("transcription", { error: "this server has transcription sessions only" }),
  audio: z
    .object({
      input: z
        .object({
          format: gaFormat.optional(),
          transcription: transcription.nullish(),
          turn_detection: turnDetection.nullish(),
        })
        .optional(),
    })
    .optional(),
});

const betaSession = z.object({
  input_audio_format: betaFormat.optional(),
  input_audio_transcription: transcription.nullish(),
  turn_detection: turnDetection.nullish(),
});

const EVENTS = {
  "session.update": z.object({ session: gaSession }),
  "transcription_session.update": z.object({ session: betaSession }),
  "input_audio_buffer.append": z.object({ audio: z.string() }),
  "input_audio_buffer.commit": z.object({}),
  "input_audio_buffer.clear": z.object({}),
};
type EventType = keyof typeof EVENTS;

/** The `event_id` of a client's event, to be repeated in an error about it. */
export function eventIdOf(value: unknown): string | null {
  const id = (value as { event_id?: unknown } | null)?.event_id;
  return typeof id === "string" && id.length <= 512 ? id : null;
}

/** @throws RealtimeError `invalid_json`. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RealtimeError("invalid_json", `A message is not valid JSON: ${excerpt(text)}.`);
  }
}

/**
 * Reads an event of the client. Fields that are not known are ignored.
 *
 * @throws RealtimeError naming the field, what is wrong with it and what is allowed.
 */
export function readClientEvent(value: unknown): ClientEvent {
  const type = (value as { type?: unknown } | null)?.type;
  if (typeof type !== "string") {
    throw new RealtimeError("missing_required_parameter", "Missing required parameter: 'type'.", "type");
  }
  if (!Object.hasOwn(EVENTS, type)) {
    const known = Object.keys(EVENTS).join(", ");
    throw new RealtimeError(
      "invalid_value",
      `Invalid value: '${excerpt(type)}'. This is a transcription session; its events are ${known}.`,
      "type",
    );
  }
  switch (type as EventType) {
    case "session.update": {
      const { session } = parse("session.update", value);
      const { format, transcription: text, turn_detection } = session.audio?.input ?? {};
      return { type: "update", dialect: "ga", change: { format, turnDetection: turn_detection, ...wordsOf(text) } };
    }
    case "transcription_session.update": {
      const { session } = parse("transcription_session.update", value);
      const { input_audio_format: format, input_audio_transcription: text, turn_detection } = session;
      return { type: "update", dialect: "beta", change: { format, turnDetection: turn_detection, ...wordsOf(text) } };
    }
    case "input_audio_buffer.append":
      return { type: "append", audio: decodeBase64(parse("input_audio_buffer.append", value).audio) };
    case "input_audio_buffer.commit":
      return { type: "commit" };
    case "input_audio_buffer.clear":
      return { type: "clear" };
  }
}

/** null switches the client's own words off: those of the server count again. */
function wordsOf(
  text: z.infer<typeof transcription> | null | undefined,
): Pick<SessionChange, "language" | "languages" | "prompt" | "keywords" | "delay"> {
  if (text === null) return { language: null, languages: null, prompt: null, keywords: null, delay: null };
  const { language, languages, prompt, keywords, delay } = text ?? {};
  return { language, languages, prompt, keywords, delay };
}

function parse<T extends EventType>(type: T, value: unknown): z.infer<(typeof EVENTS)[T]> {
  const result = EVENTS[type].safeParse(value);
  if (result.success) return result.data as z.infer<(typeof EVENTS)[T]>;
  const issue = result.error.issues[0]!;
  const param = issue.path.join(".");
  const found = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | null)?.[key], value);
  if (found === undefined) {
    throw new RealtimeError("missing_required_parameter", `Missing required parameter: '${param}'.`, param);
  }
  const code = issue.code === "invalid_type" ? "invalid_type" : "invalid_value";
  const shown = excerpt(JSON.stringify(found));
  throw new RealtimeError(code, `Invalid '${param}': ${lowerFirst(issue.message)}, and it is ${shown}.`, param);
}

function decodeBase64(text: string): Buffer {
  const bytes = Buffer.from(text, "base64");
  // Node skips what is no base64, and what was skipped is missing.
  if (bytes.length !== Buffer.byteLength(text, "base64") || text.length % 4 === 1) {
    throw new RealtimeError("invalid_value", "Invalid 'audio': expected base64-encoded audio bytes.", "audio");
  }
  return bytes;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function excerpt(text: string): string {
  return text.length > MAX_EXCERPT ? `${text.slice(0, MAX_EXCERPT)}...` : text;
}
