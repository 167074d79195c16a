import type { Clock } from "../../clock.js";

/** A server's wish that its client resume elsewhere, until it is fulfilled: between two utterances, or when time is up. */
export class ServerMigration {
  #cancelTimer: (() => void) | undefined;
  #leaveBy: number | undefined;
  readonly #clock: Clock;
  readonly #leave: (withinMs: number) => void;

  /** @param leave goes to another server within so many milliseconds. */
  constructor(clock: Clock, leave: (withinMs: number) => void) {
    this.#clock = clock;
    this.#leave = leave;
  }

  /** The server asks; `isPause` says whether nothing would be interrupted now. */
  request(withinMs: number, isPause: boolean): void {
    this.cancel();
    this.#leaveBy = this.#clock.now() + withinMs;
    if (isPause) this.proceed();
    else this.#cancelTimer = this.#clock.setTimer(withinMs, () => this.proceed());
  }

  /** Leaves, if that was asked: nothing would be interrupted now. */
  proceed(): void {
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
