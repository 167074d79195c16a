import { capitalize, foldWord } from "@stt/core";
import type { Atom } from "../atoms.js";
import type { Rule } from "../rewrite.js";

/** Sounds of thinking by language, without case and marks: «э-э» is folded to "ээ". What is a word somewhere is listed elsewhere only. */
const FILLERS: Readonly<Record<string, RegExp>> = {
  en: /^(?:u+m+|u+h+|u+h+m+|e+r+m+|e+r|h+m+|m+)$/u,
  ru: /^(?:э+м*|м+|х+м+|гм+)$/u,
  de: /^(?:ä+h+m*|ö+h+m*|h+m+)$/u,
  fr: /^(?:e+u+h+|h+m+)$/u,
  es: /^(?:e+h+|e+m+|h+m+)$/u,
  it: /^(?:e+h+m+|u+h+m+|h+m+)$/u,
};

const PAUSE = /^(?:,|\.{2,}|…|—|-)$/u;
const END = /^[.!?]$/u;

/** Whether the word is nothing but thinking aloud. One letter is "m" of a label, "э" of the Russian alphabet: that stays, unless drawn out. */
export function isFiller({ kind, text, fixed }: Atom, language: string): boolean {
  if (kind !== "word" || fixed) return false;
  const folded = foldWord(text);
  return (folded.length > 1 || folded === "э") && (FILLERS[language]?.test(folded) ?? false);
}

/** Takes "um" out, with the commas that only stood around it. */
export function fillerRule(language: string): Rule | undefined {
  if (!FILLERS[language]) return undefined;
  const endOf = (atoms: readonly Atom[], at: number) => {
    let end = at;
    while (end < atoms.length && isFiller(atoms[end]!, language)) {
      end++;
      while (end < atoms.length && atoms[end]!.kind === "mark" && PAUSE.test(atoms[end]!.text)) end++;
    }
    return end;
  };
  return (atoms, at, before) => {
    const atom = atoms[at]!;
    const isPause = atom.kind === "mark" && PAUSE.test(atom.text);
    if (isPause) {
      // "the, um, house": both commas were about the filler.
      const next = atoms[at + 1];
      if (next && !isFiller(next, language)) return { take: 1, put: [atom], looked: at + 2 };
      const end = endOf(atoms, at + 1);
      const goes = end > at + 1 && atoms[end - 1]!.kind === "mark";
      return { take: 1, put: goes ? [] : [atom], looked: end + 1 };
    }
    if (!isFiller(atom, language)) return undefined;
    let end = endOf(atoms, at);
    const isFirst = before.length === 0 || END.test(before.at(-1)!.text);
    // "Um." alone, or between sentences: the full stop was the filler's own.
    if (isFirst && atoms[end]?.kind === "mark" && END.test(atoms[end]!.text)) end++;
    const next = atoms[end];
    const capital = /^\p{Lu}/u.test(atom.text) && isFirst && next?.kind === "word" && !isFiller(next, language);
    const looked = end + 1;
    if (!capital) return { take: end - at, put: [], looked };
    return { take: end - at + 1, put: [{ ...next, text: capitalize(next.text, language) }], looked };
  };
}
