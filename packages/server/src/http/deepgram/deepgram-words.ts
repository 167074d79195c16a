import { createHash } from "node:crypto";
import type { FinalWord } from "@stt/core";
import type { TextOptions } from "./text-options.js";

/** A word as Deepgram gives it. Times are seconds from the start of the audio. */
export interface ListenWord {
  /** In lower case, without punctuation. */
  word: string;
  start: number;
  end: number;
  confidence: number;
  punctuated_word?: string;
  language?: string;
}

export function listenWord(
  { text, startMs, endMs, confidence }: FinalWord,
  { punctuate, multilingual }: TextOptions,
  language: string,
): ListenWord {
  return {
    word: plainWord(text),
    start: seconds(startMs),
    end: seconds(endMs),
    confidence,
    ...(punctuate && { punctuated_word: text }),
    ...(multilingual && { language }),
  };
}

/** A text as it is asked for: with punctuation and capitals, or without. */
export function shownText(text: string, { punctuate }: TextOptions): string {
  return punctuate ? text : text.split(/\s+/).map(plainWord).filter(Boolean).join(" ");
}

export function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}

/** What is punctuation only stays, so that no word is empty. */
function plainWord(text: string): string {
  const plain = text.toLowerCase();
  return plain.replace(/^[\p{P}\p{S}]+|[\p{P}\p{S}]+$/gu, "") || plain;
}

export function modelInfo(model: string) {
  return { name: model, version: "local", arch: "whisper" };
}

/** Models have names here; where an id is wanted it is made of the name, always the same. */
export function modelUuid(model: string): string {
  const hex = createHash("sha256").update(model).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}
