import { describe, expect, it, vi } from "vitest";
import { SttError } from "../../src/errors.js";
import {
  FakeClock,
  FakeEngine,
  FakeVad,
  MemorySocket,
  memorySocketFactory,
  noiseSamples,
  settle,
  silenceSamples,
  toneSamples,
} from "../../src/testing/index.js";

describe("FakeClock", () => {
  it("runs timers in the order of their due times, each at its own time", () => {
    const clock = new FakeClock(1000);
    const log: string[] = [];
    const note = (name: string) => () => log.push(`${name}@${clock.now()}`);
    clock.setTimer(50, note("b"));
    clock.setTimer(20, note("a"));
    clock.setTimer(50, note("c"));
    clock.setTimer(20, () => clock.setTimer(5, note("nested")));
    const cancel = clock.setTimer(30, note("cancelled"));
    cancel();
    clock.advance(49);
    expect(log).toEqual(["a@1020", "nested@1025"]);
    clock.advance(1);
    expect(log.slice(2)).toEqual(["b@1050", "c@1050"]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("lets promises settle between timers when asked to", async () => {
    const clock = new FakeClock();
    const log: string[] = [];
    clock.setTimer(10, () => void Promise.resolve().then(() => log.push("after first")));
    clock.setTimer(20, () => log.push("second"));
    await clock.advanceAsync(20);
    expect(log).toEqual(["after first", "second"]);
  });
});

describe("FakeEngine", () => {
  const audio = silenceSamples(1000);

  it("answers by script, with words that share the audio", async () => {
    const engine = new FakeEngine({ answers: ["one two", "three"] });
    const first = await engine.transcribe(audio, { language: "en", words: true });
    expect(first).toMatchObject({ text: "one two", language: "en", audioMs: 1000 });
    expect(first.segments[0]!.words?.map(({ text, endMs }) => [text, endMs])).toEqual([
      ["one", 500],
      ["two", 1000],
    ]);
    expect((await engine.transcribe(audio, { language: "ru" })).text).toBe("three");
    expect((await engine.transcribe(audio, { language: "ru" })).text).toBe("three");
    expect(engine.calls.map((call) => call.state)).toEqual(["done", "done", "done"]);
  });

  it("takes its time on the clock, and counts how many calls ran at once", async () => {
    const clock = new FakeClock();
    const engine = new FakeEngine({
      clock,
      latencyMs: (call) => (call.index === 0 ? 200 : 100),
      answers: (call) => `#${call.index}`,
    });
    const done: string[] = [];
    for (let i = 0; i < 2; i++) void engine.transcribe(audio, { language: "en" }).then(({ text }) => done.push(text));
    await clock.advanceAsync(100);
    expect(done).toEqual(["#1"]);
    await clock.advanceAsync(100);
    expect(done).toEqual(["#1", "#0"]);
    expect([engine.peakRunning, engine.running]).toEqual([2, 0]);
  });

  it("stops when it is told to, also beforehand, and when it is closed", async () => {
    const clock = new FakeClock();
    const engine = new FakeEngine({ clock, latencyMs: 100 });
    const controller = new AbortController();
    const running = engine.transcribe(audio, { language: "en" }, controller.signal);
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: "aborted" });
    await expect(engine.transcribe(audio, { language: "en" }, controller.signal)).rejects.toMatchObject({
      code: "aborted",
    });
    const last = engine.transcribe(audio, { language: "en" });
    await engine.close();
    await expect(last).rejects.toMatchObject({ code: "aborted" });
    expect(engine.calls.map((call) => call.state)).toEqual(["aborted", "aborted", "aborted"]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("finishes by hand, oldest first, and fails when the script says so", async () => {
    const engine = new FakeEngine({ latencyMs: "manual", answers: ["ok", new SttError("engine_failed", "Broken.")] });
    const calls = [engine.transcribe(audio, { language: "en" }), engine.transcribe(audio, { language: "en" })];
    expect(engine.finishNext()).toBe(true);
    expect((await calls[0])?.text).toBe("ok");
    engine.finishNext();
    await expect(calls[1]).rejects.toMatchObject({ code: "engine_failed" });
    expect(engine.finishNext()).toBe(false);
  });
});

describe("FakeVad", () => {
  const listen = () => ({ onProbability: vi.fn(), onError: vi.fn() });
  const tone = toneSamples(440, 32);
  const silence = silenceSamples(32);

  it("goes by loudness, or by a script for each stream", () => {
    const loud = listen();
    const stream = new FakeVad().createStream(loud);
    stream.push(tone);
    stream.push(silence);
    expect(loud.onProbability.mock.calls).toEqual([[1], [0]]);
    const scripted = listen();
    const other = new FakeVad({ probability: [0.3, 0.7] }).createStream(scripted);
    for (let i = 0; i < 3; i++) other.push(silence);
    expect(scripted.onProbability.mock.calls).toEqual([[0.3], [0.7], [0]]);
  });

  it("lags when it is told to", () => {
    const vad = new FakeVad({ manual: true });
    const listener = listen();
    const stream = vad.createStream(listener);
    for (let i = 0; i < 3; i++) stream.push(tone);
    expect([vad.backlog, stream.backlog]).toEqual([3, 3]);
    vad.release(2);
    expect(listener.onProbability).toHaveBeenCalledTimes(2);
    expect(stream.backlog).toBe(1);
  });

  it("says nothing more after a close or a failure", () => {
    const vad = new FakeVad({ manual: true });
    const listener = listen();
    const stream = vad.createStream(listener);
    stream.push(tone);
    stream.close();
    vad.release();
    expect(listener.onProbability).not.toHaveBeenCalled();
    const failed = listen();
    vad.createStream(failed);
    vad.fail(new SttError("engine_failed", "Gone."));
    expect(failed.onError).toHaveBeenCalledTimes(1);
    expect(vad.openStreams).toBe(0);
    expect(() => stream.push(new Float32Array(3))).toThrow(/3 samples instead of 512/);
  });
});

describe("MemorySocket", () => {
  async function connected() {
    const [a, b] = MemorySocket.pair();
    await settle();
    return { a, b };
  }

  it("opens later, then carries text and copies of bytes, in order and never at once", async () => {
    const [a, b] = MemorySocket.pair();
    const seen: unknown[] = [];
    b.onmessage = ({ data }) => seen.push(data);
    expect(() => a.send("early")).toThrow(/CONNECTING/);
    await settle();
    const bytes = Uint8Array.of(1, 2);
    a.send("one");
    a.send(bytes);
    bytes[0] = 9;
    expect(seen).toEqual([]);
    expect(a.bufferedAmount).toBe(5);
    await settle();
    expect(seen).toEqual(["one", Uint8Array.of(1, 2)]);
    expect(a.bufferedAmount).toBe(0);
  });

  it("delivers what was sent before a close, then tells both ends once", async () => {
    const { a, b } = await connected();
    const log: unknown[] = [];
    b.onmessage = ({ data }) => log.push(data);
    b.onclose = (event) => log.push(event);
    a.onclose = (event) => log.push(event.code);
    a.send("last words");
    a.close(4000, "done");
    a.send("ignored");
    await settle();
    b.close(1000);
    await settle();
    expect(log).toEqual(expect.arrayContaining(["last words", 4000, { code: 4000, reason: "done", wasClean: true }]));
    expect(log).toHaveLength(3);
    expect([a.readyState, b.readyState]).toEqual([3, 3]);
  });

  it("loses what was under way when the connection breaks", async () => {
    const { a, b } = await connected();
    const onmessage = vi.fn();
    const onclose = vi.fn();
    b.onmessage = onmessage;
    b.onclose = onclose;
    a.send("lost");
    a.terminate();
    await settle();
    expect(onmessage).not.toHaveBeenCalled();
    expect(onclose).toHaveBeenCalledWith({ code: 1006, reason: "", wasClean: false });
  });

  it("piles up towards a reader that pauses", async () => {
    const { a, b } = await connected();
    const seen: unknown[] = [];
    b.onmessage = ({ data }) => seen.push(data);
    b.pause();
    a.send(new Uint8Array(1000));
    await settle();
    expect([seen.length, a.bufferedAmount]).toEqual([0, 1000]);
    b.resume();
    await settle();
    expect([seen.length, a.bufferedAmount]).toEqual([1, 0]);
  });

  it("makes a factory whose server is the test, and which can refuse", async () => {
    const factory = memorySocketFactory((server, request) => {
      if (request.url.includes("full")) return 503;
      server.onmessage = ({ data }) => server.send(`echo ${data}`);
      return undefined;
    });
    const handlers = { open: vi.fn(), message: vi.fn(), close: vi.fn() };
    const socket = factory({ url: "ws://test/", protocols: [] }, handlers);
    expect(handlers.open).not.toHaveBeenCalled();
    await settle();
    socket.send("hi");
    await settle();
    expect(handlers.message).toHaveBeenCalledWith("echo hi");
    const refused = { open: vi.fn(), message: vi.fn(), close: vi.fn() };
    factory({ url: "ws://full/", protocols: [] }, refused);
    await settle();
    expect(refused.close).toHaveBeenCalledWith({ code: 1006, reason: "", httpStatus: 503 });
    expect(refused.open).not.toHaveBeenCalled();
  });
});

describe("samples", () => {
  it("are what their names say", () => {
    expect(toneSamples(1000, 1000, { sampleRate: 8000, amplitude: 0.3 })).toHaveLength(8000);
    expect(Math.max(...toneSamples(1000, 10, { amplitude: 0.3 }))).toBeCloseTo(0.3, 5);
    expect(noiseSamples(10, { seed: 4 })).toEqual(noiseSamples(10, { seed: 4 }));
    expect(noiseSamples(10, { seed: 4 })).not.toEqual(noiseSamples(10, { seed: 5 }));
  });
});
