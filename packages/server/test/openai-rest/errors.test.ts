import { createReadStream } from "node:fs";
import { FakeClock, FakeEngine, FakeVad } from "@stt/core/testing";
import OpenAI, { APIError, BadRequestError, InternalServerError, NotFoundError, toFile } from "openai";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { wavBytes } from "../support/audio-files.js";
import { recording } from "../support/recordings.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

const MAX_BYTES = 200_000;

let target: TestServer;
let engine: FakeEngine;
let client: OpenAI;
const others: TestServer[] = [];

beforeAll(async () => {
  engine = new FakeEngine({ answers: "hello" });
  target = await createTestServer(
    { maxUploadBytes: MAX_BYTES, maxUploadDurationMs: 5000 },
    { engine, vad: new FakeVad() },
  );
  client = clientOf(target);
}, 60_000);

afterAll(() => target?.server.close());
afterEach(async () => {
  for (const each of others.splice(0)) await each.server.close();
});

function clientOf({ http }: TestServer): OpenAI {
  return new OpenAI({ apiKey: "none", baseURL: `${http}/v1`, maxRetries: 0 });
}

const speech = () => createReadStream(recording("en_01").path);

async function failure(params: object): Promise<APIError> {
  const body = { file: speech(), model: "whisper-1", ...params } as OpenAI.Audio.TranscriptionCreateParamsNonStreaming;
  const error: unknown = await client.audio.transcriptions.create(body).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof APIError) return error;
  throw new Error(`no API error, but ${String(error)}`);
}

describe("a wrong field is a BadRequestError that names it", () => {
  it.each([
    ["response_format", { response_format: "xml" }, "xml"],
    ["temperature", { temperature: 3 }, "3"],
    ["language", { language: "klingon" }, "klingon"],
    ["timestamp_granularities", { timestamp_granularities: ["letter"], response_format: "verbose_json" }, "letter"],
    ["timestamp_granularities", { timestamp_granularities: ["word"] }, "verbose_json"],
    ["response_format", { stream: true, response_format: "srt" }, "srt"],
    ["include", { include: ["logprobs"] }, "log probabilities"],
    ["languge", { languge: "ru" }, "languge"],
    ["prompt", { prompt: "x".repeat(20_000) }, "16384"],
  ])("%s", async (param, params, told) => {
    const error = await failure(params);
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error.param).toBe(param);
    expect(error.message.toLowerCase()).toContain(told.slice(0, 7).toLowerCase());
    expect(error.requestID).toMatch(/^req_\w+/);
  });

  it("a form without a file", async () => {
    const form = new FormData();
    form.set("model", "whisper-1");
    const response = await fetch(`${target.http}/v1/audio/transcriptions`, { method: "POST", body: form });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type: "invalid_request_error", param: "file" } });
  });
});

describe("what will fail again is not tried again", () => {
  it("an unknown model is a NotFoundError with the list of models", async () => {
    const error = await failure({ model: "whisper-9" });
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({ code: "model_not_found", param: "model" });
    expect(error.message).toContain("gpt-4o-transcribe");
  });

  it("a dated name of a model is the same model", async () => {
    const model = "gpt-4o-mini-transcribe-2025-12-15";
    expect((await client.audio.transcriptions.create({ file: speech(), model })).text).toBe("Hello.");
  });

  it("no audio is 415, broken audio 400", async () => {
    const text = await failure({ file: await toFile(Buffer.from("just some text, no audio"), "a.mp3") });
    expect(text.status).toBe(415);
    const broken = await failure({
      file: await toFile(Buffer.from("fLaC but nothing else that is any FLAC"), "a.flac"),
    });
    expect(broken).toMatchObject({ status: 400, code: "bad_audio" });
  });

  it("a request that is no form is 415", async () => {
    const response = await fetch(`${target.http}/v1/audio/transcriptions`, {
      method: "POST",
      body: "{}",
      headers: { "Content-Type": "application/json" },
    });
    expect(response.status).toBe(415);
    expect(response.headers.get("x-request-id")).toMatch(/^req_/);
  });

  it("too many bytes, announced or not, and too much audio are 413", async () => {
    const file = Buffer.alloc(MAX_BYTES + 1);
    expect((await failure({ file: await toFile(file, "a.wav") })).status).toBe(413);
    expect((await failure({ file: await toFile(Buffer.alloc(MAX_BYTES * 20), "a.wav") })).status).toBe(413);
    const long = wavBytes(new Int16Array(6 * 16_000));
    const error = await failure({ file: await toFile(long, "a.wav") });
    expect(error).toMatchObject({ status: 413, code: "too_large" });
    expect(error.message).toContain("5 s");
  });
});

describe("what may succeed later is a server error with Retry-After", () => {
  it("all places for files are taken", async () => {
    const busy = new FakeEngine({
      answers: "hello",
      latencyMs: (call) => (call.index === 0 ? 0 : 1),
      clock: new FakeClock(),
    });
    const other = await createTestServer({ maxUploads: 1 }, { engine: busy });
    others.push(other);
    const controller = new AbortController();
    const first = clientOf(other)
      .audio.transcriptions.create({ file: speech(), model: "whisper-1" }, { signal: controller.signal })
      .catch(() => "cancelled");
    await expect.poll(() => busy.running, { timeout: 10_000 }).toBe(1);
    const error = await clientOf(other)
      .audio.transcriptions.create({ file: speech(), model: "whisper-1" })
      .catch((thrown: unknown) => thrown as APIError);
    expect(error).toBeInstanceOf(InternalServerError);
    expect(error).toMatchObject({ status: 503, code: "capacity" });
    expect(Number((error as APIError).headers?.get("retry-after"))).toBeGreaterThan(0);
    controller.abort();
    expect(await first).toBe("cancelled");
  });

  it("a failing engine", async () => {
    const broken = new FakeEngine({ answers: (call) => (call.index === 0 ? "" : new Error("out of memory")) });
    const other = await createTestServer({}, { engine: broken });
    others.push(other);
    const asked = clientOf(other).audio.transcriptions.create({ file: speech(), model: "whisper-1" });
    await expect(asked).rejects.toBeInstanceOf(InternalServerError);
  });

  it("before the first delta of a stream the status still tells; after it, the stream does", async () => {
    const failing = new FakeEngine({ answers: (call) => (call.index < 3 ? "hello" : new Error("out of memory")) });
    const other = await createTestServer({ inferenceLanes: 1 }, { engine: failing });
    others.push(other);
    const stream = await clientOf(other).audio.transcriptions.create({
      file: createReadStream(recording("en_paragraph_1").path),
      model: "whisper-1",
      stream: true,
    });
    const deltas: string[] = [];
    const reading = (async () => {
      for await (const event of stream) if (event.type === "transcript.text.delta") deltas.push(event.delta);
    })();
    await expect(reading).rejects.toBeInstanceOf(APIError);
    expect(deltas.join("")).toBe("Hello. Hello.");
  });
});
