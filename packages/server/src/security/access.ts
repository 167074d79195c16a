import type { IncomingHttpHeaders } from "node:http";

/** What a caller may do: `transcribe` is every door that takes audio, `admin` is seeing and changing the server itself. */
export type Scope = "transcribe" | "admin";

/** Who is calling. */
export interface Principal {
  /** Stable name for logs and limits; never a secret. */
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
}

/** What a caller shows before a request is read or an upgrade is answered. */
export interface Credentials {
  headers: IncomingHttpHeaders;
  /** Address of the peer. */
  address: string;
}

/** Decides who comes in. Every transport and every route asks it, none looks at a key itself. */
export interface Access {
  /** @throws SttError `unauthorized` when nobody is known by these credentials, `forbidden` when the scope is not theirs. */
  authorize(credentials: Credentials, scope: Scope): Principal;
}

const ANYBODY: Principal = { name: "anonymous", scopes: new Set<Scope>(["transcribe", "admin"]) };

/** Lets everybody in. */
export const openAccess: Access = { authorize: () => ANYBODY };
