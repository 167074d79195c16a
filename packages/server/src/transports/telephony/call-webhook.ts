import { createHmac } from "node:crypto";
import { type Clock, messageOf, waitUntil } from "@stt/core";
import type { Log } from "../../observability/log.js";
import type { Metrics } from "../../observability/metrics.js";
import { HttpClient } from "../../outbound/http-client.js";
import type { CallEvent } from "./call-events.js";
import type { CallHub } from "./call-hub.js";

export interface CallWebhookOptions {
  hub: CallHub;
  url: string;
  /** Signs every request. */
  secret: string;
  clock: Clock;
  log: Log;
  metrics: Pick<Metrics, "webhook">;
}

/** Events that may wait for their receiver; further ones are given up, and the log says so. */
const MAX_WAITING = 1000;
const TIMEOUT_MS = 10_000;
/** Waits between the attempts of one event. */
const RETRY_MS = [1000, 2000, 4000, 8000];
/** When the server ends, what is left has this long. */
const CLOSE_GRACE_MS = 3000;
const LOOK_MS = 25;

/** `v1` of the header `STT-Signature`: HMAC-SHA256 of the time and the body, in hexadecimal. */
export function signatureOf(secret: string, seconds: number, body: string): string {
  return createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
}

/**
 * Sends the events of calls to one URL, live text excepted: those of a call one after the other, each until it was taken or given
 * up.
 */
export class CallWebhook {
  readonly #options: CallWebhookOptions;
  readonly #http = new HttpClient();
  readonly #closing = new AbortController();
  readonly #unsubscribe: () => void;
  /** By call: the end of what waits for it. */
  readonly #chains = new Map<string, Promise<void>>();
  #waiting = 0;

  constructor(options: CallWebhookOptions) {
    this.#options = options;
    this.#unsubscribe = options.hub.subscribe(({ event }) => {
      if (event.type !== "partial") this.#enqueue(event);
    });
  }

  /** Takes no more events, and waits a little for those that are left. Idempotent. */
  async close(): Promise<void> {
    const { clock } = this.#options;
    this.#unsubscribe();
    await waitUntil(() => this.#waiting === 0, clock, LOOK_MS, clock.now() + CLOSE_GRACE_MS);
    this.#closing.abort();
    this.#http.close();
  }

  #enqueue(event: CallEvent): void {
    const { metrics, log } = this.#options;
    if (this.#waiting >= MAX_WAITING) {
      metrics.webhook("dropped");
      log.warn({ call: event.call, type: event.type }, `an event of a call was given up: ${MAX_WAITING} wait already`);
      return;
    }
    this.#waiting += 1;
    const before = this.#chains.get(event.call) ?? Promise.resolve();
    const chain = before
      .then(() => this.#deliver(event))
      .finally(() => {
        this.#waiting -= 1;
        if (this.#chains.get(event.call) === chain) this.#chains.delete(event.call);
      });
    this.#chains.set(event.call, chain);
  }

  /** Never throws. */
  async #deliver(event: CallEvent): Promise<void> {
    const { metrics, log } = this.#options;
    const body = JSON.stringify(event);
    for (let attempt = 0; !this.#closing.signal.aborted; attempt++) {
      const failure = await this.#send(body);
      if (failure === undefined) {
        metrics.webhook("delivered");
        return;
      }
      const wait = RETRY_MS[attempt];
      if (wait === undefined || !failure.retryable) {
        metrics.webhook("failed");
        const { call, type, sequence } = event;
        log.warn({ call, type, sequence, attempts: attempt + 1 }, `an event of a call was not taken: ${failure.why}`);
        return;
      }
      await this.#pause(wait);
    }
  }

  async #send(body: string): Promise<{ why: string; retryable: boolean } | undefined> {
    const { url, secret } = this.#options;
    const seconds = Math.floor(Date.now() / 1000);
    try {
      const response = await this.#http.request(url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "content-length": String(Buffer.byteLength(body)),
          "stt-signature": `t=${seconds},v1=${signatureOf(secret, seconds, body)}`,
        },
        body: Buffer.from(body),
        signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), this.#closing.signal]),
      });
      const { statusCode = 0 } = response;
      response.destroy();
      if (statusCode >= 200 && statusCode < 300) return undefined;
      // Whoever says that the request is wrong will say so again.
      const retryable = statusCode >= 500 || statusCode === 408 || statusCode === 429;
      return { why: `the receiver answered ${statusCode}`, retryable };
    } catch (error) {
      return { why: messageOf(error), retryable: true };
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const { signal } = this.#closing;
      const cancelTimer = this.#options.clock.setTimer(ms, () => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      });
      const onAbort = () => {
        cancelTimer();
        resolve();
      };
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }
}
