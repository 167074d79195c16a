import type { Clock } from "../../clock.js";

/** A server's wish that its client resume elsewhere, until it is fulfilled: between two utterances, or when time is up. */
export class Departure {
  #cancelTimer: (() => void) | undefined;
  #leaveBy: number | undefined;
  readonly #clock: Clock;
  readonly #leave: (withinMs: number) => void;

  /** @param leave goes to another server within so many milliseconds. */
  constructor(clock: Clock, leave: (withinMs: number) => void) {
    this.#clock = clock;
    this.#leave = leave;
  }

  /** The server asks; `isPause` tells whether nothing would be interrupted now. */
  ask(withinMs: number, isPause: boolean): void {
    this.cancel();
    this.#leaveBy = this.#clock.now() + withinMs;
    if (isPause) this.pause();
    else this.#cancelTimer = this.#clock.setTimer(withinMs, () => this.pause());
  }

  /** Nothing would be interrupted now. */
  pause(): void {
    if (this.#leaveBy === undefined) return;
    const withinMs = Math.max(0, this.#leaveBy - this.#clock.now());
    this.cancel();
    this.#leave(withinMs);
  }

  /** The connection is gone, or nothing is left to say. */
  cancel(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#leaveBy = undefined;
  }
}
