/** Promises settled from outside, and their marriage with AbortSignal. */
import { abortError } from "../errors.js";

/** A promise with its two ends. Settling twice does nothing. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: unknown): void;
}

export function deferred<T>(): Deferred<T> {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  // Several callers may share it, or nobody may wait: whoever does still sees the rejection.
  promise.catch(() => {});
  return { promise, resolve, reject };
}

/** Any number of promises for one event. */
export class Waiters {
  readonly #waiting = new Set<Deferred<void>>();

  get size(): number {
    return this.#waiting.size;
  }

  add(): Promise<void> {
    const waiter = deferred<void>();
    this.#waiting.add(waiter);
    return waiter.promise;
  }

  resolve(): void {
    for (const waiter of this.#waiting) waiter.resolve();
    this.#waiting.clear();
  }

  reject(error: unknown): void {
    for (const waiter of this.#waiting) waiter.reject(error);
    this.#waiting.clear();
  }
}

/**
 * The promise, or a rejection as soon as `signal` fires; `onAbort` undoes what was begun. Leaves no listener behind.
 *
 * @throws SttError `aborted`
 */
export async function abortable<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
  onAbort: () => void,
): Promise<T> {
  if (!signal) return promise;
  const aborted = deferred<never>();
  const fire = () => {
    aborted.reject(abortError(signal.reason));
    onAbort();
  };
  if (signal.aborted) fire();
  else signal.addEventListener("abort", fire, { once: true });
  try {
    return await Promise.race([aborted.promise, promise]);
  } finally {
    signal.removeEventListener("abort", fire);
  }
}
