import { SttError } from "@stt/core";
import type { Readiness } from "../observability/readiness.js";

/** One request's right to work. */
export interface JobSlot {
  /** Fires when the request is given up or the server closes. */
  readonly signal: AbortSignal;
  /** Gives the request up. Idempotent. */
  abort(reason: SttError): void;
  /** The request is over and nothing of it is left. Idempotent. */
  release(): void;
}

/** How many file jobs are under way at the same time, uploads included. */
export class JobSlots {
  readonly #most: number;
  readonly #readiness: Pick<Readiness, "draining">;
  readonly #taken = new Set<AbortController>();
  #onEmpty: (() => void) | undefined;

  constructor(most: number, readiness: Pick<Readiness, "draining">) {
    this.#most = most;
    this.#readiness = readiness;
  }

  /** Jobs under way. */
  get size(): number {
    return this.#taken.size;
  }

  /** @throws SttError `capacity` when all slots are taken or the server is about to end. */
  take(): JobSlot {
    if (this.#readiness.draining) throw closing();
    if (this.#taken.size >= this.#most) {
      throw new SttError(
        "capacity",
        `This server is working on ${this.#most} files, as many as it takes at the same time (MAX_UPLOADS). Try again later.`,
        { retryable: true },
      );
    }
    const controller = new AbortController();
    this.#taken.add(controller);
    return {
      signal: controller.signal,
      abort: (reason) => controller.abort(reason),
      release: () => {
        this.#taken.delete(controller);
        if (this.#taken.size === 0) this.#onEmpty?.();
      },
    };
  }

  /** Gives all jobs up; resolves once nothing of them is left. Idempotent. */
  async close(): Promise<void> {
    for (const controller of this.#taken) controller.abort(closing());
    if (this.#taken.size > 0) {
      await new Promise<void>((resolve) => {
        this.#onEmpty = resolve;
      });
    }
  }
}

function closing(): SttError {
  return new SttError("capacity", "The server is shutting down. Try again later.", { retryable: true });
}
