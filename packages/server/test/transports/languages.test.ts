/** Languages on every wire of the server: what is understood, and what is refused before anything is decoded. */
import { encodeAudioFrame, encodePcm } from "@stt/core";
import { FakeEngine, FakeVad, toneSamples } from "@stt/core/testing";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { RealtimeSocket } from "../openai-realtime/realtime-socket.js";
import { wavBytes } from "../support/audio-files.js";
import { RawSocket } from "../support/raw-socket.js";
import { RealtimeSttClient } from "../support/realtimestt-client.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

const RIGHT = [
  ["nb", "no"],
  ["EN", "en"],
  ["en-US", "en"],
  ["pt_BR", "pt"],
  ["iw", "he"],
] as const;
const WRONG = ["klingon", "Russian", "xx"];

let target: TestServer;
let engine: FakeEngine;
beforeAll(async () => {
  engine = new FakeEngine({ answers: "good morning" });
  target = await createTestServer(
    { minLengthOfRecordingMs: 0, enableRealtimeTranscription: false },
    { engine, vad: new FakeVad() },
  );
});
afterAll(() => target.server.close());

const tone = () => encodePcm(toneSamples(300, 1000, { amplitude: 0.5 }), "pcm_s16le");

async function rest(language: string): Promise<string | undefined> {
  const form = new FormData();
  const bytes = tone();
  form.set("file", new Blob([wavBytes(new Int16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2))]), "a.wav");
  form.set("language", language);
  const response = await fetch(`${target.http}/v1/audio/transcriptions`, { method: "POST", body: form });
  if (response.ok) return undefined;
  expect(response.status).toBe(400);
  const { error } = (await response.json()) as { error: { message: string } };
  return error.message;
}

async function realtime(language: string): Promise<string | undefined> {
  const url = `ws://127.0.0.1:${target.ports.controlPort}/v1/realtime?intent=transcription`;
  const socket = await RealtimeSocket.open(url);
  try {
    await socket.next("session.created");
    const input = { transcription: { language }, turn_detection: null };
    socket.send({ type: "session.update", session: { type: "transcription", audio: { input } } });
    await vi.waitFor(() => expect(socket.of("session.updated").length + socket.errors.length).toBe(1));
    if (socket.errors.length > 0) return socket.errors[0]!.message;
    const { session } = socket.of("session.updated")[0] as never as {
      session: { audio: { input: { format: { rate: number } } } };
    };
    const sampleRate = session.audio.input.format.rate;
    const audio = Buffer.from(encodePcm(toneSamples(300, 1000, { amplitude: 0.5, sampleRate }), "pcm_s16le"));
    socket.send({ type: "input_audio_buffer.append", audio: audio.toString("base64") });
    socket.send({ type: "input_audio_buffer.commit" });
    await socket.next("conversation.item.input_audio_transcription.completed");
    return undefined;
  } finally {
    socket.close();
  }
}

async function realtimeStt(language: string): Promise<string | undefined> {
  const client = await RealtimeSttClient.connect(target.ports);
  try {
    const { status, message } = await client.set("language", language);
    if (status === "error") return message;
    client.sendPcm(Buffer.concat([Buffer.from(tone()), Buffer.alloc(2 * 32_000)]));
    await client.type("fullSentence");
    return undefined;
  } finally {
    client.close();
  }
}

async function stream(language: string): Promise<string | undefined> {
  const socket = await RawSocket.open(target.url);
  try {
    const audio = { encoding: "pcm_s16le", sampleRate: 16_000, channels: 1 };
    socket.json({ type: "start", protocol: 1, audio, language });
    await vi.waitFor(() => expect(socket.messages.length).toBeGreaterThan(0));
    const [first] = socket.messages;
    if (first?.type === "error") return first.message;
    socket.binary(encodeAudioFrame(0, tone()));
    socket.json({ type: "stop" });
    await socket.next("final");
    return undefined;
  } finally {
    socket.close();
  }
}

describe.each(Object.entries({ REST: rest, realtime, RealtimeSTT: realtimeStt, stream }))("%s", (_, transcribe) => {
  it.each(RIGHT)("understands %s as %s", async (written, code) => {
    expect(await transcribe(written)).toBeUndefined();
    expect(engine.calls.at(-1)?.options.language).toBe(code);
  });

  it.each(WRONG)("refuses %s with the value and examples, before anything is decoded", async (value) => {
    const decoded = engine.calls.length;
    const message = await transcribe(value);
    expect(message).toContain(value);
    expect(message).toContain("such as en, ru, de or pt-BR");
    expect(engine.calls).toHaveLength(decoded);
  });
});
