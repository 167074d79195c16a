import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { SttError } from "@stt/core";
import type { WebSocket } from "ws";
import type { HttpRefusal } from "../http/reject-connection.js";
import type { Principal, Scope } from "../security/access.js";
import type { SocketGuard } from "../security/socket-guard.js";

/** Which of the two ports a connection came in by. */
export type ListenerRole = "control" | "data";

/** A WebSocket connection that was let in. */
export interface ConnectionRequest {
  principal: Principal;
  /** Address of the peer, or of the client that a trusted proxy speaks for. */
  address: string;
  /** Ends the connection when it must; bounds its text messages. */
  guard: SocketGuard;
  /** The HTTP request that became this WebSocket. */
  request: IncomingMessage;
}

/** A path where one wire is spoken on WebSockets. */
export interface WebSocketEndpoint {
  readonly path: string;
  /** The listener it is open on. @default both */
  readonly role?: ListenerRole;
  readonly scope: Scope;
  /** Opens a session at once: a full server rejects it before the upgrade. */
  readonly opensSession: boolean;
  /** Bound of `ws` on one message, bytes. The wire may have a stricter one that it can explain. */
  readonly maxPayloadBytes: number;
  /** The subprotocol to answer with; false answers with none. Never one that carries a secret. */
  selectProtocol(offered: ReadonlySet<string>): string | false;
  /**
   * What a client shows in place of a key of ours, once it was looked at, as headers that have the key it counts as.
   *
   * @throws SttError `unauthorized`
   */
  credentials?(request: IncomingMessage): IncomingHttpHeaders;
  /**
   * Looks at what the URL asks for, before the upgrade is answered and a session's place is taken.
   *
   * @throws SttError for what is wrong with it
   */
  check?(request: IncomingMessage): void;
  /** A refusal as HTTP answers it on this wire. @default the one of all routes */
  describeRefusal?(error: SttError): HttpRefusal;
  /**
   * Tells a client that cannot read HTTP answers, a browser's, why it is not served, and closes. Endpoints without it answer
   * with HTTP only.
   */
  reject?(socket: WebSocket, reason: SttError): void;
  /** Serves a socket from now on. */
  accept(socket: WebSocket, request: ConnectionRequest): void;
}
