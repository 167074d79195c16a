import type { IncomingHttpHeaders } from "node:http";
import { SttError } from "@stt/core";

export interface OriginPolicyOptions {
  /** Origins that may come, `*` for all; empty goes by the rules below. */
  allowed: readonly string[];
  /** Whether callers must show a key or token. */
  keyed: boolean;
  /** Whether only this machine can connect. */
  loopback: boolean;
}

/**
 * Which web pages may use the server. A browser lets any page open a WebSocket to any address, `localhost` included, and only
 * says in `Origin` which page it was. With no list given:
 *
 * - a server with keys takes any page: a page that has no key gets nowhere, and there are no cookies that could speak for it;
 * - one without keys takes pages of this machine and its own (`Origin` names the `Host` that was asked), the latter not on the
 *   loopback address, where a foreign name that resolves to it would look the same.
 */
export class OriginPolicy {
  readonly #options: OriginPolicyOptions;
  readonly #allowed: ReadonlySet<string>;

  constructor(options: OriginPolicyOptions) {
    this.#options = options;
    this.#allowed = new Set(options.allowed.map(normalized));
  }

  allows({ origin, host }: IncomingHttpHeaders): boolean {
    if (origin === undefined || this.#allowed.has("*")) return true;
    if (this.#allowed.size > 0) return this.#allowed.has(normalized(origin));
    if (this.#options.keyed) return true;
    const page = URL.canParse(origin) ? new URL(origin) : undefined;
    if (!page) return false;
    return isLoopbackName(page.hostname) || (!this.#options.loopback && page.host === host?.toLowerCase());
  }

  /** @throws SttError `forbidden` */
  check(headers: IncomingHttpHeaders): void {
    if (this.allows(headers)) return;
    throw new SttError(
      "forbidden",
      `Pages of ${shown(headers.origin)} may not use this server. Add the origin to ALLOWED_ORIGINS.`,
    );
  }
}

/**
 * Whether the page of a request is one of a key's or token's own.
 *
 * @throws SttError `forbidden`
 */
export function checkOwnOrigins({ origin }: IncomingHttpHeaders, own: readonly string[], what: string): void {
  if (own.length === 0 || (origin !== undefined && own.map(normalized).includes(normalized(origin)))) return;
  const from = origin === undefined ? "a request without an Origin" : `a page of ${shown(origin)}`;
  throw new SttError("forbidden", `${what} is for pages of ${own.join(", ")}, and this is ${from}.`);
}

/** Whether a host name or address is this machine's own. */
export function isLoopbackName(host: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}

function normalized(origin: string): string {
  return origin.toLowerCase().replace(/\/$/, "");
}

/** A header is the caller's text: no more of it than fits a sentence. */
function shown(origin = ""): string {
  return JSON.stringify(origin.slice(0, 100));
}
