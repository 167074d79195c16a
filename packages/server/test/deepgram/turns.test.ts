/** What a `/v2/listen` socket says: Deepgram's client on a person's voice, and the messages one by one with a fake engine. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { DeepgramClient } from "@deepgram/sdk";
import { encodePcm, wordErrorRate } from "@stt/core";
import { concatSamples, FakeEngine, FakeVad, silenceSamples, toneSamples } from "@stt/core/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { BASE_MODEL, human } from "../support/human.js";
import { createTestServer, EXACT_ENDS, type TestServer } from "../support/test-server.js";

// biome-ignore lint/suspicious/noExplicitAny: the messages are what is tested
type Message = any;

const RAW = "model=flux-general-en&encoding=linear16&sample_rate=16000";

/** A machine that does much else answers late. */
const PATIENCE = { timeout: 10_000 };

let target: TestServer;
afterEach(() => target?.server.close());

async function serve(): Promise<void> {
  const engine = new FakeEngine({ answers: (call) => `${Math.round(call.audio.length / 16_000)} seconds` });
  target = await createTestServer({ ...EXACT_ENDS, hallucinationFilter: false }, { engine, vad: new FakeVad() });
}

const pcm = (speechMs: number, silenceMs: number) =>
  Buffer.from(encodePcm(concatSamples(toneSamples(300, speechMs), silenceSamples(silenceMs)), "pcm_s16le"));

async function connect(query = "") {
  const socket = new WebSocket(`ws://127.0.0.1:${target.ports.dataPort}/v2/listen?${RAW}${query}`);
  const messages: Message[] = [];
  socket.on("message", (data) => messages.push(JSON.parse(String(data))));
  const closed = once(socket, "close").then(([code]) => code as number);
  await once(socket, "open");
  const heard = (matches: (message: Message) => boolean) =>
    vi.waitFor(() => {
      const found = messages.find(matches);
      expect(found, JSON.stringify(messages)).toBeDefined();
      return found;
    }, PATIENCE);
  return { socket, messages, closed, heard };
}

const isEnd = ({ event }: Message) => event === "EndOfTurn";

describe("a conversation", () => {
  it("is told turn by turn, every message with its number", async () => {
    await serve();
    const { socket, messages, closed } = await connect("&eot_timeout_ms=500");
    socket.send(pcm(1500, 900));
    socket.send(pcm(2500, 900));
    socket.send(JSON.stringify({ type: "CloseStream" }));
    expect(await closed).toBe(1000);
    expect(messages[0]).toMatchObject({ type: "Connected", sequence_id: 0 });
    expect(messages.map(({ sequence_id }) => sequence_id)).toEqual(messages.map((_, i) => i));
    expect(new Set(messages.map(({ request_id }) => request_id)).size).toBe(1);
    const turns = messages.filter(({ type }) => type === "TurnInfo");
    for (const index of [0, 1]) {
      const own = turns.filter(({ turn_index }) => turn_index === index);
      expect(own[0]).toMatchObject({ event: "StartOfTurn" });
      expect(own.at(-1)).toMatchObject({ event: "EndOfTurn", trigger: "timeout" });
      // What the model of turns thought of it, or 1 where it was not asked.
      expect(own.at(-1)!.end_of_turn_confidence).toBeGreaterThan(0);
      expect(own.at(-1)!.end_of_turn_confidence).toBeLessThanOrEqual(1);
      expect(own.slice(1, -1).every(({ event }) => event === "Update")).toBe(true);
    }
    expect(turns.filter(isEnd)).toHaveLength(2);
  });

  it("has a turn end by force", async () => {
    await serve();
    const { socket, heard } = await connect();
    socket.send(pcm(1500, 0));
    await heard(({ event }) => event === "StartOfTurn");
    socket.send(JSON.stringify({ type: "ForceEndTurn" }));
    expect(await heard(isEnd)).toMatchObject({ trigger: "manual" });
    socket.close();
  });

  it("is configured on the way, and says what counts", async () => {
    await serve();
    const { socket, heard } = await connect("&keyterm=one&eot_threshold=0.7");
    const thresholds = { eot_timeout_ms: 800 };
    socket.send(JSON.stringify({ type: "Configure", thresholds, keyterms: ["two"], language_hints: ["en-US"] }));
    expect(await heard(({ type }) => type === "ConfigureSuccess")).toMatchObject({
      thresholds: { eot_threshold: 0.7, eot_timeout_ms: 800 },
      keyterms: ["two"],
      language_hints: ["en"],
    });
    socket.send(JSON.stringify({ type: "Configure", thresholds: { eot_threshold: 7 } }));
    expect((await heard(({ type }) => type === "ConfigureFailure")).description).toContain("eot_threshold");
    socket.close();
  });

  it("tells of options that change nothing", async () => {
    await serve();
    const { socket, heard } = await connect("&tag=mine&eot_timeout_ms=60000");
    expect((await heard(({ code }) => code === "OPTION_IGNORED")).description).toContain("tag");
    expect((await heard(({ code }) => code === "OPTION_ADJUSTED")).description).toContain("10000");
    socket.close();
  });

  it("ends with an Error and 1008 after a message that is none", async () => {
    await serve();
    const { socket, messages, closed } = await connect();
    socket.send("dance");
    expect(await closed).toBe(1008);
    expect(messages.at(-1)).toMatchObject({ type: "Error", code: "BAD_MESSAGE" });
  });
});

describe("the client of npm", () => {
  it("gets a person's words as turns, with their times", async () => {
    target = await createTestServer(BASE_MODEL);
    const { path, text } = human("en_austen_leisure");
    const http = `http://127.0.0.1:${target.ports.dataPort}`;
    const ws = http.replace("http", "ws");
    const client = new DeepgramClient({
      apiKey: "none",
      environment: { base: http, production: ws, agent: ws, agentRest: http },
    });
    const socket = await client.listen.v2.connect({
      model: "flux-general-en",
      encoding: "linear16",
      sample_rate: "16000",
      reconnectAttempts: 0,
    } as Parameters<typeof client.listen.v2.connect>[0]);
    const messages: Message[] = [];
    socket.on("message", (message) => messages.push(message));
    const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
    socket.connect();
    await socket.waitForOpen();
    const audio = readFileSync(path).subarray(44);
    for (let at = 0; at < audio.length; at += 8000) socket.sendMedia(audio.subarray(at, at + 8000));
    socket.sendCloseStream({ type: "CloseStream" });
    await closed;
    const ends = messages.filter(isEnd);
    expect(wordErrorRate(text, ends.map(({ transcript }) => transcript).join(" ")).errors).toBe(0);
    for (const { words, audio_window_start, audio_window_end } of ends) {
      for (const { start, end, confidence } of words) {
        expect(start).toBeGreaterThanOrEqual(audio_window_start - 0.5);
        expect(end).toBeLessThanOrEqual(audio_window_end + 0.5);
        expect(confidence).toBeGreaterThan(0);
      }
    }
    expect(messages.some(({ event }) => event === "StartOfTurn")).toBe(true);
  }, 120_000);
});
