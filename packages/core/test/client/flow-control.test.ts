import { describe, expect, it } from "vitest";
import { paced } from "../../src/index.js";
import { FakeClock, settle } from "../../src/testing/index.js";
import { createHarness, exchange, fileOf, pcm } from "./support/harness.js";

describe("flow control", () => {
  it("holds a file back while the server has too much unacknowledged audio", async () => {
    const { client, session, sessions } = await withFile({ sendAcks: false, maxBufferedMs: 1000 });
    expect(session.receivedSamples).toBe(16_000);
    session.ack();
    await settle(5000);
    expect(session.receivedSamples).toBe(32_000);
    expect(sessions).toHaveLength(1);
    await client.close();
  });

  it("holds a file back while the socket is full, and goes on when it drains", async () => {
    const { client, clock, file, socket, session } = await withFile(
      { maxBufferedMs: 0 },
      { maxBufferedBytes: 10_000 },
      true,
    );
    expect(file.pulled * 2).toBeLessThan(12_000);
    const stalled = file.pulled;
    await clock.advanceAsync(100);
    await exchange();
    expect(file.pulled).toBe(stalled);
    socket.resume();
    await clock.advanceAsync(50);
    await settle(5000);
    expect(session.receivedSamples).toBeGreaterThan(stalled);
    await client.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it("never holds pushed audio back from the application", async () => {
    const { client, socket, session } = await started({ maxBufferedBytes: 1000 });
    socket.pause();
    for (let i = 0; i < 50; i++) client.push(pcm(1000));
    await exchange();
    expect(session.receivedSamples).toBe(0);
    socket.resume();
  });

  it("splits frames to the server's limit", async () => {
    const { client, session } = await started({}, { maxFrameBytes: 208 });
    client.push(pcm(450));
    await exchange();
    expect(session.violations).toEqual([]);
    expect(session.frames).toBe(5);
  });

  it("sends nothing twice to a server that has it already", async () => {
    const { client, clock, socket, sessions, script } = await started();
    client.push(pcm(600));
    await exchange();
    script.sendReady = false;
    socket.terminate();
    await exchange();
    await clock.advanceAsync(500);
    await exchange();
    const resumed = sessions[1]!;
    resumed.receivedSamples = 400;
    resumed.sendReady();
    await exchange();
    expect(resumed.frames).toBe(1);
    expect(resumed.receivedSamples).toBe(600);
  });
});

describe("audio beyond the replay bound", () => {
  it("is given up with a warning that tells how much, and the timeline goes on after it", async () => {
    const { client, clock, socket, refuse, events, sessions } = await started({ maxReplayMs: 2000 });
    refuse.status = 502;
    socket.terminate();
    await exchange();
    for (let i = 0; i < 50; i++) client.push(pcm(1600));
    const lost = () =>
      events.reduce(
        (sum, event) => sum + (event.type === "warning" && event.code === "buffer_overflow" ? event.lostMs! : 0),
        0,
      );
    expect(lost()).toBeGreaterThan(0);
    refuse.status = undefined;
    await clock.advanceAsync(2000);
    await exchange();
    expect(lost()).toBe(3000);
    expect(sessions.at(-1)?.start?.resume).toMatchObject({ fromSample: 48_000 });
    expect(sessions.at(-1)?.violations).toEqual([]);
    expect((await client.stop()).startsWith("48000-49000")).toBe(true);
  });

  it("steps over the gap with a new start when the network is slower than the voice", async () => {
    const { client, clock, socket, events, sessions } = await started({ maxReplayMs: 1000, maxBufferedBytes: 1000 });
    socket.pause();
    for (let i = 0; i < 30; i++) client.push(pcm(1600));
    await exchange();
    await clock.advanceAsync(10);
    await exchange();
    await clock.advanceAsync(1000);
    await exchange();
    expect(events.filter((event) => event.type === "warning")).not.toEqual([]);
    expect(sessions).toHaveLength(2);
    expect(sessions[1]?.start?.resume?.fromSample).toBe(32_000);
    expect(sessions[1]?.violations).toEqual([]);
  });
});

describe("a full replay memory", () => {
  /** Disconnected with two seconds kept; the next session has got its `start`, and answers when the test says so. */
  async function resuming() {
    const harness = await started({ maxReplayMs: 2000 });
    const { client, clock, refuse, script, sessions } = harness;
    refuse.status = 502;
    harness.socket.terminate();
    await exchange();
    for (let i = 0; i < 50; i++) client.push(pcm(1600));
    script.sendReady = false;
    refuse.status = undefined;
    await clock.advanceAsync(2000);
    await exchange();
    expect(sessions.at(-1)?.start?.resume?.fromSample).toBe(48_000);
    return { ...harness, lost: () => harness.events.filter(({ type }) => type === "warning") };
  }

  it("keeps what a server was promised until it is ready to take it", async () => {
    const { client, sessions, lost } = await resuming();
    const told = lost().length;
    for (let i = 0; i < 10; i++) client.push(pcm(1600));
    sessions.at(-1)!.sendReady();
    await exchange();
    client.push(pcm(1600));
    await exchange();
    expect(sessions.at(-1)).toMatchObject({ violations: [], receivedSamples: 97_600 });
    expect(lost()).toHaveLength(told);
    await client.close();
  });

  it("keeps its bound over attempts that fail", async () => {
    const { client, clock, script, cut, sessions, lost } = await resuming();
    for (let attempt = 0; attempt < 5; attempt++) {
      for (let i = 0; i < 10; i++) client.push(pcm(1600));
      const { length } = sessions;
      const told = lost().length;
      cut();
      await exchange();
      client.push(pcm(1600));
      expect(lost().length).toBeGreaterThan(told);
      await clock.advanceAsync(20_000);
      await exchange();
      expect(sessions.length).toBeGreaterThan(length);
    }
    script.sendReady = true;
    await clock.advanceAsync(20_000);
    await exchange();
    const { start } = sessions.at(-1)!;
    expect(start?.resume?.fromSample).toBe(80_000 + 5 * 17_600 - 32_000);
    await client.close();
  });
});

describe("pace", () => {
  it("delivers a file at the speed of speech without drift", async () => {
    const clock = new FakeClock(1000);
    const times: number[] = [];
    let bytes = 0;
    const reading = (async () => {
      for await (const chunk of paced(fileOf(16_000, 700), clock).chunks(new AbortController().signal)) {
        bytes += chunk.byteLength;
        times.push(clock.now() - 1000 - bytes / 32);
      }
    })();
    // A coarse and uneven clock, as a busy machine's.
    for (let i = 0; i < 40; i++) await clock.advanceAsync(i % 3 === 0 ? 61 : 17);
    await reading;
    expect(bytes).toBe(32_000);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(0);
    expect(times.at(-1)).toBeLessThan(1);
  });

  it("ends at once, with no timer left, when its signal fires", async () => {
    const clock = new FakeClock();
    const abort = new AbortController();
    const reading = (async () => {
      for await (const chunk of paced(fileOf(16_000), clock).chunks(abort.signal)) void chunk;
    })();
    await settle();
    abort.abort();
    await reading;
    expect(clock.pendingTimers).toBe(0);
  });

  it("is what start does with pace 1, and not with pace 0", async () => {
    for (const [pace, expected] of [
      [1, 8000],
      [0, 16_000],
    ] as const) {
      const { client, clock, sessions } = createHarness();
      await client.start(fileOf(16_000), { pace });
      await clock.advanceAsync(500);
      await settle(5000);
      expect(sessions[0]?.receivedSamples).toBe(expected);
      await client.close();
    }
  });
});

describe("liveness", () => {
  it("measures the round trip", async () => {
    const { client, clock, session, script } = await started({}, { sendPongs: false });
    await clock.advanceAsync(42);
    session.send({ type: "pong", id: 1 });
    await exchange();
    expect(client.getSnapshot().latencyMs).toBe(42);
    script.sendPongs = true;
  });

  it("notices a connection that is open on one side only, and resumes", async () => {
    const { client, clock, socket, sessions } = await started();
    client.push(pcm(100));
    await exchange();
    await clock.advanceAsync(10_000);
    socket.pause();
    await clock.advanceAsync(20_000);
    await exchange();
    await clock.advanceAsync(500);
    await exchange();
    expect(sessions).toHaveLength(2);
    expect(await client.stop()).toBe("0-100");
  });

  it("takes any message for a sign of life", async () => {
    const { clock, session, sessions } = await started({}, { sendPongs: false });
    for (let i = 0; i < 10; i++) {
      await clock.advanceAsync(9000);
      session.ack();
      await exchange();
    }
    expect(sessions).toHaveLength(1);
  });
});

async function started(...args: Parameters<typeof createHarness>) {
  const harness = createHarness(...args);
  await harness.client.start();
  await exchange();
  return { ...harness, session: harness.session, socket: harness.socket };
}

async function withFile(
  script: Parameters<typeof createHarness>[1],
  options: Parameters<typeof createHarness>[0] = {},
  paused = false,
) {
  const harness = createHarness(options, script);
  const file = fileOf(200_000);
  const starting = harness.client.start(file);
  await starting;
  if (paused) harness.socket.pause();
  await settle(5000);
  return { ...harness, file, session: harness.session, socket: harness.socket };
}
