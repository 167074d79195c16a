/** A streamed answer is heard of at once and never silent for long, however long nothing is said. */
import { createReadStream, openAsBlob } from "node:fs";
import type { VoiceActivityDetector } from "@stt/core";
import { FakeClock, FakeEngine, FakeVad } from "@stt/core/testing";
import OpenAI from "openai";
import { expect, it } from "vitest";
import { recording } from "../support/recordings.js";
import { guardedServer, later } from "../support/secure-server.js";

/** Answers the warm-up, and nothing after it. */
const neverDone = () =>
  new FakeEngine({ answers: "hello", latencyMs: ({ index }) => (index === 0 ? 0 : 1), clock: new FakeClock() });

/** Says nothing of what it is given: nobody has spoken yet. */
const undecided: VoiceActivityDetector = {
  createStream: () => ({ push: () => {}, backlog: 1, close: () => {} }) as never,
  close: async () => {},
} as never;

it.each([
  ["a slow engine", () => ({ engine: neverDone(), vad: new FakeVad() })],
  ["speech that has not begun", () => ({ engine: new FakeEngine(), vad: undecided })],
])("headers at once, and a comment every 15 s: %s", async (_what, parts) => {
  const clock = new FakeClock();
  const { http } = await guardedServer({}, { ...parts(), clock });
  const form = new FormData();
  form.append("file", await openAsBlob(recording("en_01").path), "a.wav");
  form.append("stream", "true");
  const stop = new AbortController();
  later(() => stop.abort());
  const answer = await fetch(`${http}/v1/audio/transcriptions`, { method: "POST", body: form, signal: stop.signal });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("text/event-stream");
  expect(answer.headers.get("x-accel-buffering")).toBe("no");
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  const next = async () => (await reader.read()).value;
  expect(await next()).toBe(": here it comes\n\n");
  for (let beat = 0; beat < 3; beat++) {
    const piece = next();
    await expect.poll(() => clock.pendingTimers).toBeGreaterThan(0);
    await clock.advanceAsync(14_999);
    await clock.advanceAsync(1);
    expect(await piece).toBe(": still here\n\n");
  }
});

it("OpenAI's client skips the comments", async () => {
  const { http } = await guardedServer({}, { engine: new FakeEngine({ answers: "hello" }), vad: new FakeVad() });
  const client = new OpenAI({ apiKey: "none", baseURL: `${http}/v1`, maxRetries: 0 });
  const file = createReadStream(recording("en_01").path);
  const stream = await client.audio.transcriptions.create({ file, model: "whisper-1", stream: true });
  const types: string[] = [];
  for await (const event of stream) types.push(event.type);
  expect(types.at(-1)).toBe("transcript.text.done");
});
