import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type Clock, CloseCode, messageOf, STREAM_PATH, SUBPROTOCOL } from "@stt/core";
import { type WebSocket, WebSocketServer } from "ws";
import type { ListenerRole } from "../lifecycle/listeners.js";
import { StreamConnection, type StreamContext } from "./stream.js";

/** Seconds after which a refused client may come again. */
const RETRY_AFTER_S = 5;
/** How long a closing client may take to answer. */
const CLOSE_GRACE_MS = 1000;

/** Takes HTTP upgrades and hands each socket to the transport of its path. */
export class UpgradeRouter {
  readonly #context: StreamContext;
  readonly #sockets: WebSocketServer;

  constructor(context: StreamContext) {
    this.#context = context;
    this.#sockets = new WebSocketServer({
      noServer: true,
      // The frame limit proper is judged by the transport, which can say so; this bound only protects the memory.
      maxPayload: 4 * context.maxFrameBytes,
      perMessageDeflate: false,
      handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
    });
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, _role: ListenerRole): void {
    socket.on("error", () => socket.destroy());
    const path = (request.url ?? "").split("?", 1)[0];
    if (path !== STREAM_PATH) {
      refuse(socket, 404, "not_found", `There is no WebSocket at ${path}; the stream is at ${STREAM_PATH}.`);
      return;
    }
    const full = this.#context.host.refusal();
    if (full) {
      refuse(socket, 503, full.code, full.message, { "Retry-After": String(RETRY_AFTER_S) });
      return;
    }
    try {
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
        new StreamConnection(webSocket, this.#context);
      });
    } catch (error) {
      refuse(socket, 400, "bad_message", `The upgrade failed: ${messageOf(error)}.`);
    }
  }

  /** Closes every socket: their clients may resume elsewhere. One that does not answer in time is cut off. */
  async close(): Promise<void> {
    const clients = [...this.#sockets.clients];
    this.#sockets.close();
    await Promise.all(clients.map((client) => closeOrCut(client, this.#context.host.clock)));
  }
}

function closeOrCut(client: WebSocket, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const cancelTimer = clock.setTimer(CLOSE_GRACE_MS, () => client.terminate());
    client.once("close", () => {
      cancelTimer();
      resolve();
    });
    client.close(CloseCode.SERVICE_RESTART, "shutting down");
  });
}

/** Answers an upgrade with an HTTP error, before any WebSocket exists. */
function refuse(
  socket: Duplex,
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): void {
  const body = JSON.stringify({ error: { message, type: "invalid_request_error", param: null, code } });
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "Connection: close",
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  socket.end(`${lines.join("\r\n")}\r\n\r\n${body}`);
}
