import type { IncomingMessage } from "node:http";
import type { SttError } from "@stt/core";
import type { WebSocket } from "ws";
import type { ListenerRole } from "../lifecycle/listeners.js";
import type { Principal, Scope } from "../security/access.js";
import type { SocketGuard } from "../security/socket-guard.js";

/** Who came, and how. */
export interface Visitor {
  principal: Principal;
  /** Address of the peer, or of the client that a trusted proxy speaks for. */
  address: string;
  /** Ends the connection when it must; see `speakThrough` for how the door says so, `countMessage` for a bound on text. */
  guard: SocketGuard;
  request: IncomingMessage;
}

/** A wire that is spoken on WebSockets of one path. */
export interface Door {
  readonly path: string;
  /** The listener it is open on. @default both */
  readonly role?: ListenerRole;
  readonly scope: Scope;
  /** Opens a session at once: a full server refuses it before the upgrade. */
  readonly opensSession: boolean;
  /** Bound of `ws` on one message, bytes. The door may have a stricter one that it can explain. */
  readonly maxPayloadBytes: number;
  /** The subprotocol to answer with; false answers with none. Never one that carries a secret. */
  selectProtocol(offered: ReadonlySet<string>): string | false;
  /** Tells a client that cannot read HTTP answers why it is not served, and closes. Doors without it answer with HTTP only. */
  turnAway?(socket: WebSocket, error: SttError, retryAfterMs: number | undefined): void;
  /** Serves a socket from now on. */
  accept(socket: WebSocket, visitor: Visitor): void;
}
