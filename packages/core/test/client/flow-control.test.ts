import { describe, expect, it } from "vitest";
import { paced, type SttClientOptions } from "../../src/index.js";
import { FakeClock, memorySocketFactory, settle } from "../../src/testing/index.js";
import { createHarness, exchange, fileOf, microphoneOf, pcm } from "./support/harness.js";

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
    const { client, clock, socket, refuse, events, sessions, speak } = await speaking({ maxReplayMs: 2000 });
    refuse.status = 502;
    socket.terminate();
    await exchange();
    await speak(50);
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
    await expect(client.stop()).rejects.toMatchObject({
      code: "buffer_overflow",
      message: expect.stringMatching(/^3\.0 s/),
    });
    const { status, text, error } = client.getSnapshot();
    expect({ status, error, begins: text.startsWith("48000-49000") }).toEqual({
      status: "idle",
      error: null,
      begins: true,
    });
  });

  it("steps over the gap with a new start when the network is slower than the voice", async () => {
    const { clock, socket, events, sessions, speak } = await speaking({ maxReplayMs: 1000, maxBufferedBytes: 1000 });
    socket.pause();
    await speak(30);
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
    const harness = await speaking({ maxReplayMs: 2000 });
    const { speak, clock, refuse, script, sessions } = harness;
    refuse.status = 502;
    harness.socket.terminate();
    await exchange();
    await speak(50);
    script.sendReady = false;
    refuse.status = undefined;
    await clock.advanceAsync(2000);
    await exchange();
    expect(sessions.at(-1)?.start?.resume?.fromSample).toBe(48_000);
    return { ...harness, lost: () => harness.events.filter(({ type }) => type === "warning") };
  }

  it("keeps what a server was promised until it is ready to take it", async () => {
    const { client, sessions, lost, speak } = await resuming();
    const told = lost().length;
    await speak(10);
    sessions.at(-1)!.sendReady();
    await exchange();
    await speak(1);
    await exchange();
    expect(sessions.at(-1)).toMatchObject({ violations: [], receivedSamples: 97_600 });
    expect(lost()).toHaveLength(told);
    await client.close();
  });

  it("keeps its bound over attempts that fail", async () => {
    const { client, clock, script, cut, sessions, lost, speak } = await resuming();
    for (let attempt = 0; attempt < 5; attempt++) {
      await speak(10);
      const { length } = sessions;
      const told = lost().length;
      cut();
      await exchange();
      await speak(1);
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

describe("push", () => {
  it("refuses what would cost unsent audio, and nothing of what it took is missing", async () => {
    const { client, clock, refuse, events, sessions } = await started({ maxReplayMs: 2000 });
    refuse.status = 502;
    sessions.at(-1)!.script.sendEnd = true;
    let taken = 0;
    // Twenty minutes in one loop.
    for (let i = 0; i < 12_000; i++) {
      try {
        client.push(pcm(1600));
        taken += 1600;
      } catch (error) {
        expect(error).toMatchObject({ code: "buffer_overflow", retryable: true });
      }
    }
    expect(taken).toBeGreaterThanOrEqual(32_000);
    refuse.status = undefined;
    await clock.advanceAsync(2000);
    await exchange();
    expect(events.filter(({ type }) => type === "warning")).toEqual([]);
    expect(await client.stop()).toMatch(new RegExp(`^0-1000 .*-${taken}$`));
  });

  it("refuses at once what never fits, and takes the next that does", async () => {
    const { client } = await started({ maxReplayMs: 2000 });
    expect(() => client.push(pcm(20 * 60 * 16_000))).toThrow(
      expect.objectContaining({ code: "buffer_overflow", message: expect.stringContaining("Nothing of it was taken") }),
    );
    client.push(pcm(16_000));
    await exchange();
    expect(client.getSnapshot().text).toMatch(/^0-.*-16000$/);
    await client.close();
  });

  it("loses nothing of what comes in the smallest pieces", async () => {
    const { client, sessions } = await started({ maxReplayMs: 30_000 });
    sessions.at(-1)!.script.sendEnd = true;
    for (let i = 0; i < 20_000; i++) client.push(pcm(1));
    const text = await client.stop();
    expect(text).toMatch(/-20000$/);
    expect(sessions.at(-1)!.violations).toEqual([]);
  });

  it("counts what was sent but has no final yet while the server is away", async () => {
    const { client, socket, refuse } = await started({ maxReplayMs: 1000 }, { utteranceSamples: 1_000_000 });
    client.push(pcm(12_000));
    await exchange();
    client.push(pcm(12_000));
    await exchange();
    refuse.status = 502;
    socket.terminate();
    await exchange();
    expect(() => client.push(pcm(1600))).toThrow(/no room for another 0\.1 s: 1\.0 s wait/);
    await client.close();
  });

  it("refuses at once what never fits, and takes the same in pieces with drained", async () => {
    const { client } = await started({ maxReplayMs: 1000 });
    expect(() => client.push(pcm(16_001))).toThrow(/Nothing of it was taken/);
    for (let i = 0; i < 40; i++) {
      client.push(pcm(1600));
      await client.drained();
    }
    expect(await client.stop()).toMatch(/^0-1000 .*63000-64000$/);
  });

  it("lets nobody wait for ever: drained ends with the recording and with its signal", async () => {
    const { client, socket, refuse } = await started();
    refuse.status = 502;
    socket.terminate();
    await exchange();
    client.push(pcm(1600));
    const abort = new AbortController();
    const aborted = client.drained({ signal: abort.signal });
    const waiting = client.drained();
    abort.abort();
    await expect(aborted).rejects.toMatchObject({ code: "aborted" });
    await client.close();
    await expect(waiting).rejects.toMatchObject({ code: "aborted" });
    await expect(client.drained()).rejects.toMatchObject({ code: "invalid_state" });
  });

  it.each([
    ["Int16Array", new Int16Array(500)],
    ["DataView", new DataView(new ArrayBuffer(1010), 10)],
    ["Buffer", Buffer.alloc(1000)],
    ["a part of a Float32Array", new Float32Array(300).subarray(25, 275)],
  ])("takes a %s as bytes", async (_, view) => {
    const { client, sessions } = await started();
    client.push(view);
    expect(await client.stop()).toBe("0-500");
    expect(sessions[0]?.violations).toEqual([]);
  });

  it("takes the bytes that a view shows, in their order", async () => {
    const frames: Uint8Array[] = [];
    const { client } = await started({ socketFactory: recordingFactory(frames) });
    const samples = new Int16Array([9, 1, 2, 3, 9]).subarray(1, 4);
    client.push(samples);
    await exchange();
    const frame = frames[0]!;
    expect([...frame.slice(-6)]).toEqual([1, 0, 2, 0, 3, 0]);
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

/** A recording from a microphone, which waits for nobody; `speak` says so many tenths of a second. */
async function speaking(options: SttClientOptions) {
  const harness = createHarness(options);
  const source = microphoneOf();
  await harness.client.start(source);
  const speak = async (tenths: number) => {
    for (let i = 0; i < tenths; i++) source.speak(1600);
    await settle(10 * tenths);
  };
  return { ...harness, session: harness.session, socket: harness.socket, speak };
}

/** A server that says it is ready, and keeps the binary frames. */
function recordingFactory(frames: Uint8Array[]) {
  return memorySocketFactory((server) => {
    server.onmessage = ({ data }) => {
      if (typeof data !== "string") frames.push(data);
      else if (JSON.parse(data).type === "start") server.send(JSON.stringify(READY));
    };
    return undefined;
  });
}

const READY = {
  type: "ready",
  protocol: 1,
  sessionId: "s",
  model: "m",
  realtimeModel: "m",
  device: "cpu",
  resumed: false,
  receivedSamples: 0,
  limits: { maxFrameBytes: 65_544, maxBufferedMs: 30_000 },
};
