import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/**
 * A wire to a port of this machine whose first connection breaks after so many bytes of its client.
 *
 * @param awayMs refuses connections for so long after the break
 */
export async function breakingWire(port: number, bytes: number, awayMs = 0) {
  const sockets = new Set<Socket>();
  let brokenAt = Number.POSITIVE_INFINITY;
  let refused = 0;
  const server = createServer((client) => {
    if (Date.now() < brokenAt + awayMs && brokenAt < Number.POSITIVE_INFINITY) {
      refused += 1;
      client.destroy();
      return;
    }
    const onward = connect(port, "127.0.0.1");
    for (const socket of [client, onward]) {
      sockets.add(socket);
      socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    }
    let passed = 0;
    client.on("data", (data) => {
      passed += data.length;
      if (passed < bytes || brokenAt < Number.POSITIVE_INFINITY) return;
      brokenAt = Date.now();
      for (const socket of sockets) socket.destroy();
    });
    client.pipe(onward).pipe(client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get hasBroken() {
      return brokenAt < Number.POSITIVE_INFINITY;
    },
    get refused() {
      return refused;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
