import { createReadStream } from "node:fs";
import { wordErrorRate } from "@stt/core";
import { FakeEngine } from "@stt/core/testing";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recording } from "../support/recordings.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

const short = recording("en_01");
const paragraph = recording("en_paragraph_1");

let target: TestServer;
let client: OpenAI;

beforeAll(async () => {
  target = await createTestServer();
  client = new OpenAI({ apiKey: "none", baseURL: `${target.http}/v1`, maxRetries: 0 });
}, 60_000);

afterAll(() => target?.server.close());

const fileOf = ({ path }: { path: string }) => createReadStream(path);
const errorsIn = (text: string, { text: expected } = short) => wordErrorRate(expected, text).rate;

describe("the openai client gets", () => {
  it("json: the text and what it cost", async () => {
    const result = await client.audio.transcriptions.create({
      file: fileOf(short),
      model: "whisper-1",
      language: "en",
    });
    expect(errorsIn(result.text)).toBeLessThan(0.2);
    expect(result.usage).toEqual({ type: "duration", seconds: Math.ceil(short.seconds) });
  });

  it("text: the text alone", async () => {
    const text = await client.audio.transcriptions.create({
      file: fileOf(short),
      model: "gpt-4o-transcribe",
      response_format: "text",
    });
    expect(text).toMatch(/^[^{].*\n$/);
    expect(errorsIn(text)).toBeLessThan(0.2);
  });

  it("verbose_json: segments where the sentences were spoken, every number a number", async () => {
    const result = await client.audio.transcriptions.create({
      file: fileOf(paragraph),
      model: "micro",
      language: "en",
      response_format: "verbose_json",
    });
    expect(result).toMatchObject({ task: "transcribe", language: "english" });
    expect(result.duration).toBeCloseTo(paragraph.seconds, 1);
    expect(result.words).toBeUndefined();
    expect(result.segments).toHaveLength(paragraph.sentences.length);
    for (const [i, segment] of result.segments!.entries()) {
      const { start, end } = paragraph.sentences[i]!;
      expect(segment.id).toBe(i);
      expect(Math.abs(segment.start - start)).toBeLessThan(0.5);
      expect(Math.abs(segment.end - end)).toBeLessThan(0.5);
      expect(segment.seek).toBeLessThanOrEqual(segment.start * 100);
      expect(segment.avg_logprob).toBeLessThan(0);
      expect(segment.compression_ratio).toBeGreaterThan(0);
      expect(segment.no_speech_prob).toBeGreaterThanOrEqual(0);
      expect(segment.temperature).toBe(0);
      expect(segment.tokens).toEqual([]);
    }
    expect(result.segments!.map(({ text }) => text).join(" ")).toBe(result.text);
  });

  it("words with their times instead of segments, or both", async () => {
    const ask = (granularities: ("word" | "segment")[]) =>
      client.audio.transcriptions.create({
        file: fileOf(short),
        model: "whisper-1",
        language: "en",
        response_format: "verbose_json",
        timestamp_granularities: granularities,
      });
    const words = await ask(["word"]);
    expect(words.segments).toBeUndefined();
    expect(words.words!.map(({ word }) => word).join(" ")).toBe(words.text);
    const starts = words.words!.map(({ start }) => start);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    for (const { start, end } of words.words!) expect(end).toBeGreaterThanOrEqual(start);
    const both = await ask(["word", "segment"]);
    expect(both.words).toEqual(words.words);
    expect(both.segments).toHaveLength(1);
  });

  it("srt and vtt: a subtitle for each sentence", async () => {
    const ask = (format: "srt" | "vtt") =>
      client.audio.transcriptions.create({ file: fileOf(paragraph), model: "micro", response_format: format });
    const [srt, vtt] = await Promise.all([ask("srt"), ask("vtt")]);
    expect(srt.match(/^\d+\n\d\d:\d\d:\d\d,\d{3} --> \d\d:\d\d:\d\d,\d{3}\n.+$/gm)).toHaveLength(
      paragraph.sentences.length,
    );
    expect(vtt).toMatch(/^WEBVTT\n\n/);
    expect(vtt.match(/^\d\d:\d\d:\d\d\.\d{3} --> \d\d:\d\d:\d\d\.\d{3}\n.+$/gm)).toHaveLength(
      paragraph.sentences.length,
    );
  });

  it("a stream of deltas that together are the text", async () => {
    const stream = await client.audio.transcriptions.create({
      file: fileOf(paragraph),
      model: "gpt-4o-mini-transcribe",
      language: "en",
      stream: true,
    });
    let text = "";
    const types: string[] = [];
    for await (const event of stream) {
      types.push(event.type);
      if (event.type === "transcript.text.delta") text += event.delta;
      if (event.type === "transcript.text.done") {
        expect(event.text).toBe(text);
        expect(event.usage).toEqual({ type: "duration", seconds: Math.ceil(paragraph.seconds) });
      }
    }
    expect(types.at(-1)).toBe("transcript.text.done");
    expect(types.filter((type) => type === "transcript.text.delta")).toHaveLength(paragraph.sentences.length);
  });

  it("Russian, detected without being told", async () => {
    const russian = recording("ru_02");
    const result = await client.audio.transcriptions.create({
      file: fileOf(russian),
      model: "whisper-1",
      response_format: "verbose_json",
    });
    expect(result.language).toBe("russian");
    expect(errorsIn(result.text, russian)).toBeLessThan(0.3);
  });

  it("no text for a recording in which nobody speaks", async () => {
    const result = await client.audio.transcriptions.create({
      file: fileOf(recording("noise_20s")),
      model: "whisper-1",
      response_format: "verbose_json",
    });
    expect(result).toMatchObject({ text: "", segments: [], duration: 20 });
  });
});

describe("a translation", () => {
  it("is asked of the engine and comes in each format", async () => {
    const engine = new FakeEngine({ answers: "good morning" });
    const translating = await createTestServer({}, { engine });
    const other = new OpenAI({ apiKey: "none", baseURL: `${translating.http}/v1`, maxRetries: 0 });
    try {
      const ask = <F extends "json" | "text" | "srt" | "verbose_json" | "vtt">(format: F) =>
        other.audio.translations.create({ file: fileOf(short), model: "whisper-1", response_format: format });
      expect((await ask("json")).text).toBe("Good morning.");
      const verbose: unknown = await ask("verbose_json");
      expect(verbose).toMatchObject({ task: "translate", language: "english", text: "Good morning." });
      expect(verbose).toHaveProperty("segments.length", 1);
      expect(await ask("text")).toBe("Good morning.\n");
      expect(await ask("srt")).toMatch(/^1\n00:00:00,\d{3} --> 00:00:0\d,\d{3}\nGood morning\.\n$/);
      expect(await ask("vtt")).toMatch(/^WEBVTT\n\n00/);
      const [_warmUp, ...calls] = engine.calls;
      expect(calls.map(({ options }) => options.task)).toEqual(Array(5).fill("translate"));
    } finally {
      await translating.server.close();
    }
  });
});

describe("models", () => {
  it("are listed under their own names and those that clients send by default", async () => {
    const ids = (await client.models.list()).data.map(({ id }) => id);
    expect(ids).toEqual([
      "micro",
      "whisper-1",
      "gpt-transcribe",
      "gpt-live-transcribe",
      "gpt-realtime-whisper",
      "gpt-4o-transcribe",
      "gpt-4o-mini-transcribe",
    ]);
    expect(await client.models.retrieve("micro")).toMatchObject({ id: "micro", object: "model" });
  });
});
