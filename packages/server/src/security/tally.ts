/** Counts how many of something each key has at the same time. Keeps nothing of a key that has none. */
export class Tally {
  readonly #counts = new Map<string, number>();

  /** Keys that have something. */
  get size(): number {
    return this.#counts.size;
  }

  /**
   * Adds one.
   *
   * @param most 0 is no limit.
   * @returns takes it away again, once; undefined when the key has `most` already.
   */
  take(key: string, most: number): (() => void) | undefined {
    const count = this.#counts.get(key) ?? 0;
    if (most > 0 && count >= most) return undefined;
    this.#counts.set(key, count + 1);
    let taken = true;
    return () => {
      if (!taken) return;
      taken = false;
      const left = this.#counts.get(key)! - 1;
      if (left === 0) this.#counts.delete(key);
      else this.#counts.set(key, left);
    };
  }
}
