/** What is refused can be read by every client, those too that send all of their body before they look for an answer. */
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { generate } from "selfsigned";
import { describe, expect, it } from "vitest";
import { wavBytes } from "../support/audio-files.js";
import { guardedServer, KeyFile, later, temporaryFolder } from "../support/secure-server.js";
import type { TestServer } from "../support/test-server.js";

const MIB = 2 ** 20;
const PART = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\nContent-Type: audio/wav\r\n\r\n';
const END = "\r\n--b--\r\n";

interface Request {
  /** Of the file; more than was announced is never sent. */
  bytes: number;
  headers?: Record<string, string>;
  /** Without a Content-Length. */
  chunked?: boolean;
  /** Between two pieces, milliseconds. */
  pauseMs?: number;
  pieceBytes?: number;
}

function headOf({ bytes, headers = {}, chunked = false }: Request): string {
  const length = PART.length + bytes + END.length;
  const all = {
    Host: "localhost",
    "Content-Type": "multipart/form-data; boundary=b",
    ...(chunked ? { "Transfer-Encoding": "chunked" } : { "Content-Length": String(length) }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `POST /v1/audio/transcriptions HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
}

/** Sends a request to its end before it reads a byte, as Python's `http.client` does. Fails when it cannot. */
async function sendBlindly(socket: Socket, request: Request): Promise<string> {
  const { bytes, chunked = false, pauseMs = 0, pieceBytes = MIB } = request;
  socket.pause();
  let failure: Error | undefined;
  socket.on("error", (error) => {
    failure = error;
  });
  const write = async (data: Buffer) => {
    if (failure) throw failure;
    const framed = chunked
      ? Buffer.concat([Buffer.from(`${data.length.toString(16)}\r\n`), data, Buffer.from("\r\n")])
      : data;
    await new Promise<void>((resolve, reject) => socket.write(framed, (error) => (error ? reject(error) : resolve())));
  };
  socket.write(headOf(request));
  await write(Buffer.from(PART));
  for (let sent = 0; sent < bytes; sent += pieceBytes) {
    await write(Buffer.alloc(Math.min(pieceBytes, bytes - sent)));
    if (pauseMs > 0) await delay(pauseMs);
  }
  await write(Buffer.from(END));
  if (chunked) socket.write("0\r\n\r\n");
  return (await socket.toArray()).join("");
}

async function open({ ports }: TestServer): Promise<Socket> {
  const socket = connect(ports.controlPort, "127.0.0.1");
  later(() => socket.destroy());
  await once(socket, "connect");
  return socket;
}

function expectRefusal(answer: string, status: number, code: string): void {
  const [head = "", body = ""] = answer.split("\r\n\r\n");
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(head.toLowerCase()).toContain("connection: close");
  expect(JSON.parse(body)).toMatchObject({ error: { code } });
}

describe("a client that sends everything before it reads", () => {
  it.each<[string, Request]>([
    ["a file far too large", { bytes: 100 * MIB }],
    ["a file too large whose length nobody announced", { bytes: 80 * MIB, chunked: true }],
    ["a slow upload", { bytes: 240_000, pieceBytes: 20_000, pauseMs: 100 }],
  ])(
    "reads why %s is refused",
    async (_what, request) => {
      const target = await guardedServer({ maxUploadBytes: 100_000, httpRequestTimeoutMs: 60_000 });
      expectRefusal(await sendBlindly(await open(target), request), 413, "too_large");
      expect((await fetch(`${target.http}/healthz`)).status).toBe(200);
    },
    30_000,
  );

  it("reads that it was too slow", async () => {
    const target = await guardedServer({ httpRequestTimeoutMs: 1500 });
    const request = { bytes: 100_000, pieceBytes: 20_000, pauseMs: 1000 };
    expectRefusal(await sendBlindly(await open(target), request), 408, "timeout");
  }, 30_000);

  it("reads it over TLS, and without a key", async () => {
    const keys = await KeyFile.create();
    await keys.add("somebody");
    const { cert, private: key } = await generate([{ name: "commonName", value: "localhost" }], { keyType: "ec" });
    const folder = await temporaryFolder();
    const files = { tlsCertFile: join(folder, "cert.pem"), tlsKeyFile: join(folder, "key.pem") };
    await writeFile(files.tlsCertFile, cert);
    await writeFile(files.tlsKeyFile, key);
    const { ports } = await guardedServer({ apiKeysFile: keys.path, ...files });
    const socket = connectTls({ port: ports.controlPort, host: "127.0.0.1", rejectUnauthorized: false });
    later(() => socket.destroy());
    await once(socket, "secureConnect");
    expectRefusal(await sendBlindly(socket, { bytes: 80 * MIB }), 401, "unauthorized");
  }, 30_000);

  it("reads 403, 429 and 503", async () => {
    const keys = await KeyFile.create();
    const watcher = bearerOf(await keys.add("watcher", { scopes: ["metrics"] }));
    const rare = bearerOf(
      await keys.add("rare", { limits: { requestsPerMinute: 1, sessions: 0, audioMinutesPerDay: 0 } }),
    );
    const target = await guardedServer({ apiKeysFile: keys.path, maxUploads: 1 });
    const send = async (headers: Record<string, string>) =>
      sendBlindly(await open(target), { bytes: 70 * MIB, headers });
    expectRefusal(await send(watcher), 403, "forbidden");
    // One upload that does not end takes the only place, and the only request of its key.
    const holder = await open(target);
    holder.write(headOf({ bytes: MIB, headers: { ...rare, Expect: "100-continue" } }));
    expect(String((await once(holder, "data"))[0])).toContain("100 Continue");
    expectRefusal(await send(rare), 429, "rate_limited");
    const other = bearerOf(await keys.add("other"));
    await target.server.reload();
    expectRefusal(await send(other), 503, "capacity");
  }, 30_000);
});

describe("a client that asks before it sends", () => {
  const EXPECT = { Expect: "100-continue" };

  it.each<[string, Request, number, string]>([
    ["a file too large", { bytes: 300 * MIB, headers: EXPECT }, 413, "too_large"],
    ["no form", { bytes: 10, headers: { ...EXPECT, "Content-Type": "audio/wav" } }, 415, "unsupported_media"],
    ["no key", { bytes: 10, headers: EXPECT }, 401, "unauthorized"],
  ])("is refused at once: %s", async (what, request, status, code) => {
    const keys = await KeyFile.create();
    const key = await keys.add("somebody");
    const target = await guardedServer({ apiKeysFile: keys.path });
    const headers = what === "no key" ? request.headers! : { ...request.headers, ...bearerOf(key) };
    const socket = await open(target);
    socket.write(headOf({ ...request, headers }));
    let answer = "";
    for await (const piece of socket) {
      answer += piece;
      if (answer.endsWith("}")) break;
    }
    expectRefusal(answer, status, code);
  });

  it("is told to go on otherwise, and gets its text", async () => {
    const socket = await open(await guardedServer());
    const audio = wavBytes(new Int16Array(16_000));
    socket.write(headOf({ bytes: audio.length, headers: { ...EXPECT, Connection: "close" } }));
    const [first] = await once(socket, "data");
    expect(String(first)).toBe("HTTP/1.1 100 Continue\r\n\r\n");
    socket.write(Buffer.concat([Buffer.from(PART), audio, Buffer.from(END)]));
    const answer = (await socket.toArray()).join("");
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toContain('"text":""');
  });
});

function bearerOf(key: string): Record<string, string> {
  return { Authorization: `Bearer ${key}` };
}
