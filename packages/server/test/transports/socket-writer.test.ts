import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { SocketWriter } from "../../src/transports/socket/socket-writer.js";

const MAX_BYTES = 1_000_000;
const PARTIAL = { kind: "partial", text: "p".repeat(1000) };
const FINAL = { kind: "final", text: "f".repeat(1000) };

let server: WebSocketServer;
let reader: WebSocket;
let socket: WebSocket;
let received: { kind: string; at?: number }[];
let writer: SocketWriter<object>;
let overflows: number;

beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  received = [];
  reader = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  reader.on("message", (data) => received.push(JSON.parse(String(data))));
  [socket] = (await once(server, "connection")) as [WebSocket];
  await once(reader, "open");
  overflows = 0;
  writer = new SocketWriter<object>(socket, JSON.stringify, MAX_BYTES, () => {
    overflows += 1;
  });
});

afterEach(() => {
  reader.terminate();
  server.close();
});

/** Fills the kernel's buffers and then ours, up to `bytes` in ours. */
function clog(bytes: number): void {
  reader.pause();
  for (let i = 0; i < 100_000 && socket.bufferedAmount <= bytes; i++) writer.send(FINAL);
}

it("gives up a reader that does not read, once, at the bound", () => {
  clog(MAX_BYTES);
  expect(overflows).toBe(0);
  writer.send(FINAL);
  writer.send(FINAL);
  expect(overflows).toBe(1);
});

it("spares a slow reader the partials that are outdated, and keeps everything else in order", async () => {
  clog(MAX_BYTES / 8);
  expect(writer.isBackpressured).toBe(true);
  for (let at = 0; at < 50; at++) writer.sendLatest({ ...PARTIAL, at });
  reader.resume();
  await expect.poll(() => received.at(-1)?.kind, { timeout: 10_000 }).toBe("partial");
  expect(received.filter(({ kind }) => kind === "partial").map(({ at }) => at)).toEqual([49]);
  expect(overflows).toBe(0);
});
