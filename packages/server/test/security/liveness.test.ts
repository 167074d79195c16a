import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { CloseCode } from "@stt/core";
import { describe, expect, it } from "vitest";
import { RawSocket } from "../support/raw-socket.js";
import { guardedServer, knock, later } from "../support/secure-server.js";

/** A TCP connection that says what a test tells it to and hears what comes. */
async function tcp(port: number): Promise<{ socket: Socket; heard: () => string; ended: Promise<unknown> }> {
  const socket = connect(port, "127.0.0.1");
  later(() => socket.destroy());
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
  });
  socket.on("error", () => {});
  await once(socket, "connect");
  return { socket, heard: () => text, ended: once(socket, "close") };
}

const UPGRADE = [
  "GET /v1/stream HTTP/1.1",
  "Host: localhost",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
  "Sec-WebSocket-Protocol: stt.v1",
  "",
  "",
].join("\r\n");

/** A masked text frame of less than 126 bytes. */
function textFrame(text: string): Buffer {
  const body = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81, 0x80 | body.length, 0, 0, 0, 0]), body]);
}

const START = '{"type":"start","protocol":1,"audio":{"encoding":"pcm_s16le","sampleRate":16000,"channels":1}}';

describe("a peer that is gone without a word", () => {
  it("is dropped with its session after it answered no ping", async () => {
    const { ports, server } = await guardedServer({ pingIntervalMs: 150 });
    const peer = await tcp(ports.dataPort);
    peer.socket.write(UPGRADE);
    peer.socket.write(textFrame(START));
    await expect.poll(() => server.sessions).toBe(1);
    await peer.ended;
    expect(server.sessions).toBe(0);
    // It had been pinged: an empty ping frame.
    expect(peer.heard()).toContain("\x89\x00");
  });

  it("is told from one that only answers pings, which stays", async () => {
    const { url, ports } = await guardedServer({ pingIntervalMs: 150 });
    const alive = await RawSocket.start(url);
    later(() => alive.close());
    for (let round = 0; round < 3; round++) {
      const dead = await tcp(ports.dataPort);
      dead.socket.write(UPGRADE);
      await dead.ended;
    }
    expect(alive.closed).toBeUndefined();
  });
});

describe("a connection that never gets to the point", () => {
  it("is closed when it says nothing at all", async () => {
    const { ports } = await guardedServer({ httpHeadersTimeoutMs: 300 });
    const peer = await tcp(ports.controlPort);
    await peer.ended;
    expect(peer.heard()).toMatch(/^HTTP\/1\.1 408 /);
  });

  it("is closed when its headers come drop by drop", async () => {
    const { ports, http } = await guardedServer({ httpHeadersTimeoutMs: 300 });
    const peer = await tcp(ports.controlPort);
    peer.socket.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n");
    const drops = setInterval(() => peer.socket.write("X-Drop: 1\r\n"), 50);
    later(() => clearInterval(drops));
    expect((await fetch(`${http}/healthz`)).status).toBe(200);
    await peer.ended;
    expect(peer.heard()).toMatch(/^HTTP\/1\.1 408 /);
  });

  it("is closed when its body comes drop by drop", async () => {
    const { ports } = await guardedServer({ httpHeadersTimeoutMs: 300, httpRequestTimeoutMs: 600 });
    const peer = await tcp(ports.controlPort);
    peer.socket.write("POST /v1/tokens HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n");
    const drops = setInterval(() => peer.socket.write(" "), 50);
    later(() => clearInterval(drops));
    await peer.ended;
    expect(peer.heard()).toMatch(/^HTTP\/1\.1 408 /);
  });

  it("is closed when its headers have no end", async () => {
    const { ports } = await guardedServer();
    const peer = await tcp(ports.controlPort);
    peer.socket.write(`GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: ${"x".repeat(100_000)}`);
    await peer.ended;
    expect(peer.heard()).toMatch(/^HTTP\/1\.1 431 /);
  });

  it("is closed when it does not start a session, and told so", async () => {
    const { url } = await guardedServer({ startTimeoutMs: 200 });
    const socket = await RawSocket.open(url);
    later(() => socket.close());
    socket.json({ type: "ping", id: 1 });
    expect((await socket.ended()).code).toBe(CloseCode.PROTOCOL_ERROR);
    expect(await socket.next("error")).toMatchObject({
      code: "timeout",
      message: expect.stringContaining("START_TIMEOUT"),
      fatal: true,
    });
  });

  it("stays when it did start one in time", async () => {
    const { url } = await guardedServer({ startTimeoutMs: 200 });
    const started = await RawSocket.start(url);
    later(() => started.close());
    const late = await RawSocket.open(url);
    await late.ended();
    expect(started.closed).toBeUndefined();
  });

  it("holds nothing after it was refused", async () => {
    const { ports, url } = await guardedServer({ tokenSecret: "x".repeat(32), maxConnections: 1 });
    // It never closes its own half.
    const peer = connect({ port: ports.dataPort, host: "127.0.0.1", allowHalfOpen: true });
    later(() => peer.destroy());
    peer.write(UPGRADE);
    const [answer] = await once(peer, "data");
    expect(String(answer)).toMatch(/^HTTP\/1\.1 401 /);
    await expect.poll(() => knock(url).catch(() => "dropped")).toMatchObject({ status: 401 });
  });
});

describe("a connection that has reached its longest time", () => {
  it("is warned, and closed with a code after which clients resume", async () => {
    const { url } = await guardedServer({ maxSessionTimeMs: 400 });
    const socket = await RawSocket.start(url);
    later(() => socket.close());
    expect((await socket.ended()).code).toBe(CloseCode.SESSION_TOO_LONG);
    expect(await socket.next("warning")).toMatchObject({ code: "session_ending" });
    expect(await socket.next("error")).toMatchObject({
      code: "timeout",
      message: expect.stringContaining("MAX_SESSION_TIME"),
    });
  });
});
