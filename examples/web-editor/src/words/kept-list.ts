/** A list that the browser keeps for its user, the same for all tabs. */

export class KeptList<T> {
  readonly #key: string;
  readonly #read: (found: unknown) => readonly T[];
  readonly #listeners = new Set<() => void>();
  #items: readonly T[];

  /** @param read what was kept, as far as it is good; of anything, `undefined` too */
  constructor(key: string, read: (found: unknown) => readonly T[]) {
    this.#key = key;
    this.#read = read;
    this.#items = this.#kept();
    window.addEventListener("storage", (event) => {
      if (event.key !== key) return;
      this.#items = this.#kept();
      this.#call();
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The same array until something changes. */
  readonly getSnapshot = (): readonly T[] => this.#items;

  protected save(items: readonly T[]): void {
    this.#items = items;
    try {
      localStorage.setItem(this.#key, JSON.stringify(items));
    } catch {
      // It holds for as long as the page is open.
    }
    this.#call();
  }

  #kept(): readonly T[] {
    try {
      return this.#read(JSON.parse(localStorage.getItem(this.#key) ?? "null"));
    } catch {
      return [];
    }
  }

  #call(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
