/** What a `/v1/listen` socket says, to the message. Its words are a fake engine's: timing must be exact. */
import { once } from "node:events";
import { encodePcm } from "@stt/core";
import { concatSamples, FakeEngine, FakeVad, silenceSamples, toneSamples } from "@stt/core/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { createTestServer, EXACT_ENDS, type TestServer } from "../support/test-server.js";
import { muLaw } from "../telephony/support.js";

// biome-ignore lint/suspicious/noExplicitAny: the messages are what is tested
type Message = any;

const RAW = "encoding=linear16&sample_rate=16000";
const WORDS = [
  { text: "Hello,", startMs: 200, endMs: 500, confidence: 0.9 },
  { text: "World.", startMs: 600, endMs: 1150, confidence: 0.7 },
];
const segment = {
  text: "Hello, World.",
  startMs: 200,
  endMs: 1150,
  noSpeechProbability: 0,
  averageLogProbability: Math.log(0.8),
  tokenCount: 4,
  words: WORDS,
};

/** A machine that does much else answers late. */
const PATIENCE = { timeout: 10_000 };

let target: TestServer;
afterEach(() => target?.server.close());

async function serve(config: Parameters<typeof createTestServer>[0] = {}): Promise<void> {
  const engine = new FakeEngine({ answers: { text: segment.text, segments: [segment] } });
  target = await createTestServer(
    { ...EXACT_ENDS, hallucinationFilter: false, ...config },
    { engine, vad: new FakeVad() },
  );
}

function pcm(...parts: ["speech" | "silence", number][]): Buffer {
  const samples = parts.map(([kind, ms]) => (kind === "speech" ? toneSamples(300, ms) : silenceSamples(ms)));
  return Buffer.from(encodePcm(concatSamples(...samples), "pcm_s16le"));
}

interface Client {
  socket: WebSocket;
  messages: Message[];
  closed: Promise<{ code: number }>;
  /** The first message for which this holds. */
  heard(matches: (message: Message) => boolean): Promise<Message>;
}

async function connect(query: string): Promise<Client> {
  const socket = new WebSocket(`ws://127.0.0.1:${target.ports.dataPort}/v1/listen?${query}`);
  const messages: Message[] = [];
  socket.on("message", (data) => messages.push(JSON.parse(String(data))));
  const closed = once(socket, "close").then(([code]) => ({ code: code as number }));
  await once(socket, "open");
  const heard = (matches: (message: Message) => boolean) =>
    vi.waitFor(() => {
      const found = messages.find(matches);
      expect(found, JSON.stringify(messages)).toBeDefined();
      return found;
    }, PATIENCE);
  return { socket, messages, closed, heard };
}

const isFinal = ({ is_final }: Message) => is_final === true;

/** Why an upgrade is refused: the status, the header that Deepgram's server puts the reason in, and the body. */
async function refusal(query: string): Promise<{ status: number; header: string; body: Message }> {
  const socket = new WebSocket(`ws://127.0.0.1:${target.ports.dataPort}/v1/listen?${query}`);
  socket.on("error", () => {});
  const [, response] = await once(socket, "unexpected-response");
  let text = "";
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, header: String(response.headers["dg-error"]), body: JSON.parse(text) };
}

describe("a stream", () => {
  it("ends with its text, its metadata and 1000", async () => {
    await serve();
    const { socket, messages, closed } = await connect(RAW);
    socket.send(pcm(["speech", 1000], ["silence", 500]));
    socket.send(JSON.stringify({ type: "CloseStream" }));
    expect(await closed).toEqual({ code: 1000 });
    expect(messages.map(({ type }) => type)).toEqual(["Results", "Metadata"]);
    const [results, metadata] = messages;
    expect(results).toMatchObject({ channel_index: [0, 1], is_final: true, speech_final: true });
    expect(results.channel.alternatives).toHaveLength(1);
    const [{ transcript, confidence, words }] = results.channel.alternatives;
    expect(transcript).toBe("Hello, World.");
    expect(confidence).toBeCloseTo(0.8, 2);
    expect(words.map(({ word }: Message) => word)).toEqual(["hello", "world"]);
    expect(words.map((word: Message) => word.punctuated_word)).toEqual(["Hello,", "World."]);
    expect(words.map((word: Message) => word.confidence)).toEqual([0.9, 0.7]);
    expect(metadata).toMatchObject({ duration: 1.5, channels: 1, request_id: results.metadata.request_id });
    expect(metadata.sha256).toMatch(/^[\da-f]{64}$/);
  });

  it("without punctuation, when that was asked for", async () => {
    await serve();
    const { socket, heard } = await connect(`${RAW}&punctuate=false`);
    socket.send(pcm(["speech", 1000], ["silence", 500]));
    const results = await heard(isFinal);
    expect(results.channel.alternatives[0].transcript).toBe("hello world");
    expect(results.channel.alternatives[0].words[0]).not.toHaveProperty("punctuated_word");
    socket.close();
  });

  it("tells of the start of speech and of the silence behind it, once each", async () => {
    await serve();
    const query = `${RAW}&interim_results=true&vad_events=true&utterance_end_ms=1000`;
    const { socket, messages, heard } = await connect(query);
    socket.send(pcm(["silence", 500], ["speech", 1000]));
    await heard(({ is_final }) => is_final === false);
    socket.send(pcm(["silence", 800]));
    await heard(isFinal);
    expect(messages.some(({ type }) => type === "UtteranceEnd")).toBe(false);
    socket.send(pcm(["silence", 1500]));
    const end = await heard(({ type }) => type === "UtteranceEnd");
    const final = messages.find(isFinal);
    expect(end).toEqual({
      type: "UtteranceEnd",
      channel: [0, 1],
      last_word_end: final.channel.alternatives[0].words.at(-1).end,
    });
    const started = messages.filter(({ type }) => type === "SpeechStarted");
    expect(started).toHaveLength(1);
    expect(started[0].timestamp).toBeGreaterThan(0.3);
    socket.send(pcm(["silence", 1500]));
    socket.send(JSON.stringify({ type: "CloseStream" }));
    await once(socket, "close");
    expect(messages.filter(({ type }) => type === "UtteranceEnd")).toHaveLength(1);
  });

  it("calls no final the end of speech where endpointing is off", async () => {
    await serve();
    const { socket, heard } = await connect(`${RAW}&endpointing=false`);
    socket.send(pcm(["speech", 1000], ["silence", 500]));
    expect(await heard(isFinal)).toMatchObject({ speech_final: false });
    socket.close();
  });

  it("takes mu-law at 8 kHz, and stereo", async () => {
    await serve();
    const mono = pcm(["speech", 1000], ["silence", 500]);
    const pair = (at: number) => Buffer.concat([mono.subarray(at, at + 2), mono.subarray(at, at + 2)]);
    const stereo = Buffer.concat(Array.from({ length: mono.length / 2 }, (_, i) => pair(2 * i)));
    const halved = Buffer.concat(Array.from({ length: mono.length / 4 }, (_, i) => mono.subarray(4 * i, 4 * i + 2)));
    for (const [query, audio] of [
      ["encoding=mulaw&sample_rate=8000", muLaw(halved)],
      [`${RAW}&channels=2`, stereo],
    ] as const) {
      const { socket, closed, messages } = await connect(query);
      // A sample may be cut in two anywhere.
      socket.send(audio.subarray(0, 10_001));
      socket.send(audio.subarray(10_001));
      // The older way to end a stream.
      socket.send(Buffer.alloc(0));
      expect(await closed).toEqual({ code: 1000 });
      expect(messages.find(isFinal)?.channel.alternatives[0].transcript, query).toBe("Hello, World.");
      expect(messages.at(-1).duration).toBe(1.5);
    }
  });
});

describe("how the text is written", () => {
  it.each([
    // The case of what was said is kept.
    ["replace=world:planet", "Hello, Planet."],
    ["replace=Hello", "World."],
  ])("%s", async (query, text) => {
    await serve();
    const { socket, heard } = await connect(`${RAW}&${query}`);
    socket.send(pcm(["speech", 1000], ["silence", 500]));
    expect((await heard(isFinal)).channel.alternatives[0].transcript).toContain(text);
    socket.close();
  });
});

describe("Finalize", () => {
  it("brings the text of what was said so far", async () => {
    await serve();
    const { socket, messages, heard } = await connect(RAW);
    socket.send(pcm(["speech", 1000]));
    socket.send(JSON.stringify({ type: "Finalize" }));
    const results = await heard(isFinal);
    expect(results).toMatchObject({ from_finalize: true, speech_final: true });
    expect(results.channel.alternatives[0].transcript).toBe("Hello, World.");
    expect(messages).toHaveLength(1);
    socket.close();
  });

  it("is answered by an empty text where nothing was said", async () => {
    await serve();
    const { socket, heard } = await connect(RAW);
    socket.send(pcm(["silence", 500]));
    socket.send(JSON.stringify({ type: "Finalize" }));
    const results = await heard(isFinal);
    expect(results).toMatchObject({ from_finalize: true, start: 0.5, duration: 0 });
    expect(results.channel.alternatives[0]).toEqual({ transcript: "", confidence: 0, words: [] });
    socket.close();
  });
});

describe("Configure", () => {
  it("replaces the key terms, and refuses features that are not there", async () => {
    await serve();
    const { socket, heard } = await connect(`${RAW}&keyterm=one`);
    socket.send(JSON.stringify({ type: "Configure", keyterms: ["Kubernetes"] }));
    expect(await heard(({ type }) => type === "ConfigureSuccess")).toMatchObject({ keyterms: ["Kubernetes"] });
    socket.send(JSON.stringify({ type: "Configure", features: { teleport: true } }));
    expect((await heard(({ type }) => type === "ConfigureFailure")).description).toContain("teleport");
    socket.close();
  });
});

describe("what cannot be understood", () => {
  it.each([
    ["not json", "JSON"],
    ['{"type":"Dance"}', "KeepAlive, Finalize, CloseStream and Configure"],
    ['{"type":"Configure","keyterms":"one"}', "keyterms"],
  ])("is answered by an Error, and the stream goes on: %s", async (text, part) => {
    await serve();
    const { socket, heard } = await connect(RAW);
    socket.send(text);
    const error = await heard(({ type }) => type === "Error");
    expect(error).toMatchObject({ variant: "SchemaError", message: text });
    expect(error.description).toContain(part);
    socket.send(JSON.stringify({ type: "KeepAlive" }));
    socket.send(JSON.stringify({ type: "Finalize" }));
    await heard(isFinal);
    socket.close();
  });

  it("audio that is no WAV file ends a stream that named no encoding, with 1008", async () => {
    await serve();
    const { socket, messages, closed } = await connect("model=nova-3");
    socket.send(Buffer.from("OggS, and more of what is no WAV file"));
    expect(await closed).toEqual({ code: 1008 });
    expect(messages.at(-1).description).toContain("encoding");
  });
});

describe("an option", () => {
  it.each([
    ["diarize=true", "diarize"],
    ["diarize_model=latest", "diarize_model"],
    ["multichannel=true", "multichannel"],
    ["callback=https%3A%2F%2Fexample.org", "callback"],
    ["interim_result=true", "interim_result"],
    ["interim_results=maybe", "interim_results"],
    ["language=klingon", "language"],
    ["endpointing=fast", "endpointing"],
    ["utterance_end_ms=10", "utterance_end_ms"],
    ["channels=3", "channels"],
    ["redact=ssn", "redact"],
    ["replace=:nothing", "replace"],
  ])("%s is refused with 400, by name", async (query, name) => {
    await serve();
    const { status, header, body } = await refusal(`${RAW}&${query}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ err_code: "INVALID_QUERY_PARAMETER", err_msg: header });
    expect(body.err_msg).toContain(name);
  });

  it.each(["encoding=opus", "encoding=linear16"])("%s is refused: the audio could not be read", async (query) => {
    await serve();
    expect((await refusal(query)).status).toBe(400);
  });

  it("that changes nothing is told in every answer", async () => {
    await serve();
    const { socket, messages, closed } = await connect(`${RAW}&tag=mine&endpointing=10&diarize=false`);
    socket.send(pcm(["speech", 1000], ["silence", 500]));
    socket.send(JSON.stringify({ type: "CloseStream" }));
    await closed;
    for (const { warnings } of [messages[0].metadata, messages.at(-1)]) {
      expect(warnings.map(({ parameter, type }: Message) => [parameter, type])).toEqual([
        ["tag", "ignored"],
        ["endpointing", "adjusted"],
      ]);
    }
  });
});

describe("the switch DEEPGRAM_API", () => {
  it("closes the path", async () => {
    await serve({ deepgramApi: false });
    const { status } = await refusal(RAW);
    expect(status).toBe(404);
  });
});
