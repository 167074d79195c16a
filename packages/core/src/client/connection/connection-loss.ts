/** What a broken connection means. */
import { SttError, type SttErrorCode } from "../../errors.js";
import { CloseCode, mayReconnectAfter } from "../../protocol/close-codes.js";
import type { ServerMessageOf } from "../../protocol/messages.js";
import type { SocketClose } from "./socket.js";

/** Why a connection is gone, and whether another may be tried. */
export interface ConnectionLoss {
  error: SttError;
  mayReconnect: boolean;
  /** The server's wish, milliseconds. */
  retryAfterMs?: number;
  /** WebSocket close code; 1006 when there was none. */
  code: number;
  /** Whether the socket had been open. */
  opened: boolean;
}

/** @param fault the last fatal `error` message of the server, which knows more than a close code. */
export function lossOf(
  url: string,
  close: SocketClose,
  opened: boolean,
  fault: ServerMessageOf<"error"> | undefined,
): ConnectionLoss {
  const { code } = close;
  const retryAfterMs = close.retryAfterMs ?? fault?.retryAfterMs;
  const wish = retryAfterMs === undefined ? {} : { retryAfterMs };
  const status = close.httpStatus;
  if (!opened && status !== undefined) {
    const mayReconnect = status === 429 || status >= 500;
    const error = new SttError(httpErrorCode(status), httpSentence(url, status), {
      cause: close.cause,
      retryable: mayReconnect,
    });
    return { error, mayReconnect, code, opened, ...wish };
  }
  const mayReconnect = mayReconnectAfter(code);
  const error = new SttError(
    fault ? (fault.code as SttErrorCode) : closeErrorCode(code),
    fault?.message ?? closeSentence(url, close, opened),
    { cause: close.cause, retryable: mayReconnect },
  );
  return { error, mayReconnect, code, opened, ...wish };
}

/** The address without path and query: what a person recognises. */
export function hostOf(url: string): string {
  return /^wss?:\/\/([^/?#]+)/i.exec(url)?.[1] ?? url;
}

function httpErrorCode(status: number): SttErrorCode {
  if (status === 401 || status === 403) return "unauthorized";
  if (status === 503 || status === 429) return "capacity";
  return "connection_failed";
}

function httpSentence(url: string, status: number): string {
  const host = hostOf(url);
  if (status === 401 || status === 403) return `The server ${host} did not accept the token (HTTP ${status}).`;
  if (status === 503 || status === 429) return `The server ${host} has no place for another session (HTTP ${status}).`;
  if (status === 404) return `At ${url} there is no transcription stream (HTTP 404); check host, port and path.`;
  return `The server ${host} refused the connection (HTTP ${status}).`;
}

function closeErrorCode(code: number): SttErrorCode {
  switch (code) {
    case CloseCode.POLICY_VIOLATION:
    case CloseCode.UNAUTHORIZED:
      return "unauthorized";
    case CloseCode.TRY_AGAIN_LATER:
      return "capacity";
    case CloseCode.PROTOCOL_ERROR:
    case CloseCode.MESSAGE_TOO_BIG:
      return "protocol_error";
    case CloseCode.IDLE_TIMEOUT:
      return "timeout";
    default:
      return "connection_failed";
  }
}

function closeSentence(url: string, close: SocketClose, opened: boolean): string {
  const host = hostOf(url);
  const detail = close.reason || (close.cause instanceof Error ? close.cause.message : "");
  if (!opened) return `The server ${host} cannot be reached${detail ? ` (${detail})` : ""}.`;
  return `The server ${host} closed the connection (code ${close.code}${detail ? `, ${detail}` : ""}).`;
}
