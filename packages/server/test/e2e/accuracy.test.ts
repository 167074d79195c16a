import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { decodePcm, formatText, type TranscribeOptions, type TranscriptionEngine, wordErrorRate } from "@stt/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWhisperEngine } from "../../src/engines/whisper/create-whisper-engine.js";
import { paragraphs, type Recording, speechless, utterances } from "../support/recordings.js";
import { type Streamed, stream } from "../support/stream-client.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

const SAMPLE_RATE = 16_000;
/** Word error rates may differ by three of the 157 words: `micro` hears the length of the silence behind a sentence. */
const POINT = 0.02;

let target: TestServer;
let engine: TranscriptionEngine;

beforeAll(async () => {
  target = await createTestServer();
  engine = await createWhisperEngine({
    modelPath: fileURLToPath(new URL("../../models/ggml-micro-q8_0.bin", import.meta.url)),
    modelName: "micro",
    device: "cpu",
    isolation: "in-process",
  });
}, 60_000);

afterAll(async () => {
  await target?.server.close();
  await engine?.close();
});

function samplesOf({ path }: Recording): Float32Array {
  return decodePcm(readFileSync(path).subarray(44), { encoding: "pcm_s16le", channels: 1 });
}

/** Decodes audio whole, with the settings of the test server's finals. */
async function decodeWhole(audio: Float32Array, options: TranscribeOptions): Promise<string> {
  const { text } = await engine.transcribe(audio, { beamSize: 1, audioContext: 256, ...options });
  return text === "" ? "" : formatText(text, { final: true });
}

/** Word error rate over several texts, each word weighing the same. */
function errorRate(pairs: { expected: string; heard: string }[]): number {
  let errors = 0;
  let words = 0;
  for (const { expected, heard } of pairs) {
    const rate = wordErrorRate(expected, heard);
    errors += rate.errors;
    words += rate.words;
  }
  return errors / words;
}

async function offlineErrorRate(language: (each: Recording) => string): Promise<number> {
  const pairs = [];
  for (const each of utterances) {
    pairs.push({ expected: each.text, heard: await decodeWhole(samplesOf(each), { language: language(each) }) });
  }
  return errorRate(pairs);
}

function streamedErrorRate(results: Map<Recording, Streamed>): number {
  return errorRate([...results].map(([each, { text }]) => ({ expected: each.text, heard: text })));
}

describe("the short recordings", () => {
  it("streamed one after another are as right as decoded whole, in a given language", async () => {
    const results = new Map<Recording, Streamed>();
    for (const each of utterances) results.set(each, await stream(target.url, each, { language: each.language }));
    const offline = await offlineErrorRate((each) => each.language);
    const streamed = streamedErrorRate(results);
    expect(streamed, `streamed ${streamed}, decoded whole ${offline}`).toBeLessThanOrEqual(offline + POINT);
  }, 120_000);

  it("streamed all at once with automatic language are as right, and no session hears another", async () => {
    const streams = await Promise.all(
      utterances.map(async (each) => [each, await stream(target.url, each, { language: "auto" })] as const),
    );
    const results = new Map(streams);
    const offline = await offlineErrorRate(() => "auto");
    const streamed = streamedErrorRate(results);
    expect(streamed, `streamed ${streamed}, decoded whole ${offline}`).toBeLessThanOrEqual(offline + POINT);
    for (const [each, { text, finals }] of results) {
      expect(finals.map(({ language }) => language)).toEqual(finals.map(() => each.language));
      const own = wordErrorRate(each.text, text).rate;
      const others = utterances.filter((other) => other.text !== each.text);
      for (const other of others) expect(own, each.name).toBeLessThan(wordErrorRate(other.text, text).rate);
    }
  }, 180_000);
});

describe.each(paragraphs)("the long recording $name", (each) => {
  it("comes back as its sentences, in order, nothing lost or doubled", async () => {
    const { finals } = await stream(target.url, each, {
      language: each.language,
      endpointing: { silenceMs: 700 },
    });
    expect(finals.map(({ utterance }) => utterance)).toEqual(finals.map((_, i) => i));
    expect(finals).toHaveLength(each.sentences.length);
    const audio = samplesOf(each);
    const pairs = [];
    const whole = [];
    for (const [i, sentence] of each.sentences.entries()) {
      const final = finals[i]!;
      // Each final lies where its sentence was spoken: nothing was shifted, merged or cut in two.
      expect(final.startMs / 1000).toBeGreaterThan(sentence.start - 0.5);
      expect(final.endMs / 1000).toBeLessThan(sentence.end + 0.5);
      pairs.push({ expected: sentence.text, heard: final.text });
      const cut = audio.subarray(
        Math.max(0, Math.round((sentence.start - 0.3) * SAMPLE_RATE)),
        Math.round((sentence.end + 0.3) * SAMPLE_RATE),
      );
      whole.push({ expected: sentence.text, heard: await decodeWhole(cut, { language: each.language }) });
    }
    const streamed = errorRate(pairs);
    const offline = errorRate(whole);
    expect(streamed, `streamed ${streamed}, decoded whole ${offline}`).toBeLessThanOrEqual(offline + POINT);
  }, 120_000);
});

describe.each(speechless)("$name", (each) => {
  it("gives no final at all", async () => {
    const { finals, text } = await stream(target.url, each, { language: "auto" });
    expect(finals).toEqual([]);
    expect(text).toBe("");
  });
});
