import { createServer as createTcpServer } from "node:net";
import { FakeEngine, FakeVad } from "@stt/core/testing";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createServer, type SttServer } from "../../src/index.js";
import { RawSocket } from "../support/raw-socket.js";
import { createTestServer, TEST_CONFIG, type TestServer } from "../support/test-server.js";

const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function fakeServer(config: Parameters<typeof createTestServer>[0] = {}): Promise<TestServer> {
  const target = await createTestServer(config, { engine: new FakeEngine(), vad: new FakeVad() });
  open.push(target.server);
  return target;
}

/** The answer to a refused upgrade. */
function refusal(url: string): Promise<{ status: number; retryAfter: string | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.on("error", () => {});
    socket.on("open", () => reject(new Error("the upgrade was accepted")));
    socket.on("unexpected-response", (_request, response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          retryAfter: response.headers["retry-after"],
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
  });
}

describe("both listeners", () => {
  it("serve the same HTTP application and the native stream", async () => {
    const { ports } = await fakeServer();
    for (const port of [ports.controlPort, ports.dataPort]) {
      const health = await fetch(`http://127.0.0.1:${port}/healthz`);
      expect([health.status, await health.json()]).toEqual([200, { status: "ok" }]);
      const ready = await fetch(`http://127.0.0.1:${port}/readyz`);
      expect([ready.status, await ready.json()]).toEqual([200, { ready: true }]);
      const socket = await RawSocket.start(`ws://127.0.0.1:${port}/v1/stream`);
      expect(socket.socket.protocol).toBe("stt.v1");
      socket.close();
    }
  });

  it("may share one port", async () => {
    const probe = await fakeServer();
    const port = probe.ports.dataPort;
    await probe.server.close();
    const { ports } = await fakeServer({ controlPort: port, dataPort: port });
    expect(ports).toMatchObject({ controlPort: port, dataPort: port });
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  });

  it("serve a client that offers no subprotocol", async () => {
    const { url } = await fakeServer();
    const socket = new WebSocket(url);
    await new Promise((resolve) => socket.once("open", resolve));
    expect(socket.protocol).toBe("");
    socket.close();
  });

  it("answer an unknown path with 404, as a page and as a socket", async () => {
    const { http, url } = await fakeServer();
    const page = await fetch(`${http}/nothing`);
    expect(page.status).toBe(404);
    expect(await page.json()).toMatchObject({ error: { code: "not_found" } });
    expect(await refusal(url.replace("/v1/stream", "/v9/nothing"))).toMatchObject({ status: 404 });
  });
});

describe("a full server", () => {
  it("refuses before the upgrade, with 503 and Retry-After, and takes the next once there is a place", async () => {
    const { url } = await fakeServer({ maxSessions: 1 });
    const first = await RawSocket.start(url);
    expect(await refusal(url)).toMatchObject({
      status: 503,
      retryAfter: "5",
      body: expect.stringContaining("capacity"),
    });
    first.close();
    await expect
      .poll(async () =>
        RawSocket.start(url)
          .then((socket) => socket.close())
          .then(
            () => "served",
            () => "refused",
          ),
      )
      .toBe("served");
  });
});

describe("a page of a browser, which is shown no HTTP status", () => {
  async function turnedAway(url: string, headers: Record<string, string> = { origin: "http://localhost:3000" }) {
    const raw = new RawSocket(new WebSocket(url, ["stt.v1", "stt.bearer.secret"], { headers }));
    open.push(raw);
    const { code } = await raw.ended();
    return { code, protocol: raw.socket.protocol, messages: raw.messages };
  }

  it("is told in the socket that the server is full, and when to come again", async () => {
    const { url, server } = await fakeServer({ maxSessions: 1 });
    open.push(await RawSocket.start(url));
    expect(await turnedAway(url)).toEqual({
      code: 1013,
      protocol: "stt.v1",
      messages: [
        { type: "error", code: "capacity", message: expect.stringMatching(/\.$/), fatal: true, retryAfterMs: 5000 },
      ],
    });
    expect(server.sessions).toBe(1);
    // A program, which sends no Origin, goes on reading the status.
    expect((await refusal(url)).status).toBe(503);
  });
});

describe("a server that is closed", () => {
  it("does not wait for a client that never answers", async () => {
    const { server, url } = await fakeServer();
    const deaf = await RawSocket.start(url);
    deaf.socket.pause();
    await server.close();
    expect(server.sessions).toBe(0);
    deaf.close();
  }, 5000);
});

describe("a start that cannot succeed", () => {
  async function failure(server: SttServer) {
    open.push(server);
    return server.listen().then(
      () => undefined,
      (error: Error & { code: string }) => error,
    );
  }

  it("names the port that is in use and its variable", async () => {
    const taken = createTcpServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    open.push(taken);
    const { port } = taken.address() as { port: number };
    const config = { ...TEST_CONFIG, dataPort: port };
    const error = await failure(createServer({ config, engine: new FakeEngine(), vad: new FakeVad() }));
    expect(error).toMatchObject({ code: "port_in_use", message: expect.stringContaining(String(port)) });
    expect(error?.message).toContain("DATA_PORT");
  });

  it("names the model file that is missing and its variable", async () => {
    const config = { ...TEST_CONFIG, whisperModel: "/nowhere/ggml-medium.bin" };
    const error = await failure(createServer({ config }));
    expect(error).toMatchObject({
      code: "model_not_found",
      message: expect.stringContaining("/nowhere/ggml-medium.bin"),
    });
    expect(error?.message).toContain("WHISPER_MODEL");
  });

  it("names the address that is not this machine's", async () => {
    const config = { ...TEST_CONFIG, bindHost: "192.0.2.1" };
    const error = await failure(createServer({ config, engine: new FakeEngine(), vad: new FakeVad() }));
    expect(error).toMatchObject({ code: "io_error", message: expect.stringContaining("BIND_HOST") });
  });

  it("leaves no port open behind it", async () => {
    const probe = await fakeServer();
    const { controlPort, dataPort } = probe.ports;
    await probe.server.close();
    const config = { ...TEST_CONFIG, controlPort, dataPort, whisperModel: "/nowhere/ggml-medium.bin" };
    expect(await failure(createServer({ config }))).toBeDefined();
    await expect(fetch(`http://127.0.0.1:${controlPort}/healthz`)).rejects.toThrow();
  });
});
