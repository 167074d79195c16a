import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type Clock, CloseCode, isSttError, messageOf, RESUME_SUBPROTOCOL_PREFIX, SttError } from "@stt/core";
import { type WebSocket, WebSocketServer } from "ws";
import { statusOf } from "../http/problem.js";
import { rejectConnection } from "../http/reject-connection.js";
import type { Metrics } from "../observability/metrics.js";
import type { Security } from "../security/security.js";
import type { SessionHost } from "../session/session-host.js";
import type { ListenerRole, WebSocketEndpoint } from "./websocket-endpoint.js";

/** How long a client may take to answer when the server closes. */
const CLOSE_GRACE_MS = 1000;
/** How long a page may take to read why it is not served. */
const REJECT_GRACE_MS = 10_000;

export interface UpgradeRouterOptions {
  host: SessionHost;
  security: Pick<Security, "access" | "proxies" | "places" | "guards">;
  endpoints: readonly WebSocketEndpoint[];
  metrics: Metrics;
}

interface Route {
  endpoint: WebSocketEndpoint;
  sockets: WebSocketServer;
}

/** Takes HTTP upgrades and hands each socket to the {@link WebSocketEndpoint} of its path. */
export class UpgradeRouter {
  readonly #host: SessionHost;
  readonly #security: UpgradeRouterOptions["security"];
  readonly #metrics: Metrics;
  readonly #routes: readonly Route[];

  constructor({ host, security, endpoints, metrics }: UpgradeRouterOptions) {
    this.#metrics = metrics;
    this.#host = host;
    this.#security = security;
    this.#routes = endpoints.map((endpoint) => ({
      endpoint,
      sockets: new WebSocketServer({
        noServer: true,
        maxPayload: endpoint.maxPayloadBytes,
        perMessageDeflate: false,
        handleProtocols: (offered) => endpoint.selectProtocol(offered),
      }),
    }));
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, role: ListenerRole): void {
    socket.on("error", () => socket.destroy());
    // A slash at the end is no other path; of the root it is all there is.
    const path = (request.url ?? "").split("?", 1)[0]!.replace(/(?<=.)\/+$/, "");
    const found = this.#routes.find(({ endpoint }) => endpoint.path === path && (endpoint.role ?? role) === role);
    if (!found) {
      const paths = this.#routes.map(({ endpoint }) => endpoint.path).join(", ");
      rejectConnection(socket, new SttError("not_found", `There is no WebSocket at ${path}; there are ${paths}.`));
      return;
    }
    void this.#admit(found, request, socket, head);
  }

  async #admit({ endpoint, sockets }: Route, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { access, proxies, places, guards } = this.#security;
    const peer = request.socket.remoteAddress ?? "";
    try {
      const headers = endpoint.credentials?.(request) ?? request.headers;
      const principal = await access.authorize({ headers, address: peer }, endpoint.scope);
      // Who left meanwhile takes no place: the end of its connection has been told already.
      if (socket.destroyed) return;
      endpoint.check?.(request);
      const address = proxies.clientOf(peer, request.headers);
      if (endpoint.opensSession) {
        const sessionId = resumedSessionOf(request);
        if (sessionId !== undefined) await guards.takeOver(sessionId, { principal, address });
        if (socket.destroyed) return;
        const full = this.#host.admission.rejection();
        if (full) throw full;
        // Of the connection, not of the WebSocket: that one may never come to be.
        socket.once("close", places.take(principal, address));
      }
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        try {
          const guard = guards.watch({ webSocket, connection: socket, principal, address });
          endpoint.accept(webSocket, { principal, address, request, guard });
        } catch (error) {
          this.#host.log.error({ err: error, path: endpoint.path }, "a connection failed");
          webSocket.terminate();
        }
      });
    } catch (error) {
      if (isSttError(error)) this.#metrics.rejected(error.code);
      const reason = isSttError(error)
        ? error
        : new SttError("bad_message", `The upgrade failed: ${messageOf(error)}.`, { cause: error });
      if (isSttError(error) && endpoint.reject && seesNoStatus(request, endpoint)) {
        sockets.handleUpgrade(request, socket, head, (webSocket) => {
          webSocket.on("error", () => webSocket.terminate());
          endpoint.reject?.(webSocket, reason);
          cutAfter(REJECT_GRACE_MS, webSocket, this.#host.clock);
        });
      } else {
        rejectConnection(socket, reason, statusOf(reason.code), endpoint.describeRefusal?.(reason));
      }
    }
  }

  /** Closes every socket: their clients may resume elsewhere. One that does not answer in time is cut off. */
  async close(): Promise<void> {
    const clients = this.#routes.flatMap(({ sockets }) => [...sockets.clients]);
    for (const { sockets } of this.#routes) sockets.close();
    await Promise.all(clients.map((client) => closeOrCut(client, this.#host.clock)));
  }
}

/** The session that the client says it goes on with. */
function resumedSessionOf({ headers }: IncomingMessage): string | undefined {
  return offeredProtocols(headers)
    .find((name) => name.startsWith(RESUME_SUBPROTOCOL_PREFIX))
    ?.slice(RESUME_SUBPROTOCOL_PREFIX.length);
}

function offeredProtocols(headers: IncomingHttpHeaders): string[] {
  return (headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
}

/** Whether a page asks: browsers hide the HTTP answer to an upgrade, and tell their scripts of a broken connection only. */
function seesNoStatus({ headers }: IncomingMessage, endpoint: WebSocketEndpoint): boolean {
  return headers.origin !== undefined && endpoint.selectProtocol(new Set(offeredProtocols(headers))) !== false;
}

function closeOrCut(client: WebSocket, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    cutAfter(CLOSE_GRACE_MS, client, clock);
    client.once("close", () => resolve());
    client.close(CloseCode.SERVICE_RESTART, "shutting down");
  });
}

function cutAfter(graceMs: number, client: WebSocket, clock: Clock): void {
  const cancelTimer = clock.setTimer(graceMs, () => client.terminate());
  client.once("close", cancelTimer);
}
