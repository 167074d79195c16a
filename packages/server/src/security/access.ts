import type { IncomingHttpHeaders } from "node:http";
import type { OriginPolicy } from "./origin-policy.js";
import type { KeyUsage } from "./usage.js";

/**
 * What a caller may do: `transcribe` is every way in for audio, `metrics` is reading figures, `admin` is seeing and
 * changing the server itself.
 */
export type Scope = "transcribe" | "metrics" | "admin";

/** Who is calling. */
export interface Principal {
  /** Stable name for logs and limits; never a secret. */
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
  /** What let the caller in. @default "anybody": the server has no keys */
  readonly by?: "anybody" | "key" | "token";
  /** The hash of the key that lies behind a key or token, in hexadecimal; absent when this server does not have it. */
  readonly keyHash?: string;
  /** When the credentials end, milliseconds since 1970. @default never */
  readonly expiresAt?: number;
  /** A token of this id may have one session at a time; a newer one takes the place of the one before. */
  readonly singleSession?: string;
  /** What the caller uses of its limits. @default no limits */
  readonly usage?: KeyUsage;
}

/** What a caller shows before a request is read or an upgrade is answered. */
export interface Credentials {
  headers: IncomingHttpHeaders;
  /** Address of the peer. */
  address: string;
}

/** Decides who comes in. Every transport and every route asks it, none looks at a key itself. */
export interface Access {
  /**
   * @throws SttError `unauthorized` when nobody is known by these credentials, `forbidden` when the scope or the web page is
   *   not theirs, `rate_limited` with `retryAfterMs` when a limit is used up.
   */
  authorize(credentials: Credentials, scope: Scope): Promise<Principal>;
  /** Whether somebody who was let in may still do all of it. The end of a token is another matter: see `expiresAt`. */
  holds(principal: Principal): boolean;
  /** Calls back whenever {@link holds} may have changed its mind; the returned function ends that. */
  onChange(listener: () => void): () => void;
}

const ANYBODY: Principal = {
  name: "anonymous",
  scopes: new Set<Scope>(["transcribe", "metrics", "admin"]),
  by: "anybody",
};

/** Lets in everybody who does not come from a foreign web page. */
export function openAccess(origins: OriginPolicy): Access {
  return {
    authorize: async ({ headers }) => {
      origins.check(headers);
      return ANYBODY;
    },
    holds: () => true,
    onChange: () => () => {},
  };
}
