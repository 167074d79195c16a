import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface Sentence {
  text: string;
  /** Seconds. */
  start: number;
  end: number;
}

export interface Recording {
  name: string;
  path: string;
  text: string;
  language: "en" | "ru";
  seconds: number;
  /** Of the long recordings. */
  sentences: Sentence[];
}

interface Entry {
  text: string;
  lang: "en" | "ru" | null;
  seconds: number;
  sentences?: Sentence[];
}

const folder = new URL("../../../../samples/", import.meta.url);
const transcripts: Record<string, Entry> = JSON.parse(readFileSync(new URL("transcripts.json", folder), "utf8"));

/** All bundled recordings. */
export const recordings: Recording[] = Object.entries(transcripts).map(([file, entry]) => ({
  name: file.replace(/\.wav$/, ""),
  path: fileURLToPath(new URL(file, folder)),
  text: entry.text,
  language: entry.lang ?? "en",
  seconds: entry.seconds,
  sentences: entry.sentences ?? [],
}));

/** One utterance each. */
export const utterances = recordings.filter(({ name }) => /^(en|ru)_\d+$/.test(name));
/** Many sentences with pauses of 1 to 2 s. */
export const paragraphs = recordings.filter(({ sentences }) => sentences.length > 0);
/** Nothing is said in these. */
export const speechless = recordings.filter(({ text }) => text === "");

export function recording(name: string): Recording {
  const found = recordings.find((each) => each.name === name);
  if (!found) throw new Error(`there is no recording ${name}`);
  return found;
}
