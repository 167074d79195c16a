import { once } from "node:events";
import { connect, type Socket } from "node:net";

export interface TcpClient {
  socket: Socket;
  /** All that came. */
  received(): Buffer;
  closed: Promise<void>;
}

export async function tcpClient(port: number): Promise<TcpClient> {
  const socket = connect({ port, host: "127.0.0.1" });
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  socket.on("error", () => {});
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  await once(socket, "connect");
  return { socket, received: () => Buffer.concat(chunks), closed };
}
