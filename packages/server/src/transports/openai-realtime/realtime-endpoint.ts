import { CloseCode } from "@stt/core";
import type { WebSocket } from "ws";
import type { SocketContext } from "../socket/session-socket.js";
import type { ConnectionRequest, WebSocketEndpoint } from "../websocket-endpoint.js";
import { RealtimeConnection } from "./realtime-connection.js";
import { errorDetails, RealtimeError } from "./realtime-error.js";
import { encodeServerEvent } from "./server-events.js";

export const REALTIME_PATH = "/v1/realtime";
/** The one that OpenAI's browser clients offer beside the one that carries their key. */
const REALTIME_SUBPROTOCOL = "realtime";

/** OpenAI's Realtime wire for transcription at `/v1/realtime`, on both listeners. */
export function realtimeEndpoint(context: SocketContext): WebSocketEndpoint {
  return {
    path: REALTIME_PATH,
    scope: "transcribe",
    opensSession: true,
    // The limit proper is enforced by the connection, which can say so; this bound only protects the memory.
    maxPayloadBytes: 4 * context.maxFrameBytes,
    selectProtocol: (offered) => (offered.has(REALTIME_SUBPROTOCOL) ? REALTIME_SUBPROTOCOL : false),
    reject: (socket, reason) => rejectSocket(socket, reason, CloseCode.POLICY_VIOLATION),
    accept: (socket, request) => {
      const wrong = checkUrl(request);
      if (wrong) rejectSocket(socket, wrong, CloseCode.PROTOCOL_ERROR);
      else new RealtimeConnection(socket, request, context);
    },
  };
}

/** Why this server cannot serve what the URL asks for. A client that names no intent shows it in its first event. */
function checkUrl({ request }: ConnectionRequest): RealtimeError | undefined {
  const query = new URLSearchParams(request.url?.split("?", 2)[1]);
  const intent = query.get("intent");
  if (intent !== null && intent !== "transcription") {
    return new RealtimeError(
      "invalid_intent",
      `The intent ${JSON.stringify(intent.slice(0, 60))} is not served here. Use ${REALTIME_PATH}?intent=transcription.`,
      "intent",
    );
  }
  if (query.has("call_id")) {
    return new RealtimeError("invalid_call_id", "There are no calls here: leave call_id out.", "call_id");
  }
  return undefined;
}

function rejectSocket(socket: WebSocket, error: Error, code: number): void {
  socket.on("error", () => socket.terminate());
  socket.send(encodeServerEvent({ type: "error", error: errorDetails(error) }));
  socket.close(code, "rejected");
}
