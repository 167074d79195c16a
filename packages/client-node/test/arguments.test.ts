/** Every call of the package with values of wrong types: told at once. */
import { PassThrough, Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { clientSettings, createSttClient, fileSource, microphone, streamSource } from "../src/index.js";

const NOT_OPTIONS = [null, 5, "x", []];
type Call = (value: never) => unknown;

const CALLS: Record<string, [Call, unknown[]]> = {
  "createSttClient(options)": [(value) => createSttClient(value), NOT_OPTIONS],
  "createSttClient({ url })": [(url) => createSttClient({ url }), [5, null, {}, [5]]],
  "fileSource(path)": [(value) => fileSource(value), [undefined, null, 5, "", {}, Buffer.from("a.wav")]],
  "fileSource(path, options)": [(value) => fileSource("a.wav", value), NOT_OPTIONS],
  "fileSource(path, { chunkMs })": [(chunkMs) => fileSource("a.wav", { chunkMs }), [0, -1, "100", null, Number.NaN]],
  "streamSource(stream)": [(value) => streamSource(value), [undefined, null, 5, "a.wav", {}, []]],
  "streamSource(stream, options)": [(value) => streamSource(Readable.from([]), value), NOT_OPTIONS],
  "streamSource(stream, { raw })": [
    (raw) => streamSource(Readable.from([]), { raw }),
    [null, true, {}, { encoding: "pcm_s16le", sampleRate: 1, channels: 1 }],
  ],
  "microphone(options)": [(value) => microphone(value), NOT_OPTIONS],
  "microphone({ device })": [(device) => microphone({ device, recorders: [] }), [null, {}, 1.5]],
  "microphone({ bufferMs })": [(bufferMs) => microphone({ bufferMs, recorders: [] }), [0, -1, "1"]],
  "microphone({ onDrop })": [(onDrop) => microphone({ onDrop, recorders: [] }), [5, null]],
  "microphone({ recorders })": [(recorders) => microphone({ recorders }), [5, [5], null]],
  "clientSettings(env)": [(value) => clientSettings(value), [null, 5, "x"]],
};

describe("calls with wrong types", () => {
  it.each(
    Object.entries(CALLS).flatMap(([name, [call, values]]) => values.map((value) => [name, value, call] as const)),
  )("%s with %j", async (_, value, call) => {
    await expect((async () => call(value as never))()).rejects.toMatchObject({ code: "invalid_argument" });
  });
});

describe("a stream that gives no bytes", () => {
  it.each<[string, unknown]>([
    ["text", "text"],
    ["objects", { a: 1 }],
  ])("%s", async (_, chunk) => {
    const format = { encoding: "pcm_s16le", sampleRate: 16_000, channels: 1 } as const;
    const source = await streamSource(Readable.from([chunk]), { raw: format, name: "the call" });
    const read = async () => {
      for await (const pcm of source.chunks(new AbortController().signal)) void pcm;
    };
    await expect(read()).rejects.toMatchObject({
      code: "invalid_argument",
      message: expect.stringMatching(/^What comes from the call is /),
    });
  });
});

describe("a stream that breaks", () => {
  const format = { encoding: "pcm_s16le", sampleRate: 16_000, channels: 1 } as const;

  it("before anybody reads it ends no program: who reads is told", async () => {
    const stream = new PassThrough();
    const source = await streamSource(stream, { raw: format });
    stream.destroy(new Error("unplugged"));
    await new Promise((resolve) => stream.once("close", resolve));
    await expect(source.chunks(new AbortController().signal)[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: "io_error",
      message: "Reading from the stream failed: unplugged.",
    });
  });

  it("after it was closed is nobody's concern", async () => {
    const stream = new PassThrough();
    const source = await streamSource(stream, { raw: format });
    await source.close();
    expect(stream.emit("error", new Error("late"))).toBe(true);
  });
});

describe("a recorder of the caller's", () => {
  it.each([undefined, null, {}, "x", { stop: 5 }])("that gives %j is refused", async (given) => {
    await expect(microphone({ recorders: [async () => given as never] })).rejects.toMatchObject({
      code: "invalid_argument",
      message: expect.stringMatching(/^microphone takes recorders that give/),
    });
  });

  it("that delivers something else than audio is told so", async () => {
    let told: unknown;
    await microphone({
      recorders: [
        async (_, handlers) => {
          try {
            handlers.audio("x" as never);
          } catch (error) {
            told = error;
          }
          return { device: "fake", stop() {} };
        },
      ],
    });
    expect(told).toMatchObject({
      code: "invalid_argument",
      message: expect.stringMatching(/^What the recorder gives is "x"/),
    });
  });
});

describe("what a caller hands to the microphone may throw", () => {
  it("onDrop and the recorder's stop", async () => {
    const shown: unknown[] = [];
    const { error } = console;
    console.error = (...values: unknown[]) => shown.push(values.at(-1));
    const boom = () => {
      throw new Error("boom");
    };
    try {
      const source = await microphone({
        bufferMs: 10,
        onDrop: boom,
        recorders: [
          async (_, handlers) => {
            handlers.audio(new Uint8Array(3200));
            return { device: "fake", stop: boom };
          },
        ],
      });
      const scope = new AbortController();
      const reading = source.chunks(scope.signal)[Symbol.asyncIterator]();
      await reading.next();
      scope.abort();
      await new Promise((resolve) => setImmediate(resolve));
      expect(shown.map(String)).toEqual(["Error: boom", "Error: boom"]);
    } finally {
      console.error = error;
    }
  });
});
