import { encodePcm } from "@stt/core";
import type { Config } from "@stt/core/config";
import { FakeEngine, type FakeEngineOptions, FakeVad, toneSamples } from "@stt/core/testing";
import { afterEach, describe, expect, it } from "vitest";
import {
  type DataMessage,
  framesOf,
  metadataOf,
  RealtimeSttClient,
  silence,
  WireSocket,
} from "../support/realtimestt-client.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

const tone = (ms: number) => Buffer.from(encodePcm(toneSamples(300, ms), "pcm_s16le"));
const UTTERANCE = Buffer.concat([silence(300), tone(1000), silence(2000)]);

let target: TestServer | undefined;
let client: RealtimeSttClient;
afterEach(async () => {
  client?.close();
  await target?.server.close();
  target = undefined;
});

async function connect(
  config: Partial<Config> = {},
  answers: FakeEngineOptions["answers"] = "...open  the window",
): Promise<RealtimeSttClient> {
  const engine = new FakeEngine({ answers: answers ?? "" });
  target = await createTestServer({ minLengthOfRecordingMs: 0, ...config }, { engine, vad: new FakeVad() });
  client = await RealtimeSttClient.connect(target.ports);
  return client;
}

describe("one utterance", () => {
  it("is told in the usual order, formatted as the original does", async () => {
    await connect();
    client.sendPcm(Buffer.concat([silence(300), tone(1000)]));
    await client.type("realtime");
    client.sendPcm(Buffer.concat([silence(600), tone(40)]));
    await client.type("stop_turn_detection");
    client.sendPcm(silence(2000));
    await client.type("vad_detect_start", 2);
    expect(client.course.filter((type) => type !== "realtime")).toEqual([
      "vad_detect_start",
      "vad_detect_stop",
      "recording_start",
      "start_turn_detection",
      "stop_turn_detection",
      "start_turn_detection",
      "stop_turn_detection",
      "recording_stop",
      "transcription_start",
      "fullSentence",
      "vad_detect_start",
    ]);
    expect(client.course[3]).toBe("realtime");
    expect(client.course.lastIndexOf("realtime")).toBeLessThan(client.course.indexOf("recording_stop"));
    const live = client.data.messages.flatMap(({ type, text }) => (type === "realtime" ? text : []));
    expect(new Set(live)).toEqual(new Set(["Open the window"]));
    expect(client.sentences).toEqual(["Open the window."]);
    expect(client.complaints).toEqual([]);
  });

  it("comes with its audio, 16-bit at 16 kHz, which can be asked for again", async () => {
    await connect();
    expect(await client.get("last_transcription_bytes")).toBeNull();
    client.sendPcm(UTTERANCE);
    await client.type("fullSentence");
    const { audio_bytes_base64 } = await client.data.next(({ type }) => type === "transcription_start");
    const pcm = Buffer.from(audio_bytes_base64!, "base64");
    const loudest = Math.max(...new Int16Array(new Uint8Array(pcm).buffer));
    expect(pcm.length / 32).toBeGreaterThan(1000);
    expect(pcm.length / 32).toBeLessThan(1700);
    expect(loudest / 32_768).toBeCloseTo(Math.max(...toneSamples(300, 1000)), 2);
    expect(await client.get("last_transcription_bytes_b64")).toBe(audio_bytes_base64);
    expect(await client.get("last_transcription_bytes")).toBe(audio_bytes_base64);
  });

  it.each([500, 0])("comes with no more of its audio than REALTIMESTT_AUDIO: %i ms", async (realtimesttAudioMs) => {
    await connect({ realtimesttAudioMs });
    client.sendPcm(UTTERANCE);
    const { audio_bytes_base64 } = await client.data.next(({ type }) => type === "transcription_start");
    expect(Buffer.from(audio_bytes_base64!, "base64").length).toBe(realtimesttAudioMs * 32);
  });

  it("gets its sentence when the client just stops sending", async () => {
    await connect({ idleAudioTimeoutMs: 100 });
    client.sendPcm(Buffer.concat([silence(300), tone(1000)]));
    await client.type("fullSentence");
  });

  it("has no sentence when nothing was said, and what was shown of it is withdrawn", async () => {
    await connect({}, ({ options }) => (options.temperatureFallback === false ? "is it" : ""));
    client.sendPcm(Buffer.concat([silence(300), tone(1000)]));
    await client.type("realtime");
    client.sendPcm(silence(2000));
    await client.type("vad_detect_start", 2);
    expect(client.sentences).toEqual([]);
    expect(client.data.messages.filter(({ type }) => type === "realtime").at(-1)).toEqual({
      type: "realtime",
      text: "",
    });
  });
});

it("a client with a data socket alone is served", async () => {
  await connect();
  const data = await WireSocket.open<DataMessage>(target!.ports.dataPort);
  for (const frame of framesOf(UTTERANCE, 256, metadataOf(16_000))) data.send(frame);
  expect(await data.next(({ type }) => type === "fullSentence")).toEqual({
    type: "fullSentence",
    text: "Open the window.",
  });
  expect(client.sentences).toEqual([]);
  data.close();
});

it("a client that changes its microphone in mid-sentence goes on in the same recording", async () => {
  await connect();
  client.sendPcm(Buffer.concat([silence(300), tone(500)]), 16_000);
  const at48 = Buffer.from(encodePcm(toneSamples(300, 500, { sampleRate: 48_000 }), "pcm_s16le"));
  client.sendPcm(at48, "48000.0", 256);
  client.sendPcm(Buffer.concat([tone(300), silence(2000)]), 16_000.25);
  await client.type("fullSentence");
  expect(client.data.messages.filter(({ type }) => type === "recording_start")).toHaveLength(1);
  const { audio_bytes_base64 } = await client.data.next(({ type }) => type === "transcription_start");
  const ms = Buffer.from(audio_bytes_base64!, "base64").length / 32;
  expect(ms).toBeGreaterThan(1300);
  expect(ms).toBeLessThan(2000);
});

it("a session ended by an operator gives its sentence first and closes normally", async () => {
  await connect();
  client.sendPcm(Buffer.concat([silence(300), tone(1000)]));
  await client.type("recording_start");
  const { value } = await client.ask({ command: "sessions" });
  expect(value).toMatchObject([{ wire: "realtimestt", speaking: true, audioMs: 1300 }]);
  expect(await client.ask({ command: "close_session", id: value[0].id })).toMatchObject({ status: "success" });
  expect(await client.data.ended()).toMatchObject({ code: 1000 });
  expect(client.sentences).toEqual(["Open the window."]);
});
