/** What callers hand in may throw, hang, or be something else: no rejection goes unhandled, and each is told. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AudioSource, ClientSocket, SttClientOptions } from "../../src/index.js";
import { settle } from "../../src/testing/index.js";
import { createHarness, exchange, fileOf, microphoneOf, pcm, startedHarness } from "../client/support/harness.js";

const unhandled: unknown[] = [];
const onUnhandled = (error: unknown) => unhandled.push(error);

beforeEach(() => {
  unhandled.length = 0;
  process.on("unhandledRejection", onUnhandled);
});

afterEach(async () => {
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", onUnhandled);
  expect(unhandled).toEqual([]);
});

const boom = () => {
  throw new Error("boom");
};

describe("a source", () => {
  const failing = () => {
    const promise = Promise.reject(new Error("denied"));
    promise.catch(() => {});
    return promise;
  };

  it.each<[string, unknown, RegExp]>([
    ["an options object", { signal: new AbortController().signal }, /start takes an audio source .* got an object/],
    ["a path", "x.wav", /start takes an audio source .* got "x\.wav"/],
    ["null", null, /start takes an audio source/],
    ["a number", 5, /it got 5/],
    ["a promise", Promise.resolve(microphoneOf()), /await the source first/],
    ["a promise that fails", failing(), /await the source first/],
    ["one without close", { format: microphoneOf().format, chunks: boom }, /start takes an audio source/],
    ["one of a wrong format", { ...microphoneOf(), format: { encoding: "mp3" } }, /format must be \{ encoding/],
    ["one without a format", { chunks: boom, close: boom }, /format must be/],
  ])("that is %s is refused at once, and the client can start again", async (_, source, message) => {
    const { client, requests } = createHarness();
    await expect(client.start(source as AudioSource)).rejects.toMatchObject({
      code: "invalid_argument",
      message: expect.stringMatching(message),
    });
    expect(client.getSnapshot().status).toBe("idle");
    expect(requests).toEqual([]);
    await client.start(fileOf(1000));
    expect(await client.stop()).toBe("0-1000");
  });

  it.each(["close", "chunks", "format"])("whose %s cannot be read is refused at once", async (field) => {
    const { client } = createHarness();
    const source = Object.defineProperty(fileOf(1000), field, { get: boom });
    await expect(client.start(source)).rejects.toMatchObject({
      code: "invalid_argument",
      message: "start: the source cannot be read: boom.",
    });
    expect(client.getSnapshot().status).toBe("idle");
  });

  it("whose attach is async and rejects fails the recording", async () => {
    const { client } = createHarness();
    const attach = (() => Promise.reject(new Error("boom"))) as never;
    await expect(client.transcribe(Object.assign(microphoneOf(), { attach }))).rejects.toMatchObject({
      code: "io_error",
      message: expect.stringContaining("The source failed: boom"),
    });
  });

  it("whose attach is async and never ends is heard", async () => {
    const { client } = createHarness();
    const attach = (() => new Promise(() => {})) as never;
    expect(await client.transcribe({ ...fileOf(1000), attach })).toBe("0-1000");
  });

  it("that is not taken is closed, also one that is still to come", async () => {
    const { client } = createHarness();
    const coming = microphoneOf();
    await expect(client.start(Promise.resolve(coming) as never)).rejects.toThrow();
    const wrong = Object.assign(microphoneOf(), { format: { encoding: "pcm_s16le", sampleRate: 1, channels: 1 } });
    await expect(client.start(wrong as AudioSource)).rejects.toThrow();
    const aborted = microphoneOf();
    await expect(client.start(aborted, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "aborted" });
    await settle(10);
    expect([coming.closed, wrong.closed, aborted.closed]).toEqual([true, true, true]);
  });

  it.each<[string, () => unknown]>([
    ["throws", boom],
    ["rejects", () => Promise.reject(new Error("boom"))],
    ["is no async function", () => undefined],
  ])("whose close %s costs no text", async (name, close) => {
    const { client, events } = createHarness();
    const source = { ...fileOf(1000), close } as AudioSource;
    expect(await client.transcribe(source)).toBe("0-1000");
    await settle(10);
    const told = events.filter((event) => event.type === "error");
    const failure = { type: "error", code: "callback_failed", message: "The source's close threw: boom", fatal: false };
    expect(told).toEqual(name === "is no async function" ? [] : [failure]);
    expect(client.getSnapshot().status).toBe("idle");
  });

  it("whose close never ends does not keep close() waiting", async () => {
    const { client, clock } = createHarness();
    await client.start({ ...microphoneOf(), close: () => new Promise(() => {}) });
    const closing = client.close();
    await clock.advanceAsync(1000);
    await closing;
  });

  it.each<[string, Partial<AudioSource>, string]>([
    ["attach throws", { attach: boom }, "The source failed: boom"],
    ["chunks throws", { chunks: boom }, "The source failed: boom"],
    ["chunks gives nothing to read", { chunks: (() => 5) as never }, "The source failed: "],
  ])("whose %s fails the recording, and the client can start again", async (_, broken, message) => {
    const { client } = createHarness();
    const source = Object.assign(microphoneOf(), broken);
    await expect(client.start(source)).rejects.toMatchObject({
      code: "io_error",
      message: expect.stringContaining(message),
    });
    expect(source.closed).toBe(true);
    expect(await client.transcribe(fileOf(1000))).toBe("0-1000");
  });

  it.each<[string, unknown]>([
    ["a string", "audio"],
    ["null", null],
    ["an array", [1, 2]],
  ])("that gives %s in place of bytes fails with invalid_argument", async (_, chunk) => {
    const { client } = createHarness();
    const source: AudioSource = {
      ...fileOf(1000),
      async *chunks() {
        yield pcm(100);
        yield chunk as Uint8Array;
      },
    };
    await expect(client.transcribe(source)).rejects.toMatchObject({
      code: "invalid_argument",
      message: expect.stringContaining("A chunk of the source is"),
    });
  });

  it("that throws in its own cleaning is known by what went wrong first", async () => {
    const { client } = createHarness();
    const source = {
      ...fileOf(1000),
      chunks: () => ({
        [Symbol.asyncIterator]: () => ({
          next: () => Promise.reject(new Error("first")),
          return: () => Promise.reject(new Error("second")),
        }),
      }),
    };
    await expect(client.transcribe(source)).rejects.toThrow("The source failed: first");
  });
});

describe("a listener", () => {
  it.each<[string, () => unknown]>([
    ["throws", boom],
    ["rejects", () => Promise.reject(new Error("boom"))],
  ])("that %s is told as an error, and costs nobody an event", async (_, listener) => {
    const { client, events, finals } = await startedHarness();
    client.on("final", listener);
    client.push(pcm(2000));
    expect(await client.stop()).toBe("0-1000 1000-2000");
    expect(finals()).toEqual(["0-1000", "1000-2000"]);
    await settle(10);
    const failure = {
      type: "error",
      code: "callback_failed",
      message: 'A listener of "final" threw: boom',
      fatal: false,
    };
    expect(events.filter((event) => event.type === "error")).toEqual([failure, failure]);
  });

  it("that throws at everything is shown in the console, and no more", async () => {
    const shown = vi.spyOn(console, "error").mockImplementation(() => {});
    const { client } = createHarness();
    client.on("event", boom);
    client.on("error", boom);
    await client.start(fileOf(1000));
    expect(await client.stop()).toBe("0-1000");
    expect(shown).toHaveBeenCalled();
    shown.mockRestore();
  });

  it("of subscribe or of the transcript that throws leaves the client whole", async () => {
    const shown = vi.spyOn(console, "error").mockImplementation(() => {});
    const { client, events } = createHarness();
    client.subscribe(boom);
    client.transcript.subscribe(boom);
    await client.start(fileOf(2000));
    expect(await client.stop()).toBe("0-1000 1000-2000");
    expect(client.getSnapshot()).toMatchObject({ status: "idle", text: "0-1000 1000-2000" });
    const messages = events.flatMap((event) => (event.type === "error" ? [event.message] : []));
    expect(new Set(messages)).toEqual(new Set(["A listener of subscribe threw: boom"]));
    expect(shown).toHaveBeenCalled();
    shown.mockRestore();
  });
});

describe("a token provider", () => {
  it.each<[string, () => unknown, object]>([
    ["throws", boom, { code: "connection_failed", message: "The token provider failed: boom." }],
    ["gives an object", () => ({ token: "s3cret" }), { code: "invalid_argument" }],
    ["gives a number", async () => 5, { code: "invalid_argument" }],
  ])("that %s", async (_, token, expected) => {
    const { client } = createHarness({ token: token as () => string });
    const failure = await client.start().then(
      () => undefined,
      (error: Error) => error,
    );
    expect(failure).toMatchObject(expected);
    expect(failure?.message).not.toContain("s3cret");
  });

  it("that never answers is named, and not the server", async () => {
    const { client, clock } = createHarness({ token: () => new Promise(() => {}) });
    const starting = client.start();
    starting.catch(() => {});
    await clock.advanceAsync(15_000);
    await expect(starting).rejects.toMatchObject({
      message: expect.stringMatching(/^The token provider did not give/),
    });
  });
});

describe("a socket factory", () => {
  const rejected = async (socketFactory: unknown) => {
    const { client, clock } = createHarness({ socketFactory } as SttClientOptions);
    const failure = client.start().then(
      () => undefined,
      (error: unknown) => error,
    );
    await clock.advanceAsync(15_000);
    return failure;
  };

  it("that gives no socket is refused", async () => {
    expect(await rejected(() => undefined)).toMatchObject({ code: "invalid_argument" });
    expect(await rejected(async () => ({}))).toMatchObject({ code: "invalid_argument" });
  });

  it("whose sockets throw at everything fails with a typed error", async () => {
    const broken = {
      get bufferedAmount(): number {
        throw new Error("boom");
      },
      send: boom,
      close: boom,
      terminate: boom,
    };
    const failure = await rejected((_: unknown, handlers: { open(): void }) => {
      void Promise.resolve().then(() => handlers.open());
      return broken;
    });
    expect(failure).toMatchObject({ code: "connection_failed", message: expect.stringContaining("boom") });
  });

  it("may open its socket before it has returned, and close it without a reason", async () => {
    const sent: unknown[] = [];
    const socket: ClientSocket = { bufferedAmount: 0, send: (data) => sent.push(data), close() {}, terminate() {} };
    let handlers: { close(info?: never): void } | undefined;
    const { client } = createHarness({
      socketFactory: (_, given) => {
        handlers = given as never;
        given.open();
        return socket;
      },
      reconnect: { enabled: false },
    });
    const starting = client.start();
    await exchange();
    expect(JSON.parse(sent[0] as string)).toMatchObject({ type: "start" });
    await client.close();
    handlers?.close();
    await expect(starting).rejects.toMatchObject({ code: "aborted" });
  });
});
