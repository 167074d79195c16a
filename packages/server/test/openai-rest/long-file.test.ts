import { execFile } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { wordErrorRate } from "@stt/core";
import type OpenAI from "openai";
import { afterAll, beforeAll, expect, it } from "vitest";
import { pcmOf, wavBytes } from "../support/audio-files.js";
import { paragraphs, type Sentence } from "../support/recordings.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

const SAMPLE_RATE = 16_000;
const MINUTES = 60;
/** Between two recordings, so that an hour of audio is a quarter of an hour of work. */
const PAUSE_S = 120;
/** What the server may take more for it. */
const MAX_MEBIBYTES = 100;

const english = paragraphs.filter(({ language }) => language === "en");

let target: TestServer;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "stt-long-"));
  target = await createTestServer();
}, 180_000);

afterAll(async () => {
  await target?.server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The long recordings, one after the other with long pauses, until they fill the time; and where each sentence is. */
function longRecording(): { path: string; sentences: Sentence[]; seconds: number } {
  const sentences: Sentence[] = [];
  const path = join(folder, "long.wav");
  // Written piece by piece with an unknown length, as a recorder does.
  writeFileSync(path, wavBytes(new Int16Array(0)));
  let at = 0;
  for (let i = 0; at < MINUTES * 60 * SAMPLE_RATE; i++) {
    const { path: own, sentences: spoken } = english[i % english.length]!;
    const samples = pcmOf(own);
    const seconds = at / SAMPLE_RATE;
    sentences.push(...spoken.map(({ text, start, end }) => ({ text, start: start + seconds, end: end + seconds })));
    const pause = new Int16Array(PAUSE_S * SAMPLE_RATE);
    for (const piece of [samples, pause]) {
      appendFileSync(path, new Uint8Array(piece.buffer));
      at += piece.length;
    }
  }
  return { path, sentences, seconds: at / SAMPLE_RATE };
}

/** Sends a file from a process of its own, whose memory is not the server's. */
async function transcribeElsewhere(path: string): Promise<OpenAI.Audio.TranscriptionVerbose> {
  const program = `
    import { openAsBlob } from "node:fs";
    import OpenAI from "openai";
    const client = new OpenAI({ apiKey: "none", baseURL: "${target.http}/v1", maxRetries: 0 });
    const file = new File([await openAsBlob(${JSON.stringify(path)})], "long.wav");
    const options = { model: "whisper-1", language: "en", response_format: "verbose_json" };
    process.stdout.write(JSON.stringify(await client.audio.transcriptions.create({ file, ...options })));`;
  const cwd = fileURLToPath(new URL("../..", import.meta.url));
  const args = ["--input-type=module", "--eval", program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, maxBuffer: 2 ** 26 });
  return JSON.parse(stdout);
}

it("a long file is decoded in bounded memory, each sentence in its place", async () => {
  const { path, sentences, seconds } = longRecording();
  const before = process.memoryUsage.rss();
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss() - before);
  }, 20);
  const result = await transcribeElsewhere(path).finally(() => clearInterval(watch));

  expect(result.duration).toBeCloseTo(seconds, 0);
  // Held whole it would be more than this even as it was sent, and twice that as samples of the engine.
  expect(statSync(path).size / 2 ** 20).toBeGreaterThan(MAX_MEBIBYTES);
  expect(peak / 2 ** 20).toBeLessThan(MAX_MEBIBYTES);

  // The same times in the last minute as in the first.
  expect(result.segments).toHaveLength(sentences.length);
  for (const [i, segment] of result.segments!.entries()) {
    expect(Math.abs(segment.start - sentences[i]!.start)).toBeLessThan(0.5);
    expect(Math.abs(segment.end - sentences[i]!.end)).toBeLessThan(0.5);
  }
  const expected = sentences.map(({ text }) => text).join(" ");
  const rate = wordErrorRate(expected, result.text).rate;
  // What the first recording alone comes to; nothing is lost on the way.
  const once = sentences.slice(0, english[0]!.sentences.length + english[1]!.sentences.length);
  const heard = result.segments!.slice(0, once.length).map(({ text }) => text);
  const rateOnce = wordErrorRate(once.map(({ text }) => text).join(" "), heard.join(" ")).rate;
  expect(rate, `peak ${peak / 2 ** 20} MiB`).toBeLessThan(rateOnce + 0.05);
}, 180_000);
