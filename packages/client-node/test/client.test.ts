import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { createSttClient, fileSource } from "../src/index.js";
import { createTestServer, type TestServer } from "./support/ws-server.js";

const SAMPLE = fileURLToPath(new URL("../../../samples/en_01.wav", import.meta.url));

describe("createSttClient over real WebSockets", () => {
  let server: TestServer;
  afterEach(() => server.close());

  it("sends a whole file and returns the text of all finals", async () => {
    server = await createTestServer();
    const client = createSttClient({ url: server.url, language: "en" });
    const source = await fileSource(SAMPLE);
    const samples = Math.round((source.durationMs ?? 0) * 16);
    const text = await client.transcribe(source);
    expect(text).toBe(`0-16000 16000-32000 32000-${samples}`);
    expect(server.paths).toEqual(["/v1/stream"]);
    expect(server.sessions[0]?.violations).toEqual([]);
    expect(server.sessions[0]?.start).toMatchObject({ language: "en", audio: { sampleRate: 16_000, channels: 1 } });
    expect(client.getSnapshot().status).toBe("idle");
    await client.close();
  });

  it("loses nothing and repeats nothing when the connection is cut in mid-file", async () => {
    server = await createTestServer();
    const client = createSttClient({ url: server.url, reconnect: { initialDelayMs: 1 } });
    let finals = 0;
    client.on("final", () => {
      if (++finals === 2) server.cut();
    });
    const source = await fileSource(SAMPLE);
    const samples = Math.round((source.durationMs ?? 0) * 16);
    const text = await client.transcribe(source);
    expect(text).toBe(`0-16000 16000-32000 32000-${samples}`);
    expect(server.sessions).toHaveLength(2);
    expect(server.sessions[1]?.start?.resume).toMatchObject({
      fromSample: 0,
      finalizedSamples: 32_000,
      nextUtterance: 2,
    });
    await client.close();
  });

  it("sends the token as a header and asks for it before every connection", async () => {
    server = await createTestServer();
    let asked = 0;
    const client = createSttClient({ url: server.url, token: async () => `t${++asked}` });
    await client.connect();
    server.cut();
    await expect.poll(() => client.getSnapshot().status).toBe("idle");
    await client.connect();
    expect(server.upgrades.map((headers) => headers.authorization)).toEqual(["Bearer t1", "Bearer t2"]);
    await client.close();
  });

  it.each([
    [401, "unauthorized", false],
    [503, "capacity", true],
    [404, "connection_failed", false],
  ])("rejects with the reason of an upgrade refused with %i", async (status, code, retryable) => {
    server = await createTestServer();
    server.refuse = { status, headers: ["Retry-After: 7"] };
    const client = createSttClient({ url: server.url });
    await expect(client.connect()).rejects.toMatchObject({ code, retryable });
    expect(client.getSnapshot()).toMatchObject({ status: "failed", error: { code } });
    await client.close();
  });

  it("names the server when it cannot be reached", async () => {
    server = await createTestServer();
    const { port } = server;
    await server.close();
    const client = createSttClient({ url: `ws://127.0.0.1:${port}` });
    await expect(client.connect()).rejects.toMatchObject({
      code: "connection_failed",
      message: expect.stringContaining(`127.0.0.1:${port}`),
    });
    await client.close();
    server = await createTestServer();
  });
});
