import { encodePcm, rms, SttError, wordErrorRate } from "@stt/core";
import { FakeEngine, FakeVad, toneSamples } from "@stt/core/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { recording } from "../support/recordings.js";
import { createTestServer, type TestServer } from "../support/test-server.js";
import { readSample } from "../support/wav.js";
import { RealtimeSocket } from "./realtime-socket.js";
import { appends, pcmOf, silentPcm } from "./speech.js";

let target: TestServer | undefined;
const open: RealtimeSocket[] = [];

afterEach(async () => {
  for (const socket of open.splice(0)) socket.close();
  await target?.server.close();
});

async function connect(options: Parameters<typeof RealtimeSocket.open>[1] = {}): Promise<RealtimeSocket> {
  const socket = await RealtimeSocket.open(
    `ws://127.0.0.1:${target!.ports.dataPort}/v1/realtime?intent=transcription`,
    options,
  );
  open.push(socket);
  return socket;
}

const tone = (ms: number) => Buffer.from(encodePcm(toneSamples(300, ms, { sampleRate: 24_000 }), "pcm_s16le"));
const COMPLETED = "conversation.item.input_audio_transcription.completed";

async function withFakes(answers: ConstructorParameters<typeof FakeEngine>[0] = { answers: "hello" }): Promise<void> {
  target = await createTestServer(
    { hallucinationFilter: false },
    { engine: new FakeEngine(answers), vad: new FakeVad() },
  );
}

describe("a session", () => {
  it("begins with the server's own settings, and says so", async () => {
    await withFakes();
    const socket = await connect();
    const { session } = await socket.next("session.created");
    expect(session).toMatchObject({
      type: "transcription",
      object: "realtime.transcription_session",
      audio: {
        input: {
          format: { type: "audio/pcm", rate: 24_000 },
          transcription: { model: "fake", language: null, prompt: "" },
          noise_reduction: null,
          turn_detection: { type: "server_vad", threshold: 0.95, prefix_padding_ms: 1000, silence_duration_ms: 1500 },
        },
      },
    });
  });

  it("keeps what an update does not name", async () => {
    await withFakes();
    const socket = await connect();
    const input = (value: object) => ({
      type: "session.update",
      session: { type: "transcription", audio: { input: value } },
    });
    socket.send(input({ transcription: { language: "de-DE", prompt: "Fachwörter" }, turn_detection: null }));
    socket.send(input({ format: { type: "audio/pcm", rate: 16_000 } }));
    socket.send(
      input({ turn_detection: { type: "semantic_vad", eagerness: "high" }, transcription: { prompt: null } }),
    );
    const third = await socket.next("session.updated", 3);
    const [first, second] = socket.of("session.updated");
    expect(first!.session).toMatchObject({
      audio: { input: { transcription: { language: "de", prompt: "Fachwörter" }, turn_detection: null } },
    });
    expect(second!.session).toMatchObject({
      id: (first!.session as { id: string }).id,
      audio: {
        input: { format: { rate: 16_000 }, transcription: { language: "de" }, turn_detection: null },
      },
    });
    expect(third.session).toMatchObject({
      audio: {
        input: {
          transcription: { language: "de", prompt: "" },
          turn_detection: { type: "semantic_vad", eagerness: "high" },
        },
      },
    });
    expect(target!.server.sessions).toBe(1);
  });

  it("is that of older clients when they say so, or send their update", async () => {
    await withFakes();
    const socket = await connect({ headers: { "OpenAI-Beta": "realtime=v1" } });
    await socket.next("transcription_session.created");
    socket.send({
      type: "transcription_session.update",
      session: {
        input_audio_format: "pcm16",
        input_audio_transcription: { model: "whisper-1", language: "en" },
        turn_detection: null,
      },
    });
    expect((await socket.next("transcription_session.updated")).session).toMatchObject({
      input_audio_format: "pcm16",
      input_audio_transcription: { model: "fake", language: "en" },
      turn_detection: null,
    });
    for (const event of appends(tone(1000))) socket.send(event);
    socket.send({ type: "input_audio_buffer.commit" });
    expect(await socket.next(COMPLETED)).toMatchObject({
      transcript: "Hello.",
      usage: { type: "duration", seconds: 1 },
    });
    const { item_id } = await socket.next("input_audio_buffer.committed");
    expect(await socket.next("conversation.item.created")).toMatchObject({ item: { id: item_id } });
    expect(socket.of("conversation.item.added")).toEqual([]);
  });

  it("selects the subprotocol of a page and never echoes its key", async () => {
    await withFakes();
    const socket = await connect({ protocols: ["realtime", "openai-insecure-api-key.secret"] });
    await socket.next("session.created");
    expect(socket.socket.protocol).toBe("realtime");
    expect(JSON.stringify(socket.events)).not.toContain("secret");
  });

  it("ends in good order when an operator ends it, with what was not committed yet", async () => {
    await withFakes();
    const socket = await connect();
    socket.send({
      type: "session.update",
      session: { type: "transcription", audio: { input: { turn_detection: null } } },
    });
    for (const event of appends(tone(1000))) socket.send(event);
    const { session } = await socket.next("session.updated");
    const { id } = session as { id: string };
    await fetch(`${target!.http}/v1/sessions/${id}`, { method: "DELETE" });
    expect(await socket.next(COMPLETED)).toMatchObject({ transcript: "Hello." });
    expect((await socket.ended()).code).toBe(1000);
  });

  it("tells of a failed decode by the item, and goes on", async () => {
    let failing = false;
    await withFakes({ answers: () => (failing ? new SttError("engine_failed", "out of luck") : "again") });
    const socket = await connect();
    failing = true;
    const manual = {
      type: "session.update",
      session: { type: "transcription", audio: { input: { turn_detection: null } } },
    };
    socket.send(manual);
    for (const event of appends(tone(1000))) socket.send(event);
    socket.send({ type: "input_audio_buffer.commit" });
    const failed = await socket.next("conversation.item.input_audio_transcription.failed");
    const committed = await socket.next("input_audio_buffer.committed");
    expect(failed).toMatchObject({
      item_id: committed.item_id,
      content_index: 0,
      error: { code: "engine_failed", message: expect.stringContaining("out of luck") },
    });
    failing = false;
    for (const event of appends(tone(1000))) socket.send(event);
    socket.send({ type: "input_audio_buffer.commit" });
    expect(await socket.next(COMPLETED)).toMatchObject({ transcript: "Again." });
  });

  it("takes a sample that is divided between two events", async () => {
    await withFakes();
    const socket = await connect();
    socket.send({
      type: "session.update",
      session: { type: "transcription", audio: { input: { turn_detection: null } } },
    });
    for (const event of appends(tone(1000), 4801)) socket.send(event);
    socket.send({ type: "input_audio_buffer.commit" });
    expect(await socket.next(COMPLETED)).toMatchObject({ usage: { seconds: 1 } });
    expect(socket.errors).toEqual([]);
  });

  it("gives what waited for a commit when the turns are left to the server again", async () => {
    await withFakes();
    const socket = await connect();
    const input = (turn_detection: object | null) => ({
      type: "session.update",
      session: { type: "transcription", audio: { input: { turn_detection } } },
    });
    socket.send(input(null));
    for (const event of appends(tone(1000))) socket.send(event);
    socket.send(input({ type: "server_vad" }));
    expect(await socket.next(COMPLETED)).toMatchObject({ transcript: "Hello." });
  });
});

/** G.711 by the definition of its segments, the slow way: an encoder to test the decoder with. */
function muLaw(sample: number): number {
  const magnitude = Math.min(32_635, Math.abs(sample)) + 132;
  const exponent = Math.floor(Math.log2(magnitude)) - 7;
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | mantissa) & 0xff;
}

function aLaw(sample: number): number {
  const magnitude = Math.min(32_767, Math.abs(sample));
  const exponent = Math.max(0, Math.floor(Math.log2(magnitude || 1)) - 7);
  const mantissa = (magnitude >> (exponent === 0 ? 4 : exponent + 3)) & 0x0f;
  return ((sample >= 0 ? 0x80 : 0) | (exponent << 4) | mantissa) ^ 0x55;
}

/** Power of `samples` over that of their difference to `others`, dB. */
function signalToNoise(samples: Float32Array, others: Float32Array): number {
  const noise = samples.map((sample, i) => sample - (others[i] ?? 0));
  return 20 * Math.log10(rms(samples) / rms(noise));
}

describe("audio of the telephone", () => {
  it.each([
    ["audio/pcmu", muLaw],
    ["audio/pcma", aLaw],
  ])("reaches the engine as it was said: %s", async (type, encode) => {
    const engine = new FakeEngine({ answers: "hello" });
    target = await createTestServer({ hallucinationFilter: false }, { engine, vad: new FakeVad() });
    const pcm = pcmOf("en_01", 8000);
    const coded = Buffer.from(Array.from({ length: pcm.length / 2 }, (_, i) => encode(pcm.readInt16LE(2 * i))));
    const heard: Float32Array[] = [];
    for (const [format, audio] of [
      [{ type: "audio/pcm", rate: 8000 }, pcm],
      [{ type }, coded],
    ] as const) {
      const socket = await connect();
      const input = { format, turn_detection: null };
      socket.send({ type: "session.update", session: { type: "transcription", audio: { input } } });
      for (const event of appends(audio, 1600)) socket.send(event);
      socket.send({ type: "input_audio_buffer.commit" });
      const { usage } = await socket.next(COMPLETED);
      expect((usage as { seconds: number }).seconds).toBeCloseTo(recording("en_01").seconds, 1);
      // A partial asks for no fallback.
      heard.push(engine.calls.findLast((call) => call.options.temperatureFallback !== false)!.audio);
    }
    expect(heard[1]!.length).toBe(heard[0]!.length);
    expect(signalToNoise(heard[0]!, heard[1]!)).toBeGreaterThan(30);
  });
});

describe("audio that comes faster than it can be judged", () => {
  it("is held back and not lost", async () => {
    target = await createTestServer({ maxBufferedAudioMs: 5000, maxFrameBytes: 16_000_000 });
    const socket = await connect();
    const samples = readSample("en_paragraph_1.wav");
    socket.send({
      type: "session.update",
      session: {
        type: "transcription",
        audio: {
          input: {
            format: { type: "audio/pcm", rate: 16_000 },
            transcription: { language: "en" },
            turn_detection: { type: "server_vad", silence_duration_ms: 600 },
          },
        },
      },
    });
    const pcm = Buffer.concat([Buffer.from(encodePcm(samples, "pcm_s16le")), silentPcm(3000, 16_000)]);
    socket.send(appends(pcm, pcm.length)[0]!);
    const { text } = recording("en_paragraph_1");
    const said = () => socket.of(COMPLETED).map(({ transcript }) => transcript as string);
    await vi.waitFor(() => expect(wordErrorRate(text, said().join(" ")).rate).toBeLessThan(0.25), {
      timeout: 50_000,
      interval: 50,
    });
    expect(socket.errors).toEqual([]);
  }, 60_000);
});
