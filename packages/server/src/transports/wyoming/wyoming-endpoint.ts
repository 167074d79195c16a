import type { SocketContext } from "../socket/session-socket.js";
import type { TcpEndpoint } from "../tcp/tcp-listener.js";
import { TcpSocket } from "../tcp/tcp-socket.js";
import { WyomingConnection } from "./wyoming-connection.js";
import { encodeWyomingEvent, WyomingFramer } from "./wyoming-framer.js";

/** Wyoming's wire, on a port of its own. */
export function wyomingEndpoint(context: SocketContext, options: { port: number; apiKey: string }): TcpEndpoint {
  return {
    ...options,
    name: "wyoming",
    variable: "WYOMING_PORT",
    accept: (socket, watch) => {
      const framed: TcpSocket = new TcpSocket(socket, new WyomingFramer(context.maxFrameBytes), (error) =>
        connection.onMalformed(error),
      );
      const connection: WyomingConnection = new WyomingConnection(framed, watch(framed), context);
    },
    refuse: (socket, { code, message }) => {
      socket.write(encodeWyomingEvent("error", { text: message, code }));
    },
  };
}
