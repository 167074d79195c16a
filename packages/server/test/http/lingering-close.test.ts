/** How long a refused client is listened to: until it is silent, or has sent far more than it may. */
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import type { AppEnv } from "../../src/http/app-context.js";
import { lingeringClose } from "../../src/http/lingering-close.js";
import { later } from "../support/secure-server.js";

const IDLE_MS = 300;
const MOST_BYTES = 1_000_000;

/** A client of a server that refuses everything, within small bounds. */
async function refused(): Promise<{ socket: Socket; answer: () => string; forgotten: () => number }> {
  const app = new Hono<AppEnv>();
  app.use(lingeringClose({ maxUploadBytes: 1000, leastBytes: MOST_BYTES, idleMs: IDLE_MS }));
  app.post("/", (c) => c.text("no", 403));
  const server = createServer(
    getRequestListener(app.fetch, { overrideGlobalObjects: false, autoCleanupIncoming: false }),
  );
  let received = () => 0;
  server.on("connection", (connection) => {
    received = () => connection.bytesRead;
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  later(() => {
    server.closeAllConnections();
    server.close();
  });
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  later(() => socket.destroy());
  let text = "";
  socket.on("data", (bytes) => {
    text += bytes;
  });
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n");
  await once(socket, "data");
  return { socket, answer: () => text, forgotten: () => received() };
}

describe("a refused client", () => {
  it("that sends nothing more is let go", async () => {
    const { socket, answer } = await refused();
    const began = performance.now();
    socket.write(Buffer.alloc(1000));
    await once(socket, "end");
    expect(performance.now() - began).toBeGreaterThanOrEqual(IDLE_MS - 20);
    expect(answer()).toMatch(/^HTTP\/1\.1 403 [\s\S]*\r\n\r\nno$/);
  });

  it("that goes on sending is listened to, and no longer than to the greatest amount", async () => {
    const { socket, answer, forgotten } = await refused();
    const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    const piece = Buffer.alloc(50_000);
    for (let isOpen = true; isOpen; ) {
      isOpen = await Promise.race([
        new Promise<boolean>((resolve) => socket.write(piece, (error) => resolve(!error))),
        closed.then(() => false),
      ]);
    }
    await closed;
    expect(forgotten()).toBeGreaterThan(MOST_BYTES);
    expect(forgotten()).toBeLessThan(20 * MOST_BYTES);
    expect(answer()).toContain("403");
  });
});
