import { callSafely, type FailureReport, reportUncaught } from "./caller-code.js";

/** Listeners of one kind. One may be added twice, and removed during a call; none disturbs the others by what it throws. */
export class ListenerSet<Arguments extends unknown[] = []> {
  readonly #listeners = new Set<(...args: Arguments) => unknown>();
  readonly #report: FailureReport;

  /** @param report told what a listener throws. @default the platform's console */
  constructor(report: FailureReport = reportUncaught) {
    this.#report = report;
  }

  /** @returns a function that removes it */
  add(listener: (...args: Arguments) => unknown): () => void {
    // A function of its own for each call: the same listener may be added twice and removed once.
    const own = (...args: Arguments) => listener(...args);
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  call(...args: Arguments): void {
    for (const listener of [...this.#listeners]) callSafely(() => listener(...args), this.#report);
  }
}
