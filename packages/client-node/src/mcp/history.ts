/** What was transcribed since the program began; it goes with the program. */

export interface HistoryEntry {
  /** ISO 8601, when it was finished. */
  at: string;
  /** A file's path, or `microphone`. */
  source: string;
  text: string;
}

const MOST_ENTRIES = 50;
/** Of all texts together. */
const MOST_CHARACTERS = 1_000_000;

/** The newest entries, within bounds. */
export class History {
  readonly #entries: HistoryEntry[] = [];

  add(entry: HistoryEntry): void {
    this.#entries.push(entry);
    while (this.#entries.length > MOST_ENTRIES || (this.#characters > MOST_CHARACTERS && this.#entries.length > 1)) {
      this.#entries.shift();
    }
  }

  /** The newest first. */
  latest(count: number): HistoryEntry[] {
    return this.#entries.slice(-count).reverse();
  }

  get #characters(): number {
    return this.#entries.reduce((sum, { text }) => sum + text.length, 0);
  }
}
