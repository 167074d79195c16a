import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type Clock, CloseCode, isSttError, messageOf } from "@stt/core";
import { type WebSocket, WebSocketServer } from "ws";
import { problem, statusOf } from "../http/problem.js";
import type { ListenerRole } from "../lifecycle/listeners.js";
import type { Access } from "../security/access.js";
import type { SessionHost } from "../session/session-host.js";
import type { Door } from "./door.js";

/** Seconds after which a refused client may come again. */
const RETRY_AFTER_S = 5;
/** How long a closing client may take to answer. */
const CLOSE_GRACE_MS = 1000;

export interface UpgradeRouterOptions {
  host: SessionHost;
  access: Access;
  doors: readonly Door[];
}

/** Takes HTTP upgrades and hands each socket to the {@link Door} of its path. */
export class UpgradeRouter {
  readonly #host: SessionHost;
  readonly #access: Access;
  readonly #doors: readonly { door: Door; sockets: WebSocketServer }[];

  constructor({ host, access, doors }: UpgradeRouterOptions) {
    this.#host = host;
    this.#access = access;
    this.#doors = doors.map((door) => ({
      door,
      sockets: new WebSocketServer({
        noServer: true,
        maxPayload: door.maxPayloadBytes,
        perMessageDeflate: false,
        handleProtocols: (offered) => door.selectProtocol(offered),
      }),
    }));
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, role: ListenerRole): void {
    socket.on("error", () => socket.destroy());
    const path = (request.url ?? "").split("?", 1)[0];
    const found = this.#doors.find(({ door }) => door.path === path && (door.role ?? role) === role);
    if (!found) {
      const paths = this.#doors.map(({ door }) => door.path).join(", ");
      refuse(socket, 404, "not_found", `There is no WebSocket at ${path}; there are ${paths}.`);
      return;
    }
    const { door, sockets } = found;
    const address = request.socket.remoteAddress ?? "";
    try {
      const principal = this.#access.authorize({ headers: request.headers, address }, door.scope);
      const full = door.opensSession ? this.#host.refusal() : undefined;
      if (full) throw full;
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        door.accept(webSocket, { principal, address, request });
      });
    } catch (error) {
      if (!isSttError(error)) refuse(socket, 400, "bad_message", `The upgrade failed: ${messageOf(error)}.`);
      else if (door.turnAway && seesNoStatus(request, door)) {
        const retryAfterMs = error.retryable ? RETRY_AFTER_S * 1000 : undefined;
        sockets.handleUpgrade(request, socket, head, (webSocket) => {
          webSocket.on("error", () => webSocket.terminate());
          door.turnAway?.(webSocket, error, retryAfterMs);
          cutAfterGrace(webSocket, this.#host.clock);
        });
      } else {
        const retry = error.retryable ? { "Retry-After": String(RETRY_AFTER_S) } : {};
        refuse(socket, statusOf(error.code), error.code, error.message, retry);
      }
    }
  }

  /** Closes every socket: their clients may resume elsewhere. One that does not answer in time is cut off. */
  async close(): Promise<void> {
    const clients = this.#doors.flatMap(({ sockets }) => [...sockets.clients]);
    for (const { sockets } of this.#doors) sockets.close();
    await Promise.all(clients.map((client) => closeOrCut(client, this.#host.clock)));
  }
}

/** Whether a page asks: browsers hide the HTTP answer to an upgrade, and tell their scripts of a broken connection only. */
function seesNoStatus({ headers }: IncomingMessage, door: Door): boolean {
  const offered = (headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  return headers.origin !== undefined && door.selectProtocol(new Set(offered)) !== false;
}

function closeOrCut(client: WebSocket, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    cutAfterGrace(client, clock);
    client.once("close", () => resolve());
    client.close(CloseCode.SERVICE_RESTART, "shutting down");
  });
}

function cutAfterGrace(client: WebSocket, clock: Clock): void {
  const cancelTimer = clock.setTimer(CLOSE_GRACE_MS, () => client.terminate());
  client.once("close", cancelTimer);
}

/** Answers an upgrade with an HTTP error, before any WebSocket exists. */
function refuse(
  socket: Duplex,
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): void {
  const body = JSON.stringify(problem(message, code));
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "Connection: close",
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  socket.end(`${lines.join("\r\n")}\r\n\r\n${body}`);
}
