import { abortError } from "@stt/core";

interface Waiter<T> {
  resolve(slot: T): void;
  reject(error: unknown): void;
}

/** A counting semaphore whose permits are things: as many callers as there are slots, first come, first served. */
export class Semaphore<T> {
  readonly #free: T[];
  readonly #waiting: Waiter<T>[] = [];
  #closed: unknown;

  constructor(slots: readonly T[]) {
    this.#free = [...slots];
  }

  /**
   * A slot, as soon as one is free.
   *
   * @throws SttError `aborted` if `signal` fires first, or the reason given to {@link close}
   */
  async acquire(signal?: AbortSignal): Promise<T> {
    if (this.#closed !== undefined) throw this.#closed;
    if (signal?.aborted) throw abortError(signal.reason);
    const slot = this.#free.pop();
    if (slot !== undefined) return slot;
    return new Promise<T>((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(abortError(signal?.reason));
      };
      const waiter: Waiter<T> = {
        resolve: (taken) => {
          signal?.removeEventListener("abort", leave);
          resolve(taken);
        },
        reject: (error) => {
          signal?.removeEventListener("abort", leave);
          reject(error);
        },
      };
      signal?.addEventListener("abort", leave, { once: true });
      this.#waiting.push(waiter);
    });
  }

  release(slot: T): void {
    const next = this.#waiting.shift();
    if (next) next.resolve(slot);
    else this.#free.push(slot);
  }

  /** Rejects everybody who waits, and all who come later. */
  close(reason: unknown): void {
    this.#closed ??= reason;
    for (const waiter of this.#waiting.splice(0)) waiter.reject(reason);
  }
}
