import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from "node:http";
import { createServer as createTlsServer, Server as TlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { messageOf, SttError } from "@stt/core";
import { redirectBarePrefix, withoutPrefix } from "../http/path-prefix.js";
import { rejectConnection } from "../http/reject-connection.js";
import type { Certificate } from "../security/certificate.js";
import type { ListenerRole } from "../transports/websocket-endpoint.js";

export interface ListenerHandlers {
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, role: ListenerRole): void;
  /** A TCP connection came in; destroying it here costs least. */
  connection?(socket: Socket): void;
}

export interface ListenerOptions {
  /** With it both listeners speak TLS only. */
  certificate?: Pick<Certificate, "cert" | "key"> | undefined;
  /** For the TLS handshake, and for the headers of a request. @default 10000 */
  headersTimeoutMs?: number;
  /** For a whole request. @default 300000 */
  requestTimeoutMs?: number;
  /** Path that a proxy in front leaves on requests, such as `/stt`. @default none */
  pathPrefix?: string;
}

export interface BoundPorts {
  host: string;
  controlPort: number;
  dataPort: number;
}

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 300_000;
const NO_PROXY: [reason: SttError, status: number] = [
  new SttError("invalid_argument", "This server is no proxy: CONNECT is not served."),
  405,
];
/** Node looks for connections that are too slow this often at least. */
const MAX_CHECK_INTERVAL_MS = 5000;

/**
 * The two listening sockets of the one application. With equal port numbers there is one, and a WebSocket on the bare path
 * counts as data.
 */
export class Listeners {
  readonly #servers: (Server | TlsServer)[] = [];

  /**
   * @throws SttError `port_in_use` or `io_error`, naming the port and its variable. Nothing stays open after a failure.
   */
  async listen(
    host: string,
    controlPort: number,
    dataPort: number,
    handlers: ListenerHandlers,
    options: ListenerOptions = {},
  ): Promise<BoundPorts> {
    const open = (port: number, variable: string, role: ListenerRole) =>
      this.#open({ host, port, variable, role }, handlers, options);
    try {
      const shared = controlPort === dataPort && controlPort !== 0;
      const data = await open(dataPort, "DATA_PORT", "data");
      const control = shared ? data : await open(controlPort, "CONTROL_PORT", "control");
      return { host, controlPort: control, dataPort: data };
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Connections that come from now on get this certificate; open ones go on with theirs. */
  setCertificate({ cert, key }: Pick<Certificate, "cert" | "key">): void {
    for (const server of this.#servers) if (server instanceof TlsServer) server.setSecureContext({ cert, key });
  }

  /** Stops accepting, ends idle connections and resolves when the ports are free. Idempotent. */
  async close(): Promise<void> {
    const servers = this.#servers.splice(0);
    await Promise.all(
      servers.map(
        (server) =>
          new Promise<void>((resolve) => {
            server.close(() => resolve());
            server.closeAllConnections();
          }),
      ),
    );
  }

  #open(
    { host, port, variable, role }: { host: string; port: number; variable: string; role: ListenerRole },
    handlers: ListenerHandlers,
    options: ListenerOptions,
  ): Promise<number> {
    const { pathPrefix = "" } = options;
    const onRequest = (request: IncomingMessage, response: ServerResponse) => {
      if (redirectBarePrefix(request, response, pathPrefix)) return;
      withoutPrefix(request, pathPrefix);
      handlers.request(request, response);
    };
    const server = makeServer(options, onRequest);
    // Whoever asks before it sends a body is told to send it by the route, once nothing speaks against it.
    server.on("checkContinue", onRequest);
    // Nor does Node answer anything else by itself: its answers have no words.
    server.on("checkExpectation", onRequest);
    server.on("connect", (_request, socket) => rejectConnection(socket, ...NO_PROXY));
    server.on("connection", (socket) => handlers.connection?.(socket));
    server.on("upgrade", (request, socket, head) => {
      withoutPrefix(request, pathPrefix);
      handlers.upgrade(request, socket, head, role);
    });
    server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
      // What comes after the answer is no request either.
      if (socket.writableEnded) return;
      // Nobody who failed the TLS handshake could read an answer.
      if (!socket.writable || error.code?.startsWith("ERR_SSL")) socket.destroy();
      else rejectConnection(socket, ...clientFault(error.code));
    });
    this.#servers.push(server);
    return new Promise((resolve, reject) => {
      server.once("error", (cause: NodeJS.ErrnoException) => reject(listenError(cause, host, port, variable)));
      server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
    });
  }
}

function makeServer(
  { certificate, headersTimeoutMs = HEADERS_TIMEOUT_MS, requestTimeoutMs = REQUEST_TIMEOUT_MS }: ListenerOptions,
  onRequest: (request: IncomingMessage, response: ServerResponse) => void,
): Server | TlsServer {
  const headersTimeout = Math.min(headersTimeoutMs, requestTimeoutMs);
  const options: ServerOptions = {
    headersTimeout,
    requestTimeout: requestTimeoutMs,
    requireHostHeader: false,
    connectionsCheckingInterval: Math.min(MAX_CHECK_INTERVAL_MS, Math.ceil(headersTimeout / 2)),
  };
  if (!certificate) return createServer(options, onRequest);
  const { cert, key } = certificate;
  return createTlsServer({ ...options, cert, key, handshakeTimeout: headersTimeout }, onRequest);
}

/** What was wrong with bytes that are no request, and the status for it. */
function clientFault(code: string | undefined): [reason: SttError, status: number] {
  switch (code) {
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return [
        new SttError("timeout", "The request did not come in time (HTTP_REQUEST_TIMEOUT, HTTP_HEADERS_TIMEOUT)."),
        408,
      ];
    case "HPE_HEADER_OVERFLOW":
      return [new SttError("too_large", "The headers of the request are too large."), 431];
    default:
      return [new SttError("bad_message", "These bytes are no HTTP request."), 400];
  }
}

function listenError(cause: NodeJS.ErrnoException, host: string, port: number, variable: string): SttError {
  if (cause.code === "EADDRINUSE") {
    return new SttError(
      "port_in_use",
      `Port ${port} on ${host} is already in use. Stop the other program or set ${variable} to a free port.`,
      { cause },
    );
  }
  if (cause.code === "EACCES") {
    return new SttError(
      "io_error",
      `Port ${port} may not be opened by this user. Set ${variable} to a port above 1023.`,
      { cause },
    );
  }
  if (cause.code === "EADDRNOTAVAIL" || cause.code === "ENOTFOUND") {
    return new SttError(
      "io_error",
      `${host} is not an address of this machine. Set BIND_HOST to one that is, or to 0.0.0.0 for all.`,
      { cause },
    );
  }
  return new SttError("io_error", `Cannot listen on ${host}:${port}: ${messageOf(cause)}.`, { cause });
}
