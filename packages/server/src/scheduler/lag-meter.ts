import type { Clock } from "@stt/core";

/** Time constant of "lately". */
const WINDOW_MS = 500;

/** Smooths a lag that is measured now and then, by many. */
export class LagMeter {
  readonly #clock: Clock;
  #valueMs = 0;
  #at: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#at = clock.now();
  }

  observe(lagMs: number): void {
    const now = this.#clock.now();
    this.#valueMs += (1 - Math.exp((this.#at - now) / WINDOW_MS)) * (lagMs - this.#valueMs);
    this.#at = now;
  }

  /** Smoothed, milliseconds. One that nobody measures any more fades. */
  get valueMs(): number {
    return this.#valueMs * Math.exp((this.#at - this.#clock.now()) / (10 * WINDOW_MS));
  }
}
