import { encodePcm } from "@stt/core";
import { FakeEngine, FakeVad, toneSamples } from "@stt/core/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RealtimeSttClient, silence } from "../support/realtimestt-client.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

const tone = (ms: number) => Buffer.from(encodePcm(toneSamples(300, ms), "pcm_s16le"));

let engine: FakeEngine;
let target: TestServer;
let client: RealtimeSttClient;
/** Finals wait here until they are let go. */
let hold: (() => void)[] | undefined;

beforeEach(async () => {
  hold = undefined;
  let count = 0;
  engine = new FakeEngine({ answers: ({ audio }) => `sentence ${++count} of ${Math.round(audio.length / 16)}` });
  const transcribe = engine.transcribe.bind(engine);
  engine.transcribe = async (audio, options, signal) => {
    const waiting = hold;
    if (waiting) {
      await new Promise<void>((resolve, reject) => {
        waiting.push(resolve);
        signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
    }
    return transcribe(audio, options, signal);
  };
  target = await createTestServer(
    { minLengthOfRecordingMs: 0, enableRealtimeTranscription: false, speculativeFinals: false, idleAudioTimeoutMs: 0 },
    { engine, vad: new FakeVad() },
  );
  client = await RealtimeSttClient.connect(target.ports);
  await client.type("vad_detect_start");
});
afterEach(async () => {
  client.close();
  await target.server.close();
});

describe("call_method", () => {
  it.each(["stop", "abort", "clear_audio_queue", "wakeup", "set_microphone", "text", "shutdown"])(
    "%s is answered in the original's words",
    async (method) => {
      expect(await client.call(method)).toEqual({
        status: "success",
        message: `Method ${method} called`,
        request_id: expect.any(Number),
      });
      expect(await client.get("is_recording")).toBe(false);
    },
  );

  it.each(["feed_audio", "__proto__", "toString"])("%s is refused", async (method) => {
    expect(await client.call(method)).toMatchObject({ status: "error", message: `Method ${method} is not allowed` });
  });

  it("stop ends the recording now: its sentence follows", async () => {
    client.sendPcm(Buffer.concat([silence(300), tone(1000)]));
    await client.type("recording_start");
    await client.call("stop");
    await client.type("fullSentence");
    expect(client.course.slice(-4)).toEqual([
      "recording_stop",
      "transcription_start",
      "fullSentence",
      "vad_detect_start",
    ]);
  });

  it("abort discards the recording: no sentence, and the next one is heard again", async () => {
    client.sendPcm(Buffer.concat([silence(300), tone(1000)]));
    await client.type("recording_start");
    await client.call("abort");
    await client.type("vad_detect_start", 2);
    expect(client.course.slice(-2)).toEqual(["recording_stop", "vad_detect_start"]);
    const before = engine.calls.length;
    client.sendPcm(Buffer.concat([silence(300), tone(500), silence(2000)]));
    await client.type("fullSentence");
    expect(client.sentences).toHaveLength(1);
    expect(engine.calls.length - before).toBe(1);
    expect(engine.calls.at(-1)!.audio.length / 16).toBeLessThan(1200);
  });

  it("abort discards sentences that are still being decoded or wait for it", async () => {
    hold = [];
    client.sendPcm(Buffer.concat([silence(300), tone(500), silence(2000), tone(600), silence(2000)]));
    await client.type("transcription_start", 2);
    await vi.waitFor(() => expect(hold).toHaveLength(1));
    await client.call("abort");
    hold = undefined;
    client.sendPcm(Buffer.concat([silence(300), tone(700), silence(2000)]));
    await client.type("fullSentence");
    expect(client.sentences).toHaveLength(1);
    expect(client.data.messages.filter(({ type }) => type === "transcription_start")).toHaveLength(3);
  });

  it("clear_audio_queue forgets what was heard before a recording, and leaves a recording alone", async () => {
    const quiet = Buffer.from(encodePcm(toneSamples(300, 900, { amplitude: 0.005 }), "pcm_s16le"));
    const audioOf = async (clear: boolean) => {
      client.sendPcm(quiet);
      await client.heard(900 + (clear ? 3400 : 0));
      if (clear) await client.call("clear_audio_queue");
      client.sendPcm(Buffer.concat([tone(500), silence(2000)]));
      await client.type("fullSentence", clear ? 2 : 1);
      return engine.calls.at(-1)!.audio.length / 16;
    };
    const whole = await audioOf(false);
    const cleared = await audioOf(true);
    expect(whole - cleared).toBeGreaterThan(100);
    client.sendPcm(tone(500));
    await client.type("recording_start", 3);
    await client.call("clear_audio_queue");
    client.sendPcm(silence(2000));
    await client.type("fullSentence", 3);
  });

  it("wakeup begins the listening anew", async () => {
    await client.set("listen_start", 0);
    await client.call("wakeup");
    expect(await client.get("listen_start")).toBeCloseTo(Date.now() / 1000, -1);
  });

  it("shutdown stops neither the server nor the client's own session", async () => {
    await client.call("shutdown");
    client.sendPcm(Buffer.concat([silence(300), tone(500), silence(2000)]));
    await client.type("fullSentence");
    (await RealtimeSttClient.connect(target.ports)).close();
  });
});
