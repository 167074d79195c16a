/** The words that this user's speech is full of, kept in the browser, the same for all tabs. */

import { MAX_SPELLINGS, MAX_TERM_CHARACTERS, MAX_TERMS } from "@stt/core";

export interface Term {
  /** As it is written. */
  term: string;
  /** As it was heard instead. */
  soundsLike: readonly string[];
}

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
    if (!known && this.#terms.length >= MAX_TERMS) return false;
    const spellings = [...new Set([...soundsLike.map(tidy), ...(known?.soundsLike ?? [])])];
    const heard = spellings.filter((each) => isTerm(each) && each !== name).slice(0, MAX_SPELLINGS);
    this.#save([{ term: name, soundsLike: heard }, ...this.#terms.filter((each) => each !== known)]);
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
  return /[\p{L}\p{N}]/u.test(text) && text.length <= MAX_TERM_CHARACTERS;
}

function tidy(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, " ").trim();
}

function read(): readonly Term[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    if (!Array.isArray(found)) return [];
    return found.flatMap((each: Partial<Term> | null) => {
      const { term, soundsLike } = each ?? {};
      if (typeof term !== "string" || !isTerm(term)) return [];
      const spellings = Array.isArray(soundsLike) ? soundsLike.filter((spelling) => typeof spelling === "string") : [];
      return [{ term, soundsLike: spellings }];
    });
  } catch {
    return [];
  }
}
