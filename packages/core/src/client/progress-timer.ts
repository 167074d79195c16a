import type { Clock } from "../clock.js";

/** Fires when nothing happened for a while. */
export class ProgressTimer {
  #cancel: (() => void) | undefined;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #onTimeout: () => void;

  constructor(clock: Clock, timeoutMs: number, onTimeout: () => void) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#onTimeout = onTimeout;
  }

  /** Begins, or begins again: something happened. */
  restart(): void {
    this.stop();
    this.#cancel = this.#clock.setTimer(this.#timeoutMs, this.#onTimeout);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
