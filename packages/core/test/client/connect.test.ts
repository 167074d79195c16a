import { describe, expect, it } from "vitest";
import { SttClient } from "../../src/index.js";
import { FakeClock } from "../../src/testing/index.js";
import { createHarness, exchange, pcm, stateOf } from "./support/harness.js";

describe("connect", () => {
  it("resolves when the socket is open, without starting a session", async () => {
    const { client, sessions } = createHarness();
    await client.connect();
    expect(client.getSnapshot().status).toBe("connected");
    expect(sessions[0]?.received).toEqual([]);
    await client.connect();
    await client.start();
    expect(sessions[0]?.start?.type).toBe("start");
  });

  it("offers our subprotocol and asks the token provider before every connection", async () => {
    let asked = 0;
    const { client, requests, cut } = createHarness({ token: () => Promise.resolve(`t${++asked}`) });
    await client.connect();
    cut();
    await exchange();
    expect(client.getSnapshot().status).toBe("idle");
    await client.connect();
    expect(requests).toEqual([
      { url: "ws://one:8012/v1/stream", protocols: ["stt.v1"], token: "t1" },
      { url: "ws://one:8012/v1/stream", protocols: ["stt.v1"], token: "t2" },
    ]);
  });

  it("rejects when the token provider fails", async () => {
    const { client, requests } = createHarness({ token: () => Promise.reject(new Error("no session")) });
    await expect(client.connect()).rejects.toMatchObject({ message: expect.stringContaining("no session") });
    expect(requests).toEqual([]);
  });

  it("rejects when the token provider never answers", async () => {
    const { client, clock } = createHarness({ token: () => new Promise(() => {}) });
    const connecting = client.connect();
    await clock.advanceAsync(15_000);
    await expect(connecting).rejects.toMatchObject({ code: "timeout" });
  });

  it("rejects when the server never answers, naming it", async () => {
    const clock = new FakeClock();
    const client = new SttClient({
      url: "ws://black-hole:8012",
      clock,
      socketFactory: () => ({ bufferedAmount: 0, send() {}, close() {}, terminate() {} }),
      connectTimeoutMs: 2000,
    });
    const connecting = client.connect();
    await clock.advanceAsync(1999);
    expect(await stateOf(connecting)).toBe("pending");
    await clock.advanceAsync(1);
    await expect(connecting).rejects.toMatchObject({
      code: "timeout",
      message: expect.stringContaining("black-hole:8012"),
    });
    expect(clock.pendingTimers).toBe(0);
  });

  it("rejects when the server never becomes ready", async () => {
    const { client, clock } = createHarness({}, { sendReady: false });
    const starting = client.start();
    await clock.advanceAsync(15_000);
    await expect(starting).rejects.toMatchObject({ code: "timeout" });
    expect(client.getSnapshot().status).toBe("failed");
    expect(clock.pendingTimers).toBe(0);
  });

  it("rejects when the socket factory throws", async () => {
    const client = new SttClient({
      url: "ws://one:8012",
      clock: new FakeClock(),
      socketFactory: () => {
        throw new Error("not in this browser");
      },
    });
    await expect(client.connect()).rejects.toMatchObject({
      code: "connection_failed",
      message: expect.stringContaining("not in this browser"),
    });
  });

  it.each([
    [401, "unauthorized"],
    [503, "capacity"],
    [404, "connection_failed"],
  ])("rejects an upgrade refused with %i as %s, and may be tried again", async (status, code) => {
    const { client, refuse } = createHarness();
    refuse.status = status;
    await expect(client.start()).rejects.toMatchObject({ code });
    expect(client.getSnapshot()).toMatchObject({ status: "failed", error: { code } });
    refuse.status = undefined;
    await client.start();
    expect(client.getSnapshot()).toMatchObject({ status: "listening", error: null });
  });

  it("tries every URL once before it gives up", async () => {
    const { client, refuse, requests } = createHarness({ url: ["ws://one", "ws://two", "ws://three"] });
    refuse.status = 502;
    await expect(client.connect()).rejects.toMatchObject({ code: "connection_failed" });
    expect(requests.map((request) => request.url)).toEqual([
      "ws://one/v1/stream",
      "ws://two/v1/stream",
      "ws://three/v1/stream",
    ]);
  });

  it("keeps trying from the start where that is wished, and says when", async () => {
    const { client, clock, refuse } = createHarness({ reconnect: { initial: true } });
    refuse.status = 503;
    const starting = client.start();
    client.push(pcm(100));
    await exchange();
    expect(client.getSnapshot()).toMatchObject({
      status: "connecting",
      reconnect: { nextDelayMs: 500, code: "capacity" },
    });
    refuse.status = undefined;
    await clock.advanceAsync(500);
    await starting;
    expect(await client.stop()).toBe("0-100");
  });

  it("is undone by its signal", async () => {
    const { client, clock } = createHarness({ token: () => new Promise(() => {}) });
    const abort = new AbortController();
    const connecting = client.connect({ signal: abort.signal });
    abort.abort();
    await expect(connecting).rejects.toMatchObject({ code: "aborted" });
    expect(client.getSnapshot().status).toBe("idle");
    expect(clock.pendingTimers).toBe(0);
  });

  it("refuses addresses that are none", () => {
    expect(() => createHarness({ url: "localhost" })).toThrow(/"localhost" is not a server address/);
    expect(() => createHarness({ url: [] })).toThrow(expect.objectContaining({ code: "invalid_argument" }));
  });
});
