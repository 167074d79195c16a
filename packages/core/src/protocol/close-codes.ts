/**
 * WebSocket close codes of the native wire. Codes from 4000 are private to an application by RFC 6455; the others keep the
 * meaning that the RFC and its registry give them.
 */
export const CloseCode = {
  /** Everything was flushed and `end` was sent. Do not reconnect. */
  NORMAL: 1000,
  /** The peer went away without ceremony (page closed, process ended). */
  GOING_AWAY: 1001,
  /** The message was well formed but not permitted here: credentials. Do not retry with the same token. */
  POLICY_VIOLATION: 1008,
  /** A frame or message is larger than the limit announced in `ready`. */
  MESSAGE_TOO_BIG: 1009,
  /** A fault of the server. Reconnect and resume. */
  INTERNAL_ERROR: 1011,
  /** The server is draining before a restart. Reconnect at once, preferably elsewhere, and resume. */
  SERVICE_RESTART: 1012,
  /** No place for another session. Reconnect later. */
  TRY_AGAIN_LATER: 1013,
  /** The credentials became invalid in mid-session: the key was revoked, the token expired. Resume with fresh ones. */
  UNAUTHORIZED: 4401,
  /** No audio and no message for the idle time. Resume when there is something to say. */
  IDLE_TIMEOUT: 4408,
  /** The connection reached its longest time. Reconnect and resume. */
  SESSION_TOO_LONG: 4410,
  /** A limit of this caller is used up (messages per second, audio per day). Do not retry at once. */
  LIMIT_REACHED: 4429,
  /** The peer broke the protocol; an `error` before this close names how. Do not retry unchanged. */
  PROTOCOL_ERROR: 4400,
  /** The peer does not read what it is sent. Resume. */
  SLOW_READER: 4413,
} as const;

export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];

/** Whether a client may reconnect and resume after a close with this code. Unknown codes count as a broken connection. */
export function mayReconnectAfter(code: number): boolean {
  switch (code) {
    case CloseCode.NORMAL:
    case CloseCode.POLICY_VIOLATION:
    case CloseCode.MESSAGE_TOO_BIG:
    case CloseCode.UNAUTHORIZED:
    case CloseCode.LIMIT_REACHED:
    case CloseCode.PROTOCOL_ERROR:
      return false;
    default:
      return true;
  }
}
