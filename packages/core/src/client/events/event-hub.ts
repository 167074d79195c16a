/** Delivers events in one order to everybody. */
import { EventEmitter } from "eventemitter3";
import { callSafely, reportUncaught } from "../../callers/caller-code.js";
import { abortError, messageOf, type SttErrorCode } from "../../errors.js";
import { EventQueue } from "./event-queue.js";
import type { ClientEvent, ClientEventMap } from "./events.js";

const CALLBACK_FAILED: SttErrorCode = "callback_failed";

/**
 * A listener that calls back into the client causes further events; they wait their turn, so that every listener sees the
 * same order. A listener that throws disturbs neither the client nor the other listeners: see {@link EventHub.callbackFailed}.
 */
export class EventHub {
  readonly #emitter = new EventEmitter();
  readonly #queues = new Set<EventQueue>();
  readonly #pending: ClientEvent[] = [];
  #delivering = false;

  on<T extends keyof ClientEventMap>(type: T, listener: ClientEventMap[T]): () => void {
    // A fresh function per call: the same listener may be added twice and removed once.
    const guarded = (event: ClientEvent) => {
      callSafely(
        () => (listener as (event: ClientEvent) => unknown)(event),
        (error) => {
          // What fails at hearing of failures is not told of its own.
          if (isCallbackFailure(event)) reportUncaught(error);
          else this.callbackFailed(`A listener of "${type}"`, error);
        },
      );
    };
    this.#emitter.on(type, guarded);
    return () => {
      this.#emitter.off(type, guarded);
    };
  }

  /**
   * A function of the caller's threw: told as an `error` event where somebody listens for those, else shown by the platform.
   *
   * @param what the sentence's subject
   */
  callbackFailed(what: string, error: unknown): void {
    const isHeard = this.#emitter.listenerCount("error") + this.#emitter.listenerCount("event") > 0;
    if (!isHeard) reportUncaught(error);
    else
      this.emit({ type: "error", code: CALLBACK_FAILED, message: `${what} threw: ${messageOf(error)}`, fatal: false });
  }

  emit(event: ClientEvent): void {
    this.#pending.push(event);
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      for (let next = this.#pending.shift(); next; next = this.#pending.shift()) {
        this.#emitter.emit(next.type, next);
        this.#emitter.emit("event", next);
        for (const queue of this.#queues) queue.push(next);
      }
    } finally {
      this.#delivering = false;
    }
  }

  /** A new iteration over everything from now on. */
  iterate(signal: AbortSignal | undefined): AsyncIterableIterator<ClientEvent> {
    const queue = new EventQueue(() => {
      this.#queues.delete(queue);
      signal?.removeEventListener("abort", abort);
    });
    const abort = () => queue.fail(abortError(signal?.reason));
    if (signal?.aborted) abort();
    else {
      this.#queues.add(queue);
      signal?.addEventListener("abort", abort, { once: true });
    }
    return queue;
  }

  /** Ends all iterations once they have been read. */
  endIterations(): void {
    for (const queue of [...this.#queues]) queue.end();
  }
}

function isCallbackFailure(event: ClientEvent): boolean {
  return event.type === "error" && event.code === CALLBACK_FAILED;
}
