/** The little that the client needs of a WebSocket, so that every platform can bring its own. */
import { BEARER_SUBPROTOCOL_PREFIX } from "../../protocol/version.js";

/** What a {@link SocketFactory} is asked to open. */
export interface SocketRequest {
  /** Complete URL, `ws:` or `wss:`. */
  url: string;
  /** Subprotocols to offer, best first. */
  protocols: string[];
  /**
   * Bearer token, if any. Send it as an `Authorization` header; where headers cannot be set, offer
   * {@link bearerProtocol} as one more subprotocol.
   */
  token?: string;
}

/** Why a socket closed. */
export interface SocketClose {
  /** WebSocket close code; 1006 when there was no close frame. */
  code: number;
  reason: string;
  /** HTTP status of a refused upgrade, where the platform tells. */
  httpStatus?: number;
  /** The `Retry-After` of a refused upgrade, in milliseconds. */
  retryAfterMs?: number;
  /** The platform's error, if any. */
  cause?: unknown;
}

/** Callbacks of one socket, never called from within the factory itself. */
export interface SocketHandlers {
  open(): void;
  /** Text as a string, a binary frame as bytes. */
  message(data: string | Uint8Array): void;
  /** Exactly once, last; also when the socket never opened. */
  close(info: SocketClose): void;
}

/** One socket. */
export interface ClientSocket {
  /** Bytes handed to {@link send} that the network has not taken yet. */
  readonly bufferedAmount: number;
  send(data: string | Uint8Array): void;
  /** Closes with the WebSocket handshake. */
  close(code: number, reason: string): void;
  /** Drops the socket at once, where the platform can; else closes it. */
  terminate(): void;
}

/** Opens a socket. Failures are reported through `handlers.close`; a thrown error counts as one too. */
export type SocketFactory = (request: SocketRequest, handlers: SocketHandlers) => ClientSocket;

/** The subprotocol that carries a token where headers cannot be set. */
export function bearerProtocol(token: string): string {
  return BEARER_SUBPROTOCOL_PREFIX + token;
}
