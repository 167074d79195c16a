import { FakeEngine, FakeVad } from "@stt/core/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestServer, type TestServer } from "../support/test-server.js";
import { RealtimeSocket } from "./realtime-socket.js";

let target: TestServer;
let socket: RealtimeSocket;

beforeEach(async () => {
  target = await createTestServer({}, { engine: new FakeEngine({ answers: "hello" }), vad: new FakeVad() });
  socket = await RealtimeSocket.open(`ws://127.0.0.1:${target.ports.dataPort}/v1/realtime?intent=transcription`);
});

afterEach(async () => {
  socket.close();
  await target.server.close();
});

interface Input {
  format: object;
  transcription: object;
  turn_detection: object | null;
}

/** Sends the updates and gives what the last answer shows. */
async function after(...inputs: object[]): Promise<Input> {
  for (const input of inputs) {
    socket.send({ type: "session.update", session: { type: "transcription", audio: { input } } });
  }
  const { session } = await socket.next("session.updated", inputs.length);
  expect(socket.errors).toEqual([]);
  return (session as { audio: { input: Input } }).audio.input;
}

const NUMBERS = { type: "server_vad", threshold: 0.5, prefix_padding_ms: 300, silence_duration_ms: 700 };

describe("an update changes the fields that it has", () => {
  it("of a turn detection by the server: the other numbers stay, and the type", async () => {
    const { turn_detection } = await after({ turn_detection: NUMBERS }, { turn_detection: { threshold: 0.8 } });
    expect(turn_detection).toEqual({ ...NUMBERS, threshold: 0.8 });
  });

  it("of a turn detection by meaning: without a type it is not made one by silence", async () => {
    const { turn_detection } = await after(
      { turn_detection: { type: "semantic_vad", eagerness: "low" } },
      { turn_detection: { type: "semantic_vad" } },
      { turn_detection: {} },
    );
    expect(turn_detection).toEqual({ type: "semantic_vad", eagerness: "low" });
  });

  it("one after the other, each of them", async () => {
    const { turn_detection } = await after(
      { turn_detection: { silence_duration_ms: 400 } },
      { turn_detection: { prefix_padding_ms: 200 } },
      { turn_detection: { threshold: 0.6 } },
    );
    expect(turn_detection).toEqual({
      type: "server_vad",
      threshold: 0.6,
      prefix_padding_ms: 200,
      silence_duration_ms: 400,
    });
  });

  it("of a format: a type without a rate keeps the rate, a rate without a type the type", async () => {
    const pcm = { type: "audio/pcm", rate: 16_000 };
    expect((await after({ format: pcm }, { format: { type: "audio/pcm" } })).format).toEqual(pcm);
    socket.events.length = 0;
    expect((await after({ format: { rate: 48_000 } })).format).toEqual({ type: "audio/pcm", rate: 48_000 });
  });

  it("of a transcription: its language stays when only the prompt is there, and null gives both back", async () => {
    const first = await after(
      { transcription: { language: "ru", prompt: "Слова" } },
      { transcription: { prompt: "Другие", keywords: ["Иван", { term: "Kubernetes", soundsLike: ["кубер нетис"] }] } },
      { turn_detection: null },
    );
    expect(first.transcription).toMatchObject({
      language: "ru",
      prompt: "Другие",
      keywords: ["Иван", { term: "Kubernetes", soundsLike: ["кубер нетис"] }],
    });
    socket.events.length = 0;
    expect((await after({ transcription: null })).transcription).toMatchObject({ language: null, prompt: "" });
    expect((await after({ transcription: {} })).transcription).not.toHaveProperty("keywords");
  });

  it("and begins anew where the kind of turn detection changes", async () => {
    const { turn_detection } = await after(
      { turn_detection: NUMBERS },
      { turn_detection: { type: "semantic_vad" } },
      { turn_detection: { type: "server_vad", threshold: 0.4 } },
    );
    // The other numbers are the server's own again.
    expect(turn_detection).toEqual({
      type: "server_vad",
      threshold: 0.4,
      prefix_padding_ms: 1000,
      silence_duration_ms: 1500,
    });
  });
});
