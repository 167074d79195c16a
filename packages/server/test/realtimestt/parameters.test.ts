import { encodePcm } from "@stt/core";
import { FakeEngine, FakeVad, toneSamples } from "@stt/core/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { PARAMETER_NAMES } from "../../src/transports/realtimestt/recorder.js";
import { RealtimeSttClient, silence } from "../support/realtimestt-client.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

const tone = (ms: number, amplitude = 0.5) => Buffer.from(encodePcm(toneSamples(300, ms, { amplitude }), "pcm_s16le"));

let engine: FakeEngine;
let target: TestServer;
let client: RealtimeSttClient;

beforeAll(async () => {
  engine = new FakeEngine({ answers: "good morning" });
  // As probable as it is loud.
  const vad = new FakeVad({ probability: (frame) => Math.min(1, Math.max(...frame)) });
  target = await createTestServer({ minLengthOfRecordingMs: 0, sileroSensitivity: 0.8 }, { engine, vad });
});
afterAll(() => target.server.close());
beforeEach(async () => {
  client = await RealtimeSttClient.connect(target.ports);
  await client.type("vad_detect_start");
});
afterEach(() => client.close());

describe("get_parameter", () => {
  it("answers every allowed parameter, with the number of the request", async () => {
    const values = Object.fromEntries(
      await Promise.all(PARAMETER_NAMES.map(async (name) => [name, await client.get(name)])),
    );
    expect(values).toEqual({
      language: "",
      silero_sensitivity: 0.8,
      wake_word_activation_delay: 20,
      post_speech_silence_duration: 1.5,
      deactivity_silence_confirmation_duration: 0.16,
      listen_start: expect.closeTo(Date.now() / 1000, -1),
      recording_stop_time: 0,
      last_transcription_bytes: null,
      last_transcription_bytes_b64: null,
      speech_end_silence_start: 0,
      is_recording: false,
      use_wake_words: false,
    });
  });

  it("tells what the server measures while it happens", async () => {
    client.sendPcm(Buffer.concat([silence(300), tone(500)]));
    await vi.waitFor(async () => expect(await client.get("is_recording")).toBe(true));
    expect(await client.get("speech_end_silence_start")).toBe(0);
    client.sendPcm(silence(500));
    await client.type("start_turn_detection");
    expect(await client.get("speech_end_silence_start")).toBeCloseTo(Date.now() / 1000, -1);
    client.sendPcm(silence(1500));
    await client.type("fullSentence");
    expect(await client.get("is_recording")).toBe(false);
    expect(await client.get("speech_end_silence_start")).toBe(0);
    const stopped = (await client.get("recording_stop_time")) as number;
    expect(stopped).toBeCloseTo(Date.now() / 1000, -1);
    expect(await client.get("listen_start")).toBeGreaterThanOrEqual(stopped);
  });

  it("refuses any other in the original's words", async () => {
    for (const parameter of ["beam_size", "__proto__", "constructor", null]) {
      expect(await client.ask({ command: "get_parameter", parameter })).toMatchObject({
        status: "error",
        message: `Parameter ${parameter ?? "None"} is not allowed (get_parameter)`,
      });
    }
  });
});

describe("set_parameter", () => {
  it.each([
    ["language", "de", "de"],
    ["language", "", ""],
    ["silero_sensitivity", 0.4, "0.4"],
    ["post_speech_silence_duration", 0.7, "0.7"],
    ["deactivity_silence_confirmation_duration", 0.3, "0.3"],
    ["wake_word_activation_delay", 20, "20"],
    ["use_wake_words", false, "False"],
    ["is_recording", true, "True"],
    ["listen_start", 12.5, "12.5"],
    ["recording_stop_time", 12.5, "12.5"],
    ["speech_end_silence_start", 0, "0"],
    ["last_transcription_bytes", null, "None"],
    ["last_transcription_bytes_b64", "AAA=", "AAA="],
  ])("takes %s = %j", async (parameter, value, shown) => {
    expect(await client.set(parameter, value)).toEqual({
      status: "success",
      message: `Parameter ${parameter} set to ${shown}`,
      request_id: expect.any(Number),
    });
    expect(await client.get(parameter)).toBe(value);
  });

  it.each([
    ["beam_size", 5, /^Parameter beam_size is not allowed \(set_parameter\)$/],
    ["language", "klingon", /language is "klingon"; allowed is auto or the code/],
    ["silero_sensitivity", 2, /silero_sensitivity is 2; allowed is a number from 0 to 1/],
    ["silero_sensitivity", "0.5", /silero_sensitivity is "0.5"/],
    ["post_speech_silence_duration", -1, /post_speech_silence_duration is -1; allowed is a number of seconds from 0.1/],
    ["post_speech_silence_duration", null, /post_speech_silence_duration is null/],
    ["deactivity_silence_confirmation_duration", 1e9, /from 0 to 10/],
    ["is_recording", "yes", /is_recording is "yes"/],
    ["last_transcription_bytes", { a: 1 }, /base64 or null/],
  ])("refuses %s = %j and says what is allowed", async (parameter, value, says) => {
    const before = await client.get(parameter);
    expect(await client.set(parameter, value)).toMatchObject({ status: "error", message: expect.stringMatching(says) });
    expect(await client.get(parameter)).toEqual(before);
  });

  it("says honestly that there are no wake words", async () => {
    expect(await client.set("use_wake_words", true)).toMatchObject({
      status: "success",
      message: "Parameter use_wake_words set to True",
      warning: expect.stringMatching(/no wake words/),
    });
    expect(await client.get("use_wake_words")).toBe(false);
  });

  it("language decides how the next utterance is decoded", async () => {
    // A partial asks for no fallback.
    const finals = () => engine.calls.filter(({ options }) => options.temperatureFallback !== false);
    await client.set("language", "fr");
    client.sendPcm(Buffer.concat([silence(300), tone(500), silence(2000)]));
    await client.type("fullSentence");
    expect(finals().at(-1)?.options.language).toBe("fr");
    await client.set("language", "");
    client.sendPcm(Buffer.concat([tone(500), silence(2000)]));
    await client.type("fullSentence", 2);
    expect(finals().at(-1)?.options.language).toBe("auto");
  });

  it("silero_sensitivity decides what is speech", async () => {
    await client.set("silero_sensitivity", 0.3);
    client.sendPcm(Buffer.concat([silence(300), tone(500, 0.5), silence(2000)]));
    await client.heard(2800);
    await client.set("silero_sensitivity", 0.7);
    client.sendPcm(Buffer.concat([silence(300), tone(500, 0.5), silence(2000)]));
    await client.type("fullSentence");
    expect(client.data.messages.filter(({ type }) => type === "recording_start")).toHaveLength(1);
  });

  it("post_speech_silence_duration decides when it ends", async () => {
    await client.set("post_speech_silence_duration", 0.4);
    client.sendPcm(Buffer.concat([silence(300), tone(500), silence(500), tone(500), silence(500)]));
    await client.type("fullSentence", 2);
    await client.set("post_speech_silence_duration", 1);
    client.sendPcm(Buffer.concat([tone(500), silence(500), tone(500), silence(1200)]));
    await client.type("fullSentence", 3);
    expect(client.data.messages.filter(({ type }) => type === "recording_start")).toHaveLength(3);
  });

  it("deactivity_silence_confirmation_duration decides which pauses are told", async () => {
    await client.set("deactivity_silence_confirmation_duration", 0.8);
    client.sendPcm(Buffer.concat([silence(300), tone(500), silence(600), tone(500), silence(2000)]));
    await client.type("fullSentence");
    expect(client.data.messages.filter(({ type }) => type === "start_turn_detection")).toHaveLength(1);
    await client.set("deactivity_silence_confirmation_duration", 0.2);
    client.sendPcm(Buffer.concat([tone(500), silence(600), tone(500), silence(2000)]));
    await client.type("fullSentence", 2);
    expect(client.data.messages.filter(({ type }) => type === "start_turn_detection")).toHaveLength(3);
  });
});
