import { encodePcm } from "@stt/core";
import { FakeEngine, FakeVad, toneSamples } from "@stt/core/testing";
import { afterEach, describe, expect, it } from "vitest";
import { createTestServer, type TestServer } from "../support/test-server.js";
import { RealtimeSocket } from "./realtime-socket.js";
import { appends, silentPcm } from "./speech.js";

const RATE = 24_000;
const COMMIT = { type: "input_audio_buffer.commit" };
const CLEAR = { type: "input_audio_buffer.clear" };
const COMMITTED = "input_audio_buffer.committed";
const COMPLETED = "conversation.item.input_audio_transcription.completed";

let target: TestServer;
let engine: FakeEngine;
let socket: RealtimeSocket;
let judging: NodeJS.Timeout;

afterEach(async () => {
  socket.close();
  clearInterval(judging);
  await target.server.close();
});

/** The engine says how many seconds it heard. */
async function open(): Promise<void> {
  engine = new FakeEngine({ answers: (call) => `${Math.round(call.audio.length / 16_000)} seconds` });
  // As with a real detector, commands are there before the audio in front of them was judged.
  const vad = new FakeVad({ manual: true });
  judging = setInterval(() => vad.release(4), 1);
  target = await createTestServer({ hallucinationFilter: false, textFormatting: false }, { engine, vad });
  socket = await RealtimeSocket.open(`ws://127.0.0.1:${target.ports.dataPort}/v1/realtime?intent=transcription`);
}

const speech = (ms: number) => Buffer.from(encodePcm(toneSamples(300, ms, { sampleRate: RATE }), "pcm_s16le"));

function update(input: object): object {
  return { type: "session.update", session: { type: "transcription", audio: { input } } };
}

/** Sends everything at once: no answer is waited for. */
function sendAll(...parts: (object | Buffer)[]): void {
  for (const part of parts) {
    for (const event of Buffer.isBuffer(part) ? appends(part) : [part]) socket.send(event);
  }
}

interface Completed {
  transcript: string;
  usage: { seconds: number };
}

/** The items in the order of their commits, each with its text. */
function items(): { seconds: number; text: string }[] {
  return socket.of(COMMITTED).map(({ item_id }) => {
    const done = socket.of(COMPLETED).find((event) => event.item_id === item_id) as unknown as Completed;
    return { seconds: done.usage.seconds, text: done.transcript };
  });
}

describe("commands that are sent without waiting", () => {
  it("make each commit an item of its own, in order, with its text", async () => {
    await open();
    const manual = update({ turn_detection: null });
    sendAll(manual, speech(1000), COMMIT, speech(2000), COMMIT, speech(3000), COMMIT);
    await socket.next(COMPLETED, 3);
    expect(items()).toEqual([
      { seconds: 1, text: "1 seconds" },
      { seconds: 2, text: "2 seconds" },
      { seconds: 3, text: "3 seconds" },
    ]);
    const ids = socket.of(COMMITTED).map(({ item_id }) => item_id);
    expect(socket.of(COMMITTED).map(({ previous_item_id }) => previous_item_id)).toEqual([null, ids[0], ids[1]]);
    expect(socket.errors).toEqual([]);
  });

  it("give an item to a commit of silence too, between two of speech", async () => {
    await open();
    sendAll(
      update({ turn_detection: null }),
      speech(1000),
      COMMIT,
      silentPcm(1000, RATE),
      COMMIT,
      speech(2000),
      COMMIT,
    );
    await socket.next(COMPLETED, 3);
    expect(items()).toEqual([
      { seconds: 1, text: "1 seconds" },
      { seconds: 1, text: "" },
      { seconds: 2, text: "2 seconds" },
    ]);
  });

  it("forget with a clear only what came between the commit before and it", async () => {
    await open();
    sendAll(update({ turn_detection: null }), speech(1000), COMMIT, speech(2000), CLEAR, speech(3000), COMMIT);
    await socket.next(COMPLETED, 2);
    expect(items()).toEqual([
      { seconds: 1, text: "1 seconds" },
      { seconds: 3, text: "3 seconds" },
    ]);
    const order = socket.events
      .map(({ type }) => type)
      .filter((type) => type === COMMITTED || type.endsWith("cleared"));
    expect(order).toEqual([COMMITTED, "input_audio_buffer.cleared", COMMITTED]);
  });

  it("decode each turn with what was set before its audio came", async () => {
    await open();
    const inLanguage = (language: string) => update({ transcription: { language }, turn_detection: null });
    sendAll(inLanguage("en"), speech(1000), COMMIT, inLanguage("de"), speech(2000), COMMIT, inLanguage("fr"));
    await socket.next("session.updated", 3);
    await socket.next(COMPLETED, 2);
    const finals = engine.calls.filter(({ options }) => options.temperatureFallback !== false);
    expect(finals.map(({ options }) => options.language)).toEqual(["en", "de"]);
    const order = socket.events
      .map(({ type }) => type)
      .filter((type) => type === COMMITTED || type === "session.updated");
    expect(order).toEqual(["session.updated", COMMITTED, "session.updated", COMMITTED, "session.updated"]);
  });

  it("leave a turn to whoever ended turns when it was spoken", async () => {
    await open();
    const byServer = update({ turn_detection: { type: "server_vad", silence_duration_ms: 300 } });
    const byClient = update({ turn_detection: null });
    const turn = Buffer.concat([speech(1000), silentPcm(1000, RATE)]);
    sendAll(byServer, turn, byClient, turn, speech(1000), COMMIT, byServer, turn);
    await socket.next(COMPLETED, 3);
    expect(socket.of("input_audio_buffer.speech_stopped")).toHaveLength(2);
    // What the client commits begins with the silence that the server's turn left, and reaches over the pause in its midst.
    expect(items()[1]!.seconds).toBeCloseTo(4, 1);
    expect(socket.of(COMMITTED)).toHaveLength(3);
    expect(socket.errors).toEqual([]);
  });
});
