import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { messageOf, SttError } from "@stt/core";

/** Which of the two ports a request came in by. */
export type ListenerRole = "control" | "data";

export interface ListenerHandlers {
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, role: ListenerRole): void;
}

export interface BoundPorts {
  host: string;
  controlPort: number;
  dataPort: number;
}

/**
 * The two listening sockets of the one application. With equal port numbers there is one, and a WebSocket on the bare path
 * counts as data.
 */
export class Listeners {
  readonly #servers: Server[] = [];

  /**
   * @throws SttError `port_in_use` or `io_error`, naming the port and its variable. Nothing stays open after a failure.
   */
  async listen(host: string, controlPort: number, dataPort: number, handlers: ListenerHandlers): Promise<BoundPorts> {
    try {
      const shared = controlPort === dataPort && controlPort !== 0;
      const data = await this.#open(host, dataPort, "DATA_PORT", "data", handlers);
      const control = shared ? data : await this.#open(host, controlPort, "CONTROL_PORT", "control", handlers);
      return { host, controlPort: control, dataPort: data };
    } catch (error) {
      await this.close();
      throw error;
    }
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

  #open(host: string, port: number, variable: string, role: ListenerRole, handlers: ListenerHandlers): Promise<number> {
    const server = createServer((request, response) => handlers.request(request, response));
    server.on("upgrade", (request, socket, head) => handlers.upgrade(request, socket, head, role));
    server.on("clientError", (_error, socket) => {
      if (socket.writable) socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    });
    this.#servers.push(server);
    return new Promise((resolve, reject) => {
      server.once("error", (cause: NodeJS.ErrnoException) => reject(listenError(cause, host, port, variable)));
      server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
    });
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
