import { SttError } from "@stt/core";

/** Aborts when nothing was heard for a while, or when somebody else wants it. */
export class StallGuard {
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  readonly #what: string;
  #timer: NodeJS.Timeout | undefined;

  /** @param what the subject of the error's sentence. */
  constructor(what: string, outer: AbortSignal | undefined) {
    this.#what = what;
    this.signal = outer ? AbortSignal.any([outer, this.#controller.signal]) : this.#controller.signal;
  }

  /** From now on, silence of `ms` milliseconds is too long. */
  expect(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#controller.abort(
        new SttError("timeout", `${this.#what} was silent for ${ms / 1000} s.`, { retryable: true }),
      );
    }, ms);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
