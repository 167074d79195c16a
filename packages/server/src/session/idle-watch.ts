import type { Clock } from "@stt/core";

/**
 * Notices that audio stopped coming. Armed once per utterance; audio only notes the time, so that a frame costs no timer.
 */
export class IdleWatch {
  readonly #clock: Clock;
  readonly #onIdle: () => void;
  #lastAudioAt: number;
  #cancelTimer: (() => void) | undefined;

  constructor(clock: Clock, onIdle: () => void) {
    this.#clock = clock;
    this.#onIdle = onIdle;
    this.#lastAudioAt = clock.now();
  }

  /** Audio came. */
  touch(): void {
    this.#lastAudioAt = this.#clock.now();
  }

  /** Calls back once when no audio came for `limitMs` milliseconds; 0 is never. */
  arm(limitMs: number): void {
    this.disarm();
    if (limitMs === 0) return;
    const check = () => {
      const quietMs = this.#clock.now() - this.#lastAudioAt;
      this.#cancelTimer = undefined;
      if (quietMs >= limitMs) this.#onIdle();
      else this.#cancelTimer = this.#clock.setTimer(limitMs - quietMs, check);
    };
    this.#cancelTimer = this.#clock.setTimer(limitMs, check);
  }

  disarm(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}
