/** One `for await` over a client's events. */
import type { ClientEvent } from "./events.js";

interface Waiter {
  resolve(result: IteratorResult<ClientEvent>): void;
  reject(error: unknown): void;
}

/** Keeps what its reader has not read. A partial replaces an unread one of the same utterance: only the latest counts. */
export class EventQueue implements AsyncIterableIterator<ClientEvent> {
  #items: ClientEvent[] = [];
  #waiters: Waiter[] = [];
  #done = false;
  #error: unknown;
  readonly #onDone: () => void;

  /** @param onDone called once when nothing more will be pushed or read. */
  constructor(onDone: () => void) {
    this.#onDone = onDone;
  }

  push(event: ClientEvent): void {
    if (this.#done) return;
    const waiter = this.#waiters.shift();
    if (waiter) {
      waiter.resolve({ done: false, value: event });
      return;
    }
    const last = this.#items.at(-1);
    if (event.type === "partial" && last?.type === "partial" && last.utterance === event.utterance) this.#items.pop();
    this.#items.push(event);
  }

  end(): void {
    if (this.#done) return;
    this.#done = true;
    for (const waiter of this.#waiters.splice(0)) waiter.resolve({ done: true, value: undefined });
    this.#onDone();
  }

  fail(error: unknown): void {
    if (this.#done) return;
    this.#done = true;
    this.#items = [];
    const [first, ...rest] = this.#waiters.splice(0);
    if (first) first.reject(error);
    else this.#error = error;
    for (const waiter of rest) waiter.resolve({ done: true, value: undefined });
    this.#onDone();
  }

  async next(): Promise<IteratorResult<ClientEvent>> {
    const item = this.#items.shift();
    if (item) return { done: false, value: item };
    if (this.#error !== undefined) {
      const error = this.#error;
      this.#error = undefined;
      throw error;
    }
    if (this.#done) return { done: true, value: undefined };
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  async return(): Promise<IteratorResult<ClientEvent>> {
    this.#items = [];
    this.end();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
