import { once } from "node:events";
import { wordErrorRate } from "@stt/core";
import OpenAI from "openai";
import { OpenAIRealtimeWS } from "openai/realtime/ws";
import type { RealtimeServerEvent } from "openai/resources/realtime/realtime";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { recording } from "../support/recordings.js";
import { createTestServer, type TestServer } from "../support/test-server.js";
import { appends, pcmOf, silentPcm } from "./speech.js";
import { type TlsFront, tlsFront } from "./tls-front.js";

const RATE = 24_000;

let target: TestServer;
let front: TlsFront;
const open: OpenAIRealtimeWS[] = [];

beforeAll(async () => {
  target = await createTestServer();
  front = await tlsFront(target.ports.dataPort);
});

afterAll(async () => {
  for (const client of open) client.close();
  await front.close();
  await target.server.close();
});

type EventOf<T extends RealtimeServerEvent["type"]> = Extract<RealtimeServerEvent, { type: T }>;

/** The client of the package `openai` as it is, and all that it heard. */
class Heard {
  readonly events: RealtimeServerEvent[] = [];
  readonly errors: string[] = [];

  constructor(readonly client: OpenAIRealtimeWS) {
    client.on("event", (event) => this.events.push(event));
    client.on("error", (error) => this.errors.push(error.message));
  }

  of<T extends RealtimeServerEvent["type"]>(type: T): EventOf<T>[] {
    return this.events.filter((event): event is EventOf<T> => event.type === type);
  }

  async atLeast<T extends RealtimeServerEvent["type"]>(type: T, count: number): Promise<EventOf<T>[]> {
    await vi.waitFor(() => expect(this.of(type).length).toBeGreaterThanOrEqual(count), {
      timeout: 30_000,
      interval: 20,
    });
    return this.of(type);
  }

  get transcripts(): string[] {
    return this.of("conversation.item.input_audio_transcription.completed").map(({ transcript }) => transcript);
  }
}

async function connect(turnDetection: object | null | undefined): Promise<Heard> {
  const openai = new OpenAI({ apiKey: "any", baseURL: `https://localhost:${front.port}/v1` });
  const client = new OpenAIRealtimeWS({ model: "whisper-1", options: { ca: front.ca } }, openai);
  open.push(client);
  const heard = new Heard(client);
  await once(client.socket, "open");
  client.send({
    type: "session.update",
    session: {
      type: "transcription",
      audio: {
        input: {
          format: { type: "audio/pcm", rate: RATE },
          transcription: { model: "whisper-1", language: "en" },
          ...(turnDetection !== undefined && { turn_detection: turnDetection as never }),
        },
      },
    },
  });
  await heard.atLeast("session.updated", 1);
  return heard;
}

function say(heard: Heard, ...pieces: Buffer[]): void {
  for (const event of appends(Buffer.concat(pieces))) heard.client.send(event);
}

describe("the openai client over TLS, with the turns found by the server", () => {
  it("gets each utterance as an item, from speech_started to completed", async () => {
    const heard = await connect({
      type: "server_vad",
      threshold: 0.6,
      prefix_padding_ms: 400,
      silence_duration_ms: 500,
    });
    expect(heard.of("session.updated")[0]!.session).toMatchObject({
      type: "transcription",
      audio: {
        input: {
          format: { type: "audio/pcm", rate: RATE },
          transcription: { model: "micro", language: "en" },
          turn_detection: {
            type: "server_vad",
            threshold: 0.6,
            prefix_padding_ms: 400,
            silence_duration_ms: 500,
          },
        },
      },
    });

    const names = ["en_01", "en_02"];
    const gap = silentPcm(1500, RATE);
    say(heard, pcmOf(names[0]!, RATE), gap, pcmOf(names[1]!, RATE), gap);
    await heard.atLeast("conversation.item.input_audio_transcription.completed", 2);

    expect(heard.errors).toEqual([]);
    const spoken = names.map((name) => recording(name).text).join(" ");
    expect(wordErrorRate(spoken, heard.transcripts.join(" ")).rate).toBeLessThan(0.2);

    const started = heard.of("input_audio_buffer.speech_started");
    const stopped = heard.of("input_audio_buffer.speech_stopped");
    const committed = heard.of("input_audio_buffer.committed");
    const ids = committed.map(({ item_id }) => item_id);
    expect(started.map(({ item_id }) => item_id)).toEqual(ids);
    expect(stopped.map(({ item_id }) => item_id)).toEqual(ids);
    expect(committed.map(({ previous_item_id }) => previous_item_id)).toEqual([null, ...ids.slice(0, -1)]);
    expect(heard.of("conversation.item.added").map(({ item }) => (item as { id: string }).id)).toEqual(ids);
    expect(heard.of("conversation.item.done").map(({ item }) => (item as { id: string }).id)).toEqual(ids);
    for (const [i, { audio_start_ms }] of started.entries()) {
      expect(stopped[i]!.audio_end_ms).toBeGreaterThan(audio_start_ms);
    }
    for (const { usage } of heard.of("conversation.item.input_audio_transcription.completed")) {
      expect(usage).toEqual({ type: "duration", seconds: expect.any(Number) });
      expect((usage as { seconds: number }).seconds).toBeGreaterThan(1);
    }
    const eventIds = heard.events.map((event) => (event as { event_id?: string }).event_id);
    expect(new Set(eventIds).size).toBe(heard.events.length);
  });

  it("ends a turn after the silence that this session asked for", async () => {
    const speech = pcmOf("en_03", RATE);
    const gap = silentPcm(900, RATE);
    const patient = await connect({ type: "server_vad", silence_duration_ms: 3000 });
    const hasty = await connect({ type: "server_vad", silence_duration_ms: 300 });
    const end = silentPcm(4000, RATE);
    for (const heard of [patient, hasty]) say(heard, speech, gap, speech, end);
    await hasty.atLeast("conversation.item.input_audio_transcription.completed", 2);
    await patient.atLeast("conversation.item.input_audio_transcription.completed", 1);
    expect(patient.of("input_audio_buffer.committed")).toHaveLength(1);
    expect(hasty.of("input_audio_buffer.committed").length).toBeGreaterThanOrEqual(2);
  });

  it("gets deltas that only add to each other", async () => {
    const heard = await connect({ type: "server_vad", silence_duration_ms: 500 });
    const speech = appends(Buffer.concat([pcmOf("en_paragraph_1", RATE).subarray(0, 2 * RATE * 12)]));
    // As fast as somebody speaks twice: live text is for live speech.
    for (const event of speech) {
      heard.client.send(event);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    for (const event of appends(silentPcm(1500, RATE))) heard.client.send(event);
    const deltas = await heard.atLeast("conversation.item.input_audio_transcription.delta", 2);
    const done = await heard.atLeast("conversation.item.input_audio_transcription.completed", 1);
    const { item_id, transcript } = done[0]!;
    const text = deltas.filter((event) => event.item_id === item_id).map(({ delta }) => delta);
    expect(wordErrorRate(transcript, text.join("")).rate).toBeLessThan(0.35);
    expect(heard.errors).toEqual([]);
  });
});

describe("the openai client over TLS, committing itself", () => {
  it("gets nothing before the commit, then all of it as one item", async () => {
    const heard = await connect(null);
    const gap = silentPcm(3000, RATE);
    say(heard, pcmOf("en_04", RATE), gap, pcmOf("en_05", RATE), gap);
    // An update is answered in its turn: all the audio before it was taken.
    heard.client.send({ type: "session.update", session: { type: "transcription" } });
    await heard.atLeast("session.updated", 2);
    expect(heard.of("input_audio_buffer.speech_started")).toEqual([]);
    expect(heard.of("input_audio_buffer.committed")).toEqual([]);
    expect(heard.transcripts).toEqual([]);

    heard.client.send({ type: "input_audio_buffer.commit" });
    const [completed] = await heard.atLeast("conversation.item.input_audio_transcription.completed", 1);
    const spoken = `${recording("en_04").text} ${recording("en_05").text}`;
    expect(wordErrorRate(spoken, completed!.transcript).rate).toBeLessThan(0.25);
    const seconds = recording("en_04").seconds + recording("en_05").seconds + 6;
    expect((completed!.usage as { seconds: number }).seconds).toBeCloseTo(seconds, 0);
    expect(heard.of("input_audio_buffer.committed")).toHaveLength(1);
    expect(heard.errors).toEqual([]);
  });

  it("gets an empty item for committed silence, and an error for nothing", async () => {
    const heard = await connect(null);
    say(heard, silentPcm(1000, RATE));
    heard.client.send({ type: "input_audio_buffer.commit" });
    heard.client.send({ type: "input_audio_buffer.commit", event_id: "mine" });
    await heard.atLeast("conversation.item.input_audio_transcription.completed", 1);
    expect(heard.transcripts).toEqual([""]);
    const [error] = await heard.atLeast("error", 1);
    expect(error!.error).toMatchObject({
      type: "invalid_request_error",
      code: "input_audio_buffer_commit_empty",
      event_id: "mine",
    });
    expect(error!.error.message).toContain("buffer only has 0.00ms of audio");
  });

  it("forgets what was cleared", async () => {
    const heard = await connect(null);
    say(heard, pcmOf("en_06", RATE));
    heard.client.send({ type: "input_audio_buffer.clear" });
    say(heard, pcmOf("en_07", RATE));
    heard.client.send({ type: "input_audio_buffer.commit" });
    await heard.atLeast("conversation.item.input_audio_transcription.completed", 1);
    expect(heard.of("input_audio_buffer.cleared")).toHaveLength(1);
    expect(wordErrorRate(recording("en_07").text, heard.transcripts.join(" ")).rate).toBeLessThan(0.25);
  });
});

describe("two clients at once", () => {
  it("get their own text only", async () => {
    const [vad, manual] = await Promise.all([connect({ type: "server_vad", silence_duration_ms: 500 }), connect(null)]);
    const one = appends(Buffer.concat([pcmOf("en_08", RATE), silentPcm(1500, RATE)]));
    const two = appends(pcmOf("en_09", RATE));
    for (let i = 0; i < Math.max(one.length, two.length); i++) {
      if (one[i]) vad.client.send(one[i]!);
      if (two[i]) manual.client.send(two[i]!);
    }
    manual.client.send({ type: "input_audio_buffer.commit" });
    await vad.atLeast("conversation.item.input_audio_transcription.completed", 1);
    await manual.atLeast("conversation.item.input_audio_transcription.completed", 1);
    expect(wordErrorRate(recording("en_08").text, vad.transcripts.join(" ")).rate).toBeLessThan(0.25);
    expect(wordErrorRate(recording("en_09").text, manual.transcripts.join(" ")).rate).toBeLessThan(0.25);
  });
});
