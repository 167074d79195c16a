import type { SocketContext } from "../socket/session-socket.js";
import type { TcpEndpoint } from "../tcp/tcp-listener.js";
import { TcpSocket } from "../tcp/tcp-socket.js";
import { AudioSocketConnection } from "./audiosocket-connection.js";
import { AudioSocketFramer, AudioSocketKind, audioSocketMessage } from "./audiosocket-framer.js";
import type { CallHub } from "./call-hub.js";

/** Asterisk's AudioSocket, on a port of its own. */
export function audioSocketEndpoint(
  context: SocketContext,
  hub: CallHub,
  options: { port: number; apiKey: string },
): TcpEndpoint {
  return {
    ...options,
    name: "audiosocket",
    variable: "AUDIOSOCKET_PORT",
    accept: (socket, watch) => {
      const framed: TcpSocket = new TcpSocket(socket, new AudioSocketFramer(), (error) => connection.onError(error));
      const connection: AudioSocketConnection = new AudioSocketConnection(framed, watch(framed), context, hub);
    },
    refuse: (socket) => {
      socket.write(audioSocketMessage(AudioSocketKind.HANGUP));
    },
  };
}
