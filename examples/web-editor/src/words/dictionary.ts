/** The words that this user's speech is full of, kept in the browser, the same for all tabs. */

import { isVocabulary, isVocabularyEntry } from "@stt/core";

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

const KEY = "stt-editor.words";

export class Dictionary {
  readonly #listeners = new Set<() => void>();
  #terms: readonly Term[];

  constructor() {
    this.#terms = read();
    window.addEventListener("storage", ({ key }) => {
      if (key !== KEY) return;
      this.#terms = read();
      this.#call();
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The latest first; the same array until something changes. */
  readonly getSnapshot = (): readonly Term[] => this.#terms;

  /**
   * Adds it, or what it sounds like to the one that is there.
   *
   * @returns false when it is no word that can be taught: empty, too long, or one too many
   */
  add({ term, soundsLike }: Term): boolean {
    const name = tidy(term);
    if (!isTerm(name)) return false;
    const known = this.#terms.find((each) => each.term === name);
    const spellings = [...new Set([...soundsLike.map(tidy), ...(known?.soundsLike ?? [])])];
    const heard = spellings.filter((each) => isTerm(each) && each !== name).slice(0, MAX_SPELLINGS);
    const terms = [{ term: name, soundsLike: heard }, ...this.#terms.filter((each) => each !== known)];
    if (!isVocabulary(terms)) return false;
    this.#save(terms);
    return true;
  }

  remove(term: string): void {
    this.#save(this.#terms.filter((each) => each.term !== term));
  }

  #save(terms: readonly Term[]): void {
    this.#terms = terms;
    try {
      localStorage.setItem(KEY, JSON.stringify(terms));
    } catch {
      // It holds for as long as the page is open.
    }
    this.#call();
  }

  #call(): void {
    for (const listener of [...this.#listeners]) listener();
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

function read(): readonly Term[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    if (!isVocabulary(found)) return [];
    return found.map((each) => {
      const { term, soundsLike = [] } = typeof each === "string" ? { term: each } : each;
      return { term, soundsLike };
    });
  } catch {
    return [];
  }
}
