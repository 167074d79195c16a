import type { IncomingMessage } from "node:http";
import { abortError, backoffDelayMs, type Clock, messageOf, SttError } from "@stt/core";
import { HttpClient } from "../../outbound/http-client.js";
import type { EncodedForm } from "./transcription-request.js";

export interface RemoteApiOptions {
  /** Base URL of an OpenAI-compatible API. */
  url: string;
  /** Shown as a bearer token; empty for none. */
  apiKey: string;
  /** Longest wait for one answer, milliseconds. */
  timeoutMs: number;
  /** Tries after the first. */
  retries: number;
  clock: Clock;
  /** Uniform in [0, 1). */
  random: () => number;
}

/** An answer that says no for good, or for too long. */
export class RemoteRefusal extends SttError {
  readonly status: number;

  constructor(status: number, message: string, retryable: boolean) {
    super("engine_failed", message, { retryable });
    this.status = status;
  }
}

const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
/** Characters of a remote's own words that an error repeats. */
const MAX_EXCERPT = 200;
const BACKOFF = { initialDelayMs: 500, maxDelayMs: 8000 };

/** Posts forms to an OpenAI-compatible API: with a time limit, and again where that may help. */
export class RemoteApi {
  /** The URL without credentials, for people to read. */
  readonly name: string;
  readonly #options: RemoteApiOptions;
  readonly #base: string;
  readonly #headers: Record<string, string>;
  readonly #http = new HttpClient();

  constructor(options: RemoteApiOptions) {
    this.#options = options;
    const url = new URL(options.url);
    this.name = `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
    this.#base = this.name;
    this.#headers = authorizationOf(url, options.apiKey);
  }

  /**
   * Posts a form.
   *
   * @returns the body of an answer 200
   * @throws SttError `aborted`; `engine_failed`, as {@link RemoteRefusal} where the endpoint answered.
   */
  async post(path: string, form: EncodedForm, signal: AbortSignal): Promise<string> {
    const { retries, clock, random, timeoutMs } = this.#options;
    for (let attempt = 0; ; attempt++) {
      if (signal.aborted) throw abortError(signal.reason);
      const outcome = await this.#try(path, form, signal);
      if ("body" in outcome) return outcome.body;
      const { error, retryAfterMs = 0 } = outcome;
      // Whoever asks to be left alone for longer than anybody would wait for an answer is not asked again.
      if (!error.retryable || attempt >= retries || retryAfterMs > timeoutMs) throw error;
      await sleep(clock, retryAfterMs + backoffDelayMs(attempt, random, BACKOFF), signal);
    }
  }

  close(): void {
    this.#http.close();
  }

  async #try(
    path: string,
    form: EncodedForm,
    signal: AbortSignal,
  ): Promise<{ body: string } | { error: SttError; retryAfterMs?: number }> {
    const { timeoutMs, clock } = this.#options;
    const attempt = new AbortController();
    const stop = () => attempt.abort(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    let late = false;
    const cancelTimer = clock.setTimer(timeoutMs, () => {
      late = true;
      attempt.abort();
    });
    try {
      // Redirects are not followed: a form is not sent to wherever somebody points.
      const response = await this.#http.request(`${this.#base}${path}`, {
        method: "POST",
        body: form.body,
        headers: { ...this.#headers, "content-type": form.contentType },
        signal: attempt.signal,
      });
      const body = await bodyOf(response);
      const { statusCode = 0 } = response;
      if (statusCode >= 200 && statusCode < 300) return { body };
      const retryAfterMs = retryAfterOf(response);
      return { error: this.#refusal(statusCode, body), ...(retryAfterMs !== undefined && { retryAfterMs }) };
    } catch (error) {
      if (signal.aborted) throw abortError(signal.reason);
      const what = late
        ? `did not answer within ${timeoutMs / 1000} s (REMOTE_TIMEOUT)`
        : `could not be reached: ${causeOf(error)}. Check REMOTE_URL`;
      return {
        error: new SttError("engine_failed", `The remote engine at ${this.name} ${what}.`, {
          retryable: true,
          cause: error,
        }),
      };
    } finally {
      cancelTimer();
      signal.removeEventListener("abort", stop);
    }
  }

  #refusal(status: number, body: string): RemoteRefusal {
    const who = `The remote engine at ${this.name}`;
    const said = saidBy(body, this.#options.apiKey);
    if (status === 401 || status === 403) {
      return new RemoteRefusal(status, `${who} does not accept the key (${status}). Check REMOTE_API_KEY.`, false);
    }
    if (status === 404) {
      const message = `${who} does not know the path or the model (404${said}). Check REMOTE_URL and REMOTE_MODEL.`;
      return new RemoteRefusal(status, message, false);
    }
    const passing = status === 408 || status === 409 || status === 429 || status >= 500;
    return new RemoteRefusal(status, `${who} answered ${status}${said}.`, passing);
  }
}

function authorizationOf(url: URL, apiKey: string): Record<string, string> {
  if (apiKey !== "") return { Authorization: `Bearer ${apiKey}` };
  if (url.username === "" && url.password === "") return {};
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return { Authorization: `Basic ${Buffer.from(credentials).toString("base64")}` };
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    bytes += piece.byteLength;
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`its answer has more than ${MAX_ANSWER_BYTES} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

/** `Retry-After` in milliseconds: seconds, or a date. */
function retryAfterOf({ headers }: IncomingMessage): number | undefined {
  const value = headers["retry-after"];
  if (value === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

/** What the endpoint said of itself, short, and without the key should it repeat it. */
function saidBy(body: string, apiKey: string): string {
  let said = body;
  try {
    said = messageIn(JSON.parse(body)) ?? body;
  } catch {
    // Not JSON: the beginning of whatever it is.
  }
  if (apiKey !== "") said = said.replaceAll(apiKey, "...");
  said = said.replace(/\s+/g, " ").trim().slice(0, MAX_EXCERPT);
  return said === "" ? "" : `: ${said.replace(/\.$/, "")}`;
}

interface Refusal {
  error?: unknown;
  message?: unknown;
  /** FastAPI's: a sentence, an object like the others, or a list of what is wrong with which field. */
  detail?: unknown;
  msg?: unknown;
  loc?: unknown;
}

function messageIn(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(messageIn).filter(Boolean).join("; ") || undefined;
  if (typeof value !== "object" || value === null) return undefined;
  const { error, message, detail, msg, loc } = value as Refusal;
  const own = messageIn(error) ?? messageIn(message) ?? messageIn(detail) ?? messageIn(msg);
  return own !== undefined && Array.isArray(loc) ? `${loc.at(-1)}: ${own}` : own;
}

/** Of several addresses that all refused, Node gives a code and no message. */
function causeOf(error: unknown): string {
  return messageOf(error) || String((error as NodeJS.ErrnoException).code ?? error);
}

function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      cancelTimer();
      reject(abortError(signal.reason));
    };
    const cancelTimer = clock.setTimer(ms, () => {
      signal.removeEventListener("abort", abort);
      resolve();
    });
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
}
