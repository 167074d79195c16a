import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { CloseCode } from "@stt/core";
import type { SocketContext } from "../socket/session-socket.js";
import type { WebSocketEndpoint } from "../websocket-endpoint.js";
import { deepgramRefusal } from "./deepgram-refusal.js";
import { ListenConnection } from "./listen-connection.js";
import { readListenOptions } from "./listen-options.js";
import { TurnConnection } from "./turn-connection.js";
import { readTurnOptions } from "./turn-options.js";

export const LISTEN_PATH = "/v1/listen";
export const TURNS_PATH = "/v2/listen";
/** What their browser clients offer in front of their key. */
const SUBPROTOCOLS = ["token", "bearer"];

/** Deepgram's wires, on both listeners (docs/deepgram.md). */
export function deepgramEndpoints(context: SocketContext): WebSocketEndpoint[] {
  return [
    {
      ...common(context),
      path: LISTEN_PATH,
      check: (request) => void readListenOptions(searchOf(request)),
      accept: (socket, request) => {
        new ListenConnection(socket, request, context, readListenOptions(searchOf(request.request)));
      },
    },
    {
      ...common(context),
      path: TURNS_PATH,
      check: (request) => void readTurnOptions(searchOf(request)),
      accept: (socket, request) => {
        new TurnConnection(socket, request, context, readTurnOptions(searchOf(request.request)));
      },
    },
  ];
}

function common(context: SocketContext): Omit<WebSocketEndpoint, "path" | "accept"> {
  return {
    scope: "transcribe",
    opensSession: true,
    // The frame limit proper is enforced by the socket, which can say so; this bound only protects the memory.
    maxPayloadBytes: 4 * context.maxFrameBytes,
    selectProtocol: (offered) => SUBPROTOCOLS.find((name) => offered.has(name)) ?? false,
    describeRefusal: (error) => deepgramRefusal(error, randomUUID()),
    reject: (socket, { code, message }) => {
      socket.send(JSON.stringify({ type: "Error", variant: code, description: message }));
      socket.close(CloseCode.POLICY_VIOLATION, code);
    },
  };
}

function searchOf({ url }: IncomingMessage): URLSearchParams {
  return new URLSearchParams(url?.split("?", 2)[1]);
}
