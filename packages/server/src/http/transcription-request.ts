import { WHISPER_LANGUAGES } from "@stt/core/config";
import { FieldError } from "./field-error.js";

export const RESPONSE_FORMATS = ["json", "text", "srt", "verbose_json", "vtt"] as const;
export type ResponseFormat = (typeof RESPONSE_FORMATS)[number];

/** What a form of OpenAI's transcription API asks for, checked. */
export interface TranscriptionRequest {
  /** Absent when none was named: the model of the finals. */
  model: string | undefined;
  /** ISO 639-1 code; absent for the server's default. */
  language: string | undefined;
  prompt: string | undefined;
  /** 0..1 */
  temperature: number;
  format: ResponseFormat;
  segments: boolean;
  words: boolean;
  stream: boolean;
}

type Fields = ReadonlyMap<string, readonly string[]>;

const COMMON = ["model", "prompt", "response_format", "temperature"];
const OF_TRANSCRIPTIONS = ["language", "stream", "timestamp_granularities", "include", "chunking_strategy"];

/**
 * Reads the fields of `/v1/audio/transcriptions` or `/v1/audio/translations`.
 *
 * @throws FieldError naming the field that is wrong, its value and what is allowed.
 */
export function readTranscriptionRequest(fields: Fields, task: "transcribe" | "translate"): TranscriptionRequest {
  const known = task === "transcribe" ? [...COMMON, ...OF_TRANSCRIPTIONS] : COMMON;
  for (const name of fields.keys()) {
    if (!known.includes(bareName(name))) {
      throw new FieldError(name, `The field ${name} is not known here; there are file, ${known.join(", ")}.`);
    }
  }
  const format = oneOf(fields, "response_format", RESPONSE_FORMATS) ?? "json";
  const stream = oneOf(fields, "stream", ["true", "false"]) === "true";
  if (stream && format !== "json" && format !== "text") {
    throw new FieldError("response_format", `With stream=true the text is sent as it comes: use json, not ${format}.`);
  }
  if (listOf(fields, "include").length > 0) {
    throw new FieldError("include", "Log probabilities of tokens are not given by this server: leave include out.");
  }
  return {
    model: single(fields, "model"),
    language: language(fields),
    prompt: single(fields, "prompt"),
    temperature: temperature(fields),
    format,
    stream,
    ...granularities(fields, format),
  };
}

function language(fields: Fields): string | undefined {
  const value = single(fields, "language")?.toLowerCase();
  if (value === undefined || value === "") return undefined;
  if (value === "auto" || WHISPER_LANGUAGES.includes(value)) return value;
  throw new FieldError("language", `language is ${quoted(value)}: pass an ISO 639-1 code such as en or ru.`);
}

function temperature(fields: Fields): number {
  const text = single(fields, "temperature");
  const value = text === undefined || text.trim() === "" ? 0 : Number(text);
  if (value >= 0 && value <= 1) return value;
  throw new FieldError("temperature", `temperature is ${quoted(text!)}: pass a number from 0 to 1.`);
}

function granularities(fields: Fields, format: ResponseFormat): { segments: boolean; words: boolean } {
  const asked = listOf(fields, "timestamp_granularities");
  const wrong = asked.find((each) => each !== "word" && each !== "segment");
  if (wrong !== undefined) {
    throw new FieldError("timestamp_granularities", `${quoted(wrong)} is no granularity: pass word or segment.`);
  }
  if (asked.length > 0 && format !== "verbose_json") {
    throw new FieldError(
      "timestamp_granularities",
      `Timestamps come with response_format=verbose_json, not with ${format}.`,
    );
  }
  return { segments: asked.length === 0 || asked.includes("segment"), words: asked.includes("word") };
}

function oneOf<const T extends string>(fields: Fields, name: string, allowed: readonly T[]): T | undefined {
  const value = single(fields, name);
  if (value === undefined || value === "") return undefined;
  if ((allowed as readonly string[]).includes(value)) return value as T;
  throw new FieldError(name, `${name} is ${quoted(value)}; allowed are ${allowed.join(", ")}.`);
}

function single(fields: Fields, name: string): string | undefined {
  const values = fields.get(name);
  if (values && values.length > 1) throw new FieldError(name, `${name} was sent ${values.length} times; send it once.`);
  return values?.[0];
}

/** Lists are sent as `name[]`, `name[0]` or `name`, once for each entry. */
function listOf(fields: Fields, name: string): string[] {
  return [...fields].filter(([key]) => bareName(key) === name).flatMap(([, values]) => values);
}

function bareName(name: string): string {
  return name.replace(/\[.*$/s, "");
}

function quoted(value: string): string {
  return JSON.stringify(value.slice(0, 100));
}
