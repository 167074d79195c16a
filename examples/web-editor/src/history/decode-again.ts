/** What was kept of an utterance, decoded once more: in another language, by another model. */
import { encodeWav, type FinalWord } from "@stt/core";
import { askServer } from "../ask-server.js";
import type { HistoryEntry } from "./entry.js";
import { soundFromMs } from "./tape.js";

export interface DecodeOptions {
  /** A code, or `auto`. */
  language: string;
  model: string;
  /** Access key of the server. */
  key: string | undefined;
}

interface Verbose {
  text: string;
  language: string;
  words?: { word: string; start: number; end: number }[];
}

/** @returns the entry as it is heard now @throws SttError as the server says */
export async function decodeAgain(
  entry: HistoryEntry,
  pcm: ArrayBuffer,
  { language, model, key }: DecodeOptions,
): Promise<HistoryEntry> {
  const form = new FormData();
  const wav = encodeWav(new Uint8Array(pcm), { encoding: "pcm_s16le", sampleRate: 16_000, channels: 1 });
  form.set("file", new Blob([wav as BlobPart], { type: "audio/wav" }), "utterance.wav");
  form.set("model", model);
  if (language !== "auto") form.set("language", language);
  form.set("response_format", "verbose_json");
  form.set("timestamp_granularities[]", "word");
  const heard = (await askServer("v1/audio/transcriptions", key, form)) as Verbose;
  const from = soundFromMs(entry.startMs);
  const words = heard.words?.map(
    ({ word, start, end }): FinalWord => ({
      text: word,
      startMs: from + start * 1000,
      endMs: from + end * 1000,
      confidence: 1,
    }),
  );
  const spoken = language === "auto" ? entry.language : language;
  return { ...entry, text: heard.text.trim(), language: spoken, words, model };
}
