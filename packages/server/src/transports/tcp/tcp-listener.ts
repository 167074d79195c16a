import { createServer, type Server, type Socket } from "node:net";
import { isSttError, messageOf, SttError } from "@stt/core";
import type { Metrics } from "../../observability/metrics.js";
import type { Security } from "../../security/security.js";
import type { SessionHost } from "../../session/session-host.js";
import type { SocketRequest } from "../socket/session-socket.js";
import type { TcpSocket } from "./tcp-socket.js";

/** A port of its own where one wire is spoken on bare TCP. */
export interface TcpEndpoint {
  /** Name of the wire. */
  readonly name: string;
  readonly port: number;
  /** The variable that has the port, for errors. */
  readonly variable: string;
  /**
   * The API key that all its clients count as: the protocol has no word for credentials. Empty: none, which a server with keys
   * refuses.
   */
  readonly apiKey: string;
  /** Serves a connection from now on. @param watch puts the framed connection under guard */
  accept(socket: Socket, watch: (framed: TcpSocket) => SocketRequest): void;
  /** Tells a client why it is not served, where the wire has a word for it. The connection is ended behind it. */
  refuse?(socket: Socket, error: SttError): void;
}

export interface TcpListenerOptions {
  endpoint: TcpEndpoint;
  host: SessionHost;
  security: Pick<Security, "access" | "gate" | "places" | "guards">;
  metrics: Metrics;
}

/** A peer that reads no answer is cut off after this. */
const REFUSE_GRACE_MS = 2000;

/** Lets connections of one {@link TcpEndpoint} in by the rules that WebSockets have: connections, keys, capacity, places, guards. */
export class TcpListener {
  readonly #options: TcpListenerOptions;
  readonly #open = new Set<Socket>();
  #server: Server | undefined;

  constructor(options: TcpListenerOptions) {
    this.#options = options;
  }

  /** @throws SttError `port_in_use` or `io_error`, naming the port and its variable. */
  async listen(bindHost: string): Promise<void> {
    const { endpoint } = this.#options;
    const server = createServer((socket) => void this.#admit(socket));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", (cause: NodeJS.ErrnoException) => {
        const taken = cause.code === "EADDRINUSE";
        const why = taken ? "it is already in use" : messageOf(cause);
        const text = `Cannot listen on ${bindHost}:${endpoint.port}: ${why}. Set ${endpoint.variable} to another port, or to 0 for none.`;
        reject(new SttError(taken ? "port_in_use" : "io_error", text, { cause }));
      });
      server.listen(endpoint.port, bindHost, () => resolve());
    });
  }

  /** Takes no more connections, and cuts those that are left. Idempotent. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of this.#open) socket.destroy();
    await closed;
  }

  async #admit(socket: Socket): Promise<void> {
    const { endpoint, host, security, metrics } = this.#options;
    socket.on("error", () => socket.destroy());
    security.gate.admit(socket);
    if (socket.destroyed) return;
    this.#open.add(socket);
    socket.once("close", () => this.#open.delete(socket));
    const address = (socket.remoteAddress ?? "").replace(/^::ffff:/, "");
    try {
      const headers = endpoint.apiKey === "" ? {} : { authorization: `Bearer ${endpoint.apiKey}` };
      const principal = await security.access.authorize({ headers, address }, "transcribe");
      if (socket.destroyed) return;
      const full = host.admission.rejection();
      if (full) throw full;
      socket.once("close", security.places.take(principal, address));
      endpoint.accept(socket, (framed) => {
        const guard = security.guards.watch({ webSocket: framed, connection: socket, principal, address });
        return { principal, address, guard };
      });
    } catch (error) {
      if (isSttError(error)) metrics.rejected(error.code);
      else host.log.error({ err: error, wire: endpoint.name }, "a connection failed");
      this.#refuse(socket, isSttError(error) ? error : new SttError("internal", "The connection failed."));
    }
  }

  #refuse(socket: Socket, error: SttError): void {
    this.#options.endpoint.refuse?.(socket, error);
    socket.end();
    socket.resume();
    const timer = setTimeout(() => socket.destroy(), REFUSE_GRACE_MS);
    socket.once("close", () => clearTimeout(timer));
  }
}
