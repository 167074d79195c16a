/** A list of its user's, in a text file that other programs read and write too. */
import { readFileSync } from "node:fs";
import { writeFileWhole } from "@stt/client-node/cli";

/** How a list stands in its file. */
export interface ListFormat<T> {
  /** @returns what is none of them too, line by line */
  read(text: string): { items: T[]; others: string[] };
  write(items: readonly T[]): string;
}

export class ListFile<T> {
  readonly path: string;
  readonly #format: ListFormat<T>;
  #items: readonly T[] = [];

  /** @throws errors of the system, but not where there is no file yet */
  constructor(path: string, format: ListFormat<T>) {
    this.path = path;
    this.#format = format;
    this.#items = this.#read().items;
  }

  get items(): readonly T[] {
    return this.#items;
  }

  /**
   * What another program has written meanwhile stays, and so do comments, at the top.
   *
   * @param change from what the file has now
   * @throws errors of the system
   */
  update(change: (items: readonly T[]) => readonly T[]): void {
    const { items, others } = this.#read();
    const changed = change(items);
    const head = others.map((line) => `${line}\n`).join("");
    writeFileWhole(this.path, head + this.#format.write(changed), { mode: 0o600, durable: false });
    this.#items = changed;
  }

  #read(): { items: T[]; others: string[] } {
    try {
      return this.#format.read(readFileSync(this.path, "utf8"));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return { items: [], others: [] };
      throw error;
    }
  }
}
