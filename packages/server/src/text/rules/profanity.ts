import { foldWord } from "@stt/core";
import type { Rule } from "../rewrite.js";

/** Without case and marks; a star stands for any ending. Only words that are rude wherever they stand. */
const PROFANITY: Readonly<Record<string, readonly string[]>> = {
  en: [
    ..."fuck* motherfuck* shit shits shitt* shitty bullshit bitch bitches bitching cunt cunts asshole* arsehole*".split(
      " ",
    ),
    ..."bastard bastards dickhead* wanker* twat twats cocksuck* prick pricks slut sluts whore whores nigger* faggot*".split(
      " ",
    ),
  ],
  ru: [
    ..."хуй* хуя* хуе* хую* хуи* нахуй* нахуя* похуй* похуи* охуе* охуи* ахуе* пизд* спизд* распизд* запизд* опизд*".split(
      " ",
    ),
    ..."ебат* ебал* ебан* ебуч* ебет* ебут ебу ебло* ебля* заеб* наеб* выеб* объеб* подъеб* уеб* доеб* отъеб* разъеб* проеб*".split(
      " ",
    ),
    ..."долбоеб* бля бляд* блят* мудак* мудил* мудозвон* гандон* гондон* пидор* пидар* залуп* манда сука суки суке суку сукой".split(
      " ",
    ),
  ],
};

/** Leaves the first letter of swear words. @param own instead of the built-in lists; the same word list for every language */
export function profanityRule(language: string, own: readonly string[]): Rule | undefined {
  const list = own.length > 0 ? own : PROFANITY[language];
  if (!list) return undefined;
  const words = new Set<string>();
  const stems = new Set<string>();
  for (const entry of list) {
    if (entry.endsWith("*")) stems.add(foldWord(entry.slice(0, -1)));
    else words.add(foldWord(entry));
  }
  const longest = Math.max(0, ...[...stems].map(({ length }) => length));
  const isProfane = (word: string) => {
    if (words.has(word)) return true;
    for (let length = 1; length <= Math.min(longest, word.length); length++) {
      if (stems.has(word.slice(0, length))) return true;
    }
    return false;
  };
  return (atoms, at) => {
    const atom = atoms[at]!;
    if (atom.kind !== "word" || !isProfane(foldWord(atom.text))) return undefined;
    let first = true;
    const text = atom.text.replace(/\p{L}\p{M}*/gu, (letter) => {
      const kept = first ? letter : "*";
      first = false;
      return kept;
    });
    return { take: 1, put: [{ ...atom, text, source: undefined, fixed: true }], looked: at + 1 };
  };
}
