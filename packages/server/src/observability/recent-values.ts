/** Measurements of the last while, in memory of a fixed size: under a flood the oldest make room early. */
export class RecentValues {
  readonly #at: Float64Array;
  readonly #values: Float64Array;
  #count = 0;

  /**
   * @param windowMs how long a measurement counts
   * @param capacity measurements that are kept
   */
  constructor(
    readonly windowMs: number,
    capacity = 1024,
  ) {
    this.#at = new Float64Array(capacity);
    this.#values = new Float64Array(capacity);
  }

  /** @param now of a monotonic clock, milliseconds */
  add(value: number, now: number): void {
    const place = this.#count % this.#values.length;
    this.#at[place] = now;
    this.#values[place] = value;
    this.#count += 1;
  }

  /**
   * The value that this share of the measurements does not exceed; null without any.
   *
   * @param share 0..1
   */
  quantile(share: number, now: number): number | null {
    const recent = this.#recent(now).sort();
    return recent.length === 0 ? null : recent[Math.max(0, Math.ceil(share * recent.length) - 1)]!;
  }

  /** Null without any. */
  sum(now: number): number | null {
    const recent = this.#recent(now);
    return recent.length === 0 ? null : recent.reduce((sum, value) => sum + value, 0);
  }

  #recent(now: number): Float64Array {
    const kept = Math.min(this.#count, this.#values.length);
    return this.#values.subarray(0, kept).filter((_, place) => now - this.#at[place]! < this.windowMs);
  }
}
