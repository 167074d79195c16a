import { encodeMessage, STREAM_PATH, SUBPROTOCOL } from "@stt/core";
import { retryAfterMsOf } from "../../http/problem.js";
import type { WebSocketEndpoint } from "../websocket-endpoint.js";
import { closeCodeOf } from "./close-code-of.js";
import { StreamConnection, type StreamContext } from "./stream-connection.js";

/** The native wire at `/v1/stream`, on both listeners. */
export function streamEndpoint(context: StreamContext): WebSocketEndpoint {
  return {
    path: STREAM_PATH,
    scope: "transcribe",
    opensSession: true,
    // The frame limit proper is enforced by the socket, which can say so; this bound only protects the memory.
    maxPayloadBytes: 4 * context.maxFrameBytes,
    selectProtocol: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
    reject: (socket, reason) => {
      const { code, message } = reason;
      const retryAfterMs = retryAfterMsOf(reason);
      socket.send(encodeMessage({ type: "error", code, message, fatal: true, retryAfterMs }));
      socket.close(closeCodeOf(code), code);
    },
    accept: (socket, request) => {
      new StreamConnection(socket, request, context);
    },
  };
}
