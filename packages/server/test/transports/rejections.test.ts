import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { RawSocket } from "../support/raw-socket.js";
import { guardedServer, later } from "../support/secure-server.js";

const KEYS = "app:0123456789abcdef0123456789abcdef";
const CHUNK = Buffer.alloc(65_536, "x");

interface Answer {
  status: number;
  code: string;
  failures: Error[];
}

/** Sends a request and a lot behind it, as clients do that look for an answer only when they have sent everything. */
async function sendThenRead(port: number, request: string, chunks: number): Promise<Answer> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  later(() => socket.destroy());
  const failures: Error[] = [];
  socket.on("error", (error) => failures.push(error));
  const gone = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.pause();
  await once(socket, "connect");
  socket.write(request);
  for (let i = 0; i < chunks && failures.length === 0; i++) {
    const taken = new Promise<void>((resolve) => socket.write(CHUNK, () => resolve()));
    await Promise.race([taken, gone]);
  }
  let heard = "";
  socket.on("data", (data) => {
    heard += data;
  });
  socket.resume();
  socket.end();
  await gone;
  const [head = "", body = "{}"] = heard.split("\r\n\r\n");
  const status = Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]);
  return { status, code: JSON.parse(body || "{}").error?.code, failures };
}

function upgradeOf(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;
}

describe("a client that reads only when it has sent everything is told why it is not served", () => {
  it("where there is nothing: 404", async () => {
    const { ports } = await guardedServer();
    const answer = await sendThenRead(ports.dataPort, upgradeOf("/v2/stream"), 100);
    expect(answer).toEqual({ status: 404, code: "not_found", failures: [] });
  });

  it("without a key: 401", async () => {
    const { ports } = await guardedServer({ apiKeys: KEYS });
    const answer = await sendThenRead(ports.dataPort, upgradeOf("/v1/stream"), 100);
    expect(answer).toEqual({ status: 401, code: "unauthorized", failures: [] });
  });

  it("by a full server: 503", async () => {
    const { ports, url } = await guardedServer({ maxSessions: 1 });
    const first = await RawSocket.start(url);
    later(() => first.close());
    const answer = await sendThenRead(ports.dataPort, upgradeOf("/v1/realtime"), 100);
    expect(answer).toEqual({ status: 503, code: "capacity", failures: [] });
  });

  it("for headers without an end: 431", async () => {
    const { ports } = await guardedServer();
    const answer = await sendThenRead(ports.controlPort, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: ", 100);
    expect(answer).toEqual({ status: 431, code: "too_large", failures: [] });
  });

  it.each([
    ["no Host, and a body", 400, "bad_message", "POST /v1/tokens HTTP/1.1\r\nContent-Length: 655360\r\n\r\n"],
    ["a Host that is none", 400, "bad_message", "GET /healthz HTTP/1.1\r\nHost: a b\r\n\r\n"],
    ["a path that is none", 400, "bad_message", "GET \\healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"],
    [
      "an unknown expectation",
      417,
      "invalid_argument",
      `GET /healthz HTTP/1.1\r\nHost: localhost\r\nExpect: a rise\r\n\r\n`,
    ],
    [
      "an unknown expectation of a large upload",
      417,
      "invalid_argument",
      "POST /v1/audio/transcriptions HTTP/1.1\r\nHost: localhost\r\nExpect: 200-ok\r\nContent-Length: 655360\r\n\r\n",
    ],
    ["no Host", 400, "bad_message", "GET /healthz HTTP/1.1\r\n\r\n"],
    ["CONNECT", 405, "invalid_argument", "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost:80\r\n\r\n"],
  ])("for %s: %d", async (_, status, code, request) => {
    const { ports } = await guardedServer();
    const chunks = request.includes("Content-Length") ? 10 : 0;
    expect(await sendThenRead(ports.controlPort, request, chunks)).toEqual({ status, code, failures: [] });
  });

  it("for what is no HTTP: 400", async () => {
    const { ports } = await guardedServer();
    const answer = await sendThenRead(ports.controlPort, "stt, please\r\n\r\n", 20);
    expect(answer).toEqual({ status: 400, code: "bad_message", failures: [] });
  });
});

it("does not read on for ever: a client that never stops sending is cut off", async () => {
  const { ports } = await guardedServer();
  const answer = await sendThenRead(ports.dataPort, upgradeOf("/v2/stream"), 1000);
  expect(answer.failures.length).toBeGreaterThan(0);
});
