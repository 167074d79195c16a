import { foldWord } from "@stt/core";
import { type Atom, atomsOf } from "./atoms.js";

interface Node<T> {
  next: Map<string, Node<T>>;
  value?: T;
}

export interface FoundPhrase<T> {
  value: T;
  /** Atoms of the phrase. */
  length: number;
}

/** Phrases that are looked for all at once: the work at a place of the text does not grow with their number. */
export class PhraseTrie<T> {
  readonly #root: Node<T> = { next: new Map() };

  /** A phrase that is there already stays: of equal ones the first counts. */
  add(phrase: string, value: T): void {
    let node = this.#root;
    for (const { kind, text } of atomsOf(phrase)) {
      if (kind !== "word") continue;
      const key = foldWord(text);
      const next: Node<T> = node.next.get(key) ?? { next: new Map() };
      node.next.set(key, next);
      node = next;
    }
    if (node !== this.#root) node.value ??= value;
  }

  /**
   * The longest phrase that begins here, without marks between its words.
   *
   * @returns `looked`: index behind the last atom that was looked at; beyond the end where a longer text might have more
   */
  find(atoms: readonly Atom[], at: number): { found: FoundPhrase<T> | undefined; looked: number } {
    let node = this.#root;
    let found: FoundPhrase<T> | undefined;
    let i = at;
    for (; ; i++) {
      if (node.value !== undefined) found = { value: node.value, length: i - at };
      if (node.next.size === 0) return { found, looked: Math.max(i, at + 1) };
      const atom = atoms[i];
      const next = atom?.kind === "word" && !atom.fixed ? node.next.get(foldWord(atom.text)) : undefined;
      if (!next) return { found, looked: i + 1 };
      node = next;
    }
  }
}
