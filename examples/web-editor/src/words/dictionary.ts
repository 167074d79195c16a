/** The words that this user's speech is full of. */

import { isVocabulary, isVocabularyEntry } from "@stt/core";
import { KeptList } from "./kept-list.js";

export interface Term {
  /** As it is written. */
  term: string;
  /** As it was heard instead. */
  soundsLike: readonly string[];
}

/** Of a term, see `isVocabularyEntry`. */
const MAX_SPELLINGS = 8;
/** More words than these are no name. */
const MAX_WORDS = 4;

/** The latest first. */
export class Dictionary extends KeptList<Term> {
  constructor() {
    super("stt-editor.words", read);
  }

  /**
   * Adds it, or what it sounds like to the one that is there.
   *
   * @returns false when it is no word that can be taught: empty, too long, or one too many
   */
  add({ term, soundsLike }: Term): boolean {
    const name = tidy(term);
    if (!isTerm(name)) return false;
    const before = this.getSnapshot();
    const known = before.find((each) => each.term === name);
    const spellings = [...new Set([...soundsLike.map(tidy), ...(known?.soundsLike ?? [])])];
    const heard = spellings.filter((each) => isTerm(each) && each !== name).slice(0, MAX_SPELLINGS);
    const terms = [{ term: name, soundsLike: heard }, ...before.filter((each) => each !== known)];
    if (!isVocabulary(terms)) return false;
    this.save(terms);
    return true;
  }

  remove(term: string): void {
    this.save(this.getSnapshot().filter((each) => each.term !== term));
  }
}

export const DICTIONARY = new Dictionary();

/** Whether it is short enough to be a name. */
export function isWord(text: string): boolean {
  return isTerm(text) && text.split(/\s+/).length <= MAX_WORDS;
}

function isTerm(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text) && isVocabularyEntry(text);
}

function tidy(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, " ").trim();
}

function read(found: unknown): readonly Term[] {
  if (!isVocabulary(found)) return [];
  return found.map((each) => {
    const { term, soundsLike = [] } = typeof each === "string" ? { term: each } : each;
    return { term, soundsLike };
  });
}
