import type { Clock } from "@stt/core";

/** So many events in a time, evenly, with bursts up to a bound: the token bucket. Costs no timer and no allocation. */
export class RateLimit {
  readonly #clock: Clock;
  readonly #perMs: number;
  readonly #burst: number;
  #left: number;
  #filledAt: number;

  /** @param perSecond sustained rate. @param burst most events at once. */
  constructor(clock: Clock, perSecond: number, burst: number) {
    this.#clock = clock;
    this.#perMs = perSecond / 1000;
    this.#burst = burst;
    this.#left = burst;
    this.#filledAt = clock.now();
  }

  /** Counts one event. @returns 0, or the milliseconds to wait when there were too many; such an event is not counted. */
  take(): number {
    const now = this.#clock.now();
    this.#left = Math.min(this.#burst, this.#left + (now - this.#filledAt) * this.#perMs);
    this.#filledAt = now;
    if (this.#left < 1) return (1 - this.#left) / this.#perMs;
    this.#left -= 1;
    return 0;
  }
}
