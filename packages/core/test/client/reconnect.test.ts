import { describe, expect, it } from "vitest";
import {
  createHarness,
  exchange,
  FIRST_DELAY_MS,
  fileOf,
  hostsOf,
  microphoneOf,
  pcm,
  startedHarness,
  TWO_SERVERS,
} from "./support/harness.js";

describe("a connection that is cut", () => {
  it("before ready is made again within the same start", async () => {
    const { client, clock, cut, script, sessions } = createHarness();
    script.sendReady = false;
    const starting = client.start();
    client.push(pcm(500));
    await exchange();
    expect(sessions).toHaveLength(1);
    cut();
    await exchange();
    expect(client.getSnapshot().status).toBe("connecting");
    script.sendReady = true;
    await clock.advanceAsync(FIRST_DELAY_MS);
    await starting;
    expect(sessions[1]?.start?.resume).toBeUndefined();
    expect(await client.stop()).toBe("0-500");
  });

  it("does not hold up a microphone", async () => {
    const { client, clock, cut } = createHarness();
    const mic = microphoneOf();
    await client.start(mic);
    mic.speak(200);
    await exchange();
    cut();
    await exchange();
    for (let i = 0; i < 10; i++) mic.speak(100);
    await exchange();
    await clock.advanceAsync(FIRST_DELAY_MS);
    await exchange();
    expect(await client.stop()).toBe("0-1000 1000-1200");
  });

  it("does not let a file run ahead", async () => {
    const { client, clock, cut } = createHarness({}, { maxBufferedMs: 100_000 });
    const file = fileOf(100_000);
    const transcribing = client.transcribe(file);
    await exchange();
    cut();
    await exchange();
    const { pulled } = file;
    await exchange();
    expect(file.pulled).toBe(pulled);
    await clock.advanceAsync(FIRST_DELAY_MS);
    const text = await transcribing;
    expect(text.split(" ")).toHaveLength(100);
  });

  it("backs off with full jitter, and starts small again after progress", async () => {
    const { client, clock, cut, refuse, events } = await startedHarness();
    client.push(pcm(10));
    await exchange();
    refuse.status = 502;
    cut();
    await exchange();
    for (const delayMs of [500, 1000, 2000]) await clock.advanceAsync(delayMs);
    await exchange();
    refuse.status = undefined;
    await clock.advanceAsync(4000);
    await exchange();
    client.push(pcm(2000));
    await exchange();
    cut();
    await exchange();
    const delays = events.flatMap((event) => (event.type === "reconnecting" ? [[event.attempt, event.delayMs]] : []));
    expect(delays).toEqual([
      [1, 500],
      [2, 1000],
      [3, 2000],
      [4, 4000],
      [1, 500],
    ]);
  });

  it("keeps backing off while every connection dies of the same audio", async () => {
    const { client, clock, cut, events, script } = await startedHarness({}, { sendAcks: false });
    script.utteranceSamples = 1e9;
    client.push(pcm(100));
    for (let i = 0; i < 3; i++) {
      cut();
      await exchange();
      await clock.advanceAsync(500 * 2 ** i);
      await exchange();
    }
    const attempts = events.flatMap((event) => (event.type === "reconnecting" ? [event.attempt] : []));
    expect(attempts).toEqual([1, 2, 3]);
  });

  it("fails when reconnecting takes longer than it may", async () => {
    const { client, clock, cut, refuse } = await startedHarness({ reconnect: { giveUpAfterMs: 3000 } });
    refuse.status = 502;
    cut();
    await exchange();
    await clock.advanceAsync(3000);
    expect(client.getSnapshot()).toMatchObject({ status: "failed", error: { code: "connection_failed" } });
    await client.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it("is not made again when reconnecting is switched off", async () => {
    const { client, cut } = await startedHarness({ reconnect: { enabled: false } });
    cut();
    await exchange();
    expect(client.getSnapshot()).toMatchObject({ status: "failed" });
  });
});

describe("a token that ends in mid-session", () => {
  function tokenEnds({ session, socket }: ReturnType<typeof createHarness>): Promise<void> {
    session.send({ type: "error", code: "unauthorized", message: "The token has expired.", fatal: true });
    socket.close(4401, "unauthorized");
    return exchange();
  }

  it("is followed by the provider's next one, and nothing is lost", async () => {
    let asked = 0;
    const harness = createHarness({ token: async () => `t${++asked}` });
    const { client, clock, requests, sessions } = harness;
    await client.start();
    client.push(pcm(1300));
    await exchange();
    await tokenEnds(harness);
    client.push(pcm(400));
    await clock.advanceAsync(FIRST_DELAY_MS);
    await exchange();
    expect(requests.map(({ token }) => token)).toEqual(["t1", "t2"]);
    expect(sessions[1]?.start?.resume).toMatchObject({ fromSample: 1000 });
    expect(await client.stop()).toBe("0-1000 1000-1700");
  });

  it("ends the recording where it is the only one", async () => {
    const harness = createHarness({ token: "t1" });
    await harness.client.start();
    await tokenEnds(harness);
    expect(harness.client.getSnapshot()).toMatchObject({ status: "failed", error: { code: "unauthorized" } });
    expect(harness.requests).toHaveLength(1);
  });

  it("ends the recording when the next one is refused too", async () => {
    const harness = createHarness({ token: async () => "stale" });
    const { client, clock, script, requests } = harness;
    await client.start();
    script.sendReady = false;
    await tokenEnds(harness);
    await clock.advanceAsync(FIRST_DELAY_MS);
    await exchange();
    await tokenEnds(harness);
    expect(client.getSnapshot()).toMatchObject({ status: "failed", error: { code: "unauthorized" } });
    expect(requests).toHaveLength(2);
  });
});

describe("a server that refuses a client which comes back", () => {
  it("is left at once for the next one, and waited for only after all have refused", async () => {
    const harness = await startedHarness(TWO_SERVERS);
    const { client, clock, refuse, cut } = harness;
    cut();
    refuse.status = 503;
    await exchange();
    await clock.advanceAsync(FIRST_DELAY_MS);
    await exchange();
    expect(hostsOf(harness)).toEqual(["one", "two", "one"]);
    expect(client.getSnapshot()).toMatchObject({
      status: "reconnecting",
      reconnect: { attempt: 2, nextDelayMs: 2 * FIRST_DELAY_MS, code: "capacity" },
    });
    refuse.status = undefined;
    await clock.advanceAsync(2 * FIRST_DELAY_MS);
    await exchange();
    expect(hostsOf(harness)).toEqual(["one", "two", "one", "two"]);
    expect(client.getSnapshot().status).toBe("listening");
    await client.close();
  });

  it("is left at once also when it says so on an open socket, as to a page", async () => {
    const harness = createHarness(TWO_SERVERS);
    const { client, clock, script, cut } = harness;
    await client.start();
    script.sendReady = false;
    cut();
    await exchange();
    await clock.advanceAsync(FIRST_DELAY_MS);
    await exchange();
    harness.session.send({ type: "error", code: "capacity", message: "Full.", fatal: true, retryAfterMs: 5000 });
    script.sendReady = true;
    harness.socket.close(1013, "capacity");
    await exchange();
    expect(hostsOf(harness)).toEqual(["one", "two", "one"]);
    expect(client.getSnapshot().status).toBe("listening");
    await client.close();
  });
});
