import { CloseCode, SttError } from "@stt/core";
import type { WebSocket } from "ws";
import { SessionSocket, type SocketContext } from "../socket/session-socket.js";
import type { Wire } from "../socket/wire.js";
import type { ConnectionRequest, WebSocketEndpoint } from "../websocket-endpoint.js";
import type { CallEvent } from "./call-events.js";
import type { CallHub, PublishedCallEvent } from "./call-hub.js";

export const CALLS_PATH = "/v1/calls";
const MAX_TEXT_BYTES = 1024;

/** The text of calls as it comes, at `/v1/calls`: who subscribes with a key hears the calls of that key, an admin hears all. */
export function callsEndpoint(context: SocketContext, hub: CallHub): WebSocketEndpoint {
  return {
    path: CALLS_PATH,
    scope: "transcribe",
    opensSession: false,
    maxPayloadBytes: MAX_TEXT_BYTES,
    selectProtocol: () => false,
    accept: (socket, request) => {
      // Who only listens is not idle.
      new CallSubscriber(socket, request, { ...context, idleTimeoutMs: () => 0 }, hub);
    },
  };
}

class CallSubscriber implements Wire<CallEvent> {
  readonly name = "calls";
  readonly maxTextBytes = MAX_TEXT_BYTES;
  readonly encode: (event: CallEvent) => string = JSON.stringify;
  readonly #socket: SessionSocket<CallEvent>;
  readonly #unsubscribe: () => void;

  constructor(webSocket: WebSocket, { request, ...caller }: ConnectionRequest, context: SocketContext, hub: CallHub) {
    const query = new URLSearchParams(request.url?.split("?", 2)[1]);
    const only = query.get("call");
    const { principal } = caller;
    this.#socket = new SessionSocket(webSocket, caller, context, this);
    this.#unsubscribe = hub.subscribe((published: PublishedCallEvent) => {
      const { event } = published;
      if (published.principal !== principal.name && !principal.scopes.has("admin")) return;
      if (only !== null && event.call !== only) return;
      // The next one of its kind makes it worthless.
      if (event.type === "partial" && this.#socket.isBackpressured) return;
      this.#socket.send(event);
    });
  }

  onMessage(): void {
    throw new SttError("bad_message", "Nothing is said on this socket: it only tells of calls.");
  }

  onError(error: SttError): void {
    this.#socket.end(error, CloseCode.PROTOCOL_ERROR);
  }

  onClose(): void {
    this.#unsubscribe();
  }
}
