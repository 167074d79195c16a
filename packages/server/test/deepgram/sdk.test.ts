/** Deepgram's own clients, as they come from npm and PyPI, on people's voices. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type Deepgram, DeepgramClient } from "@deepgram/sdk";
import { wordErrorRate } from "@stt/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BASE_MODEL, human } from "../support/human.js";
import { python, WITHOUT_PYTHON } from "../support/python-clients.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

type Client = DeepgramClient;
type Socket = Awaited<ReturnType<DeepgramClient["listen"]["v1"]["connect"]>>;
type Options = Parameters<DeepgramClient["listen"]["v1"]["connect"]>[0];
type Results = Deepgram.listen.ListenV1Results;
type Message =
  | Results
  | Deepgram.listen.ListenV1Metadata
  | Deepgram.listen.ListenV1SpeechStarted
  | Deepgram.listen.ListenV1UtteranceEnd;

const WAV_HEADER_BYTES = 44;
const KEY = "deepgram-sdk-test-0123456789abcdef";

let target: TestServer;
beforeAll(async () => {
  target = await createTestServer({ ...BASE_MODEL, apiKeys: `sdk:${KEY}` });
}, 120_000);
afterAll(() => target?.server.close());

function clientOf(apiKey = KEY): DeepgramClient {
  const http = `http://127.0.0.1:${target.ports.dataPort}`;
  const ws = http.replace("http", "ws");
  return new DeepgramClient({
    apiKey,
    environment: { base: http, production: ws, agent: ws, agentRest: http },
  });
}

/** Sends a recording, as raw 16 kHz PCM, and resolves with all that was said until the socket closed. */
async function listen(
  audio: Buffer,
  options: Partial<Options>,
  after: (socket: Socket, heard: Message[]) => void = (socket) => socket.sendCloseStream({ type: "CloseStream" }),
  paceMs = 0,
): Promise<Message[]> {
  const socket = await clientOf().listen.v1.connect({
    model: "nova-3",
    reconnectAttempts: 0,
    ...options,
  } as Options);
  const messages: Message[] = [];
  const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  socket.on("message", (message) => messages.push(message));
  socket.connect();
  await socket.waitForOpen();
  for (let at = 0; at < audio.length; at += 8000) {
    socket.sendMedia(audio.subarray(at, at + 8000));
    if (paceMs > 0) await sleep(paceMs);
  }
  after(socket, messages);
  await closed;
  return messages;
}

const finalsOf = (messages: Message[]) =>
  messages.filter((message): message is Results => message.type === "Results" && message.is_final === true);
const textOf = (messages: Message[]) =>
  finalsOf(messages)
    .map(({ channel }) => channel.alternatives[0]!.transcript)
    .filter(Boolean)
    .join(" ");

describe("the client of npm", { timeout: 120_000 }, () => {
  it.each(["en_austen_selfish", "ru_invalid_number"])(
    "gets the words of %s, with times and confidence that are theirs",
    async (name) => {
      const { path, text, language } = human(name);
      const pcm = readFileSync(path).subarray(WAV_HEADER_BYTES);
      const raw = { encoding: "linear16", sample_rate: "16000" } as const;
      const options = { ...raw, language, interim_results: "true", smart_format: "true" } as const;
      const messages = await listen(pcm, options, undefined, 250);
      expect(wordErrorRate(text, textOf(messages)).errors).toBe(0);
      const words = finalsOf(messages).flatMap(({ channel }) => channel.alternatives[0]!.words);
      expect(words.length).toBeGreaterThan(5);
      let last = 0;
      for (const { word, start, end, confidence } of words) {
        expect(word).toBe(word.toLowerCase());
        expect(start).toBeGreaterThanOrEqual(last);
        expect(end).toBeGreaterThanOrEqual(start);
        expect(confidence).toBeGreaterThan(0);
        expect(confidence).toBeLessThanOrEqual(1);
        last = start;
      }
      expect(last).toBeLessThan(pcm.length / 32_000);
      expect(new Set(words.map(({ confidence }) => confidence)).size).toBeGreaterThan(1);
      for (const { channel } of finalsOf(messages)) expect(channel.alternatives[0]!.confidence).toBeGreaterThan(0.3);
      const interim = messages.filter(
        (message): message is Results => message.type === "Results" && message.is_final === false,
      );
      expect(interim.length).toBeGreaterThan(0);
      for (const { channel, start, duration } of interim) {
        const { transcript, words: live, confidence } = channel.alternatives[0]!;
        expect(live.map(({ punctuated_word }) => punctuated_word).join(" ")).toBe(transcript);
        expect(confidence).toBeGreaterThan(0);
        for (const [i, word] of live.entries()) {
          expect(word.start).toBeGreaterThanOrEqual(live[i - 1]?.end ?? 0);
          expect(word.end).toBeGreaterThanOrEqual(word.start);
          expect(word.end).toBeLessThanOrEqual(start + duration + 0.3);
          expect(word.confidence).toBeGreaterThan(0);
        }
      }
      const metadata = messages.at(-1);
      expect(metadata).toMatchObject({ type: "Metadata", channels: 1 });
      expect((metadata as { duration: number }).duration).toBeCloseTo(pcm.length / 32_000, 1);
    },
  );

  it("sends a WAV file as it is, and Finalize brings its text before the stream is over", async () => {
    const { path, text } = human("en_austen_amiable");
    const messages = await listen(readFileSync(path), { language: "en" }, (socket, heard) => {
      socket.on("message", (message) => {
        heard.push(message);
        if (message.type === "Results" && message.from_finalize) socket.sendCloseStream({ type: "CloseStream" });
      });
      socket.sendFinalize({ type: "Finalize" });
    });
    expect(wordErrorRate(text, textOf(messages)).errors).toBe(0);
    expect(messages.filter((message) => message.type === "Results" && message.from_finalize)).toHaveLength(1);
    expect(messages.at(-1)!.type).toBe("Metadata");
  });

  it("is refused without the key, and with an option that cannot be served", async () => {
    const why = async (key: string, options: object) => {
      const socket = await clientOf(key).listen.v1.connect({
        model: "nova-3",
        reconnectAttempts: 0,
        ...options,
      } as Options);
      const failed = new Promise<string>((resolve) => socket.on("error", (error) => resolve(error.message)));
      socket.connect();
      return failed;
    };
    const raw = { encoding: "linear16", sample_rate: "16000" };
    expect(await why("wrong", raw)).toContain("401");
    expect(await why(KEY, { ...raw, diarize: "true" })).toContain("400");
  });
});

describe("a file", { timeout: 120_000 }, () => {
  it("comes back whole, with its words, its utterances and its paragraphs", async () => {
    const { path, text, language } = human("ru_all_busy");
    const file = readFileSync(path);
    const answer = await clientOf().listen.v1.media.transcribeFile(file, {
      model: "nova-3",
      language,
      utterances: true,
      paragraphs: true,
    } as Parameters<Client["listen"]["v1"]["media"]["transcribeFile"]>[1]);
    if (!("results" in answer)) throw new Error("no results");
    const { metadata, results } = answer;
    const [alternative] = results.channels[0]!.alternatives!;
    expect(wordErrorRate(text, alternative!.transcript!).errors).toBe(0);
    expect(alternative!.confidence).toBeGreaterThan(0.3);
    expect(alternative!.words!.length).toBeGreaterThan(5);
    expect(results.utterances!.map(({ transcript }) => transcript).join(" ")).toBe(alternative!.transcript);
    expect(alternative!.paragraphs!.paragraphs!.length).toBe(results.utterances!.length);
    expect(metadata.sha256).toBe(createHash("sha256").update(file).digest("hex"));
    expect(metadata.duration).toBeCloseTo((file.length - WAV_HEADER_BYTES) / 32_000, 1);
  });

  it("may be raw audio, as it is announced, in a language that is detected", async () => {
    const { path, text } = human("en_austen_selfish");
    const url = `http://127.0.0.1:${target.ports.dataPort}/v1/listen?encoding=linear16&sample_rate=16000&detect_language=true&tag=mine`;
    const response = await fetch(url, {
      method: "POST",
      headers: { authorization: `Token ${KEY}` },
      body: readFileSync(path).subarray(WAV_HEADER_BYTES),
    });
    const { metadata, results } = (await response.json()) as Deepgram.ListenV1Response;
    expect(wordErrorRate(text, results.channels[0]!.alternatives![0]!.transcript!).errors).toBe(0);
    expect(results.channels[0]!.detected_language).toBe("en");
    expect((metadata as { warnings?: object[] }).warnings).toEqual([
      expect.objectContaining({ parameter: "tag", type: "ignored" }),
    ]);
  });

  it.each([
    ["an option that cannot be served", "?diarize=true", "audio", "INVALID_QUERY_PARAMETER", 400],
    ["an empty body", "", "", "INVALID_QUERY_PARAMETER", 400],
    ["what is no audio", "", "these bytes are no audio at all", "UNSUPPORTED_MEDIA", 415],
  ])("is refused in Deepgram's words: %s", async (_, query, body, code, status) => {
    const response = await fetch(`http://127.0.0.1:${target.ports.dataPort}/v1/listen${query}`, {
      method: "POST",
      headers: { authorization: `Token ${KEY}` },
      body: Buffer.from(body),
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({
      err_code: code,
      err_msg: expect.any(String),
      request_id: expect.any(String),
    });
  });
});

describe.skipIf(WITHOUT_PYTHON)(`the client of PyPI${WITHOUT_PYTHON}`, { timeout: 180_000 }, () => {
  const SCRIPT = `
import sys, json, threading
from deepgram import DeepgramClient
from deepgram.environment import DeepgramClientEnvironment
from deepgram.core.events import EventType
port, path, language, key = sys.argv[1:]
http, ws = f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port}"
client = DeepgramClient(api_key=key, environment=DeepgramClientEnvironment(base=http, production=ws, agent=ws, agent_rest=http))
with client.listen.v1.connect(model="nova-3", language=language, encoding="linear16", sample_rate=16000, interim_results="true") as socket:
    def say(message):
        print(json.dumps(message.dict() if hasattr(message, "dict") else str(message), default=str))
    socket.on(EventType.MESSAGE, say)
    listening = threading.Thread(target=socket.start_listening)
    listening.start()
    pcm = open(path, "rb").read()[44:]
    for at in range(0, len(pcm), 8000):
        socket.send_media(pcm[at:at + 8000])
    socket.send_close_stream()
    listening.join()
`;

  it("gets the words of a recording", async () => {
    const { path, text, language } = human("ru_all_busy");
    const printed = await python(SCRIPT, String(target.ports.dataPort), path, language, KEY);
    const messages: Message[] = printed.split("\n").map((line) => JSON.parse(line));
    expect(wordErrorRate(text, textOf(messages)).errors).toBe(0);
    expect(messages.at(-1)!.type).toBe("Metadata");
  });
});
