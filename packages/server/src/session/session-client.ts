import type { SessionListener } from "./events.js";

/** What a server that is about to end asks of the wire of each open session. */
export type SessionOrder =
  /** The client should resume elsewhere within this time. */
  | { type: "drain"; resumeWithinMs: number }
  /** The server ends very soon: what was said must become text now. */
  | { type: "flush" };

/** The wire of one session, as the session and its host see it. */
export interface SessionClient {
  /** Something happened in the session. */
  readonly onEvent: SessionListener;
  /** The server asks for something. */
  onOrder(order: SessionOrder): void;
}
