import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeWav, isSttError, rms } from "@stt/core";
import { seededRandom } from "@stt/core/testing";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { openAudioFile } from "../../src/audio-decoders/open-audio-file.js";
import { fixture } from "../support/audio-files.js";
import { recording } from "../support/recordings.js";
import { readSample } from "../support/wav.js";

const OWN = ["speech.mp3", "speech.flac", "speech.oga", "speech.opus", "speech.ogg"];
const BY_FFMPEG = ["speech.m4a", "speech.webm"];
const hasFfmpeg = spawnSync("ffmpeg", ["-version"]).status === 0;
const MINUTE = { maxDurationMs: 60_000 };

const folder = mkdtempSync(join(tmpdir(), "stt-containers-"));
const path = process.env.PATH;

afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  process.env.PATH = path;
});

async function decode(file: string, limits = MINUTE, signal = new AbortController().signal): Promise<Float32Array> {
  const pieces: Float32Array[] = [];
  for await (const piece of await openAudioFile(file, limits, signal)) pieces.push(piece);
  return Float32Array.from(pieces.flatMap((piece) => [...piece]));
}

function fileOf(bytes: Uint8Array, name = "audio"): string {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

async function codeOf(work: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return isSttError(error) ? { code: error.code, message: error.message } : { code: String(error), message: "" };
}

/** Loudness of each 20 ms. */
function envelope(samples: Float32Array): number[] {
  const step = 320;
  return Array.from({ length: Math.floor(samples.length / step) }, (_, i) =>
    rms(samples.subarray(i * step, (i + 1) * step)),
  );
}

function correlation(a: number[], b: number[]): number {
  const n = Math.min(a.length, b.length);
  const mean = (x: number[]) => x.slice(0, n).reduce((sum, value) => sum + value, 0) / n;
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    ab += (a[i]! - ma) * (b[i]! - mb);
    aa += (a[i]! - ma) ** 2;
    bb += (b[i]! - mb) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

async function expectSpeech(file: string): Promise<void> {
  const original = readSample("en_01.wav");
  const decoded = await decode(file);
  // Encoders pad: MP3 in front, AAC at the end. Nothing may be missing.
  expect(decoded.length).toBeGreaterThan(original.length - 100);
  expect(decoded.length).toBeLessThan(original.length + 2000);
  expect(rms(decoded) / rms(original)).toBeGreaterThan(0.85);
  expect(rms(decoded) / rms(original)).toBeLessThan(1.15);
  const lags = Array.from({ length: 20 }, (_, i) => i * 80);
  const likeness = lags.map((lag) => correlation(envelope(original), envelope(decoded.subarray(lag))));
  expect(Math.max(...likeness)).toBeGreaterThan(0.95);
}

describe("a file is decoded to what was recorded", () => {
  it.each(OWN)("%s, without any other program", async (name) => {
    process.env.PATH = folder;
    await expectSpeech(fixture(name));
  });

  it.skipIf(!hasFfmpeg).each(BY_FFMPEG)("%s, by ffmpeg", (name) => expectSpeech(fixture(name)));

  it("a WAV file in stereo at another rate", async () => {
    const original = readSample("en_01.wav");
    const stereo = new Float32Array(original.length * 4);
    for (let i = 0; i < stereo.length; i++) stereo[i] = original[i >> 2]!;
    const pcm = new Uint8Array(stereo.buffer);
    const bytes = encodeWav(pcm, { encoding: "pcm_f32le", sampleRate: 32_000, channels: 2 });
    await expectSpeech(fileOf(bytes));
  });

  it("by its content, whatever its name", async () => {
    await expectSpeech(fileOf(readFileSync(fixture("speech.ogg")), "speech.wav"));
  });

  it("FLAC behind an ID3 tag and a picture", async () => {
    const flac = readFileSync(fixture("speech.flac"));
    const picture = Buffer.alloc(4 + 100_000, 0xff);
    picture.writeUInt32BE(0x06000000 + 100_000, 0);
    const tag = Buffer.concat([Buffer.from("ID3\x04\0\0\0\0\x01\0", "latin1"), Buffer.alloc(128)]);
    const streamInfo = flac.subarray(0, 4 + 4 + 34);
    await expectSpeech(fileOf(Buffer.concat([tag, streamInfo, picture, flac.subarray(streamInfo.length)])));
  });
});

describe("a broken file", () => {
  it.each(["en_01.wav", ...OWN])("%s that ends early is given as far as it goes", async (name) => {
    const bytes = readFileSync(name.endsWith("wav") ? recording("en_01").path : fixture(name));
    const whole = readSample("en_01.wav").length;
    const decoded = await decode(fileOf(bytes.subarray(0, Math.floor(bytes.length * 0.7))));
    expect(decoded.length).toBeGreaterThan(whole * 0.3);
    expect(decoded.length).toBeLessThan(whole * 0.95);
  });

  it.each(["en_01.wav", ...OWN])("%s with noise after its first bytes is refused, or decoded in part", async (name) => {
    const random = seededRandom(7);
    const bytes = Buffer.from(readFileSync(name.endsWith("wav") ? recording("en_01").path : fixture(name)));
    for (let i = 40; i < bytes.length; i++) bytes[i] = Math.floor(random() * 256);
    const outcome = await codeOf(decode(fileOf(bytes)));
    expect(["bad_audio", "undefined"]).toContain(outcome.code);
  });

  it.each(OWN)("%s with damage in the middle keeps what is around it", async (name) => {
    const bytes = Buffer.from(readFileSync(fixture(name)));
    bytes.fill(0x55, Math.floor(bytes.length * 0.6), Math.floor(bytes.length * 0.65));
    const decoded = await decode(fileOf(bytes));
    expect(decoded.length).toBeGreaterThan(readSample("en_01.wav").length * 0.4);
  });

  it.skipIf(!hasFfmpeg)("m4a without its index is refused", async () => {
    const bytes = readFileSync(fixture("speech.m4a")).subarray(0, 4000);
    const { code, message } = await codeOf(decode(fileOf(bytes)));
    expect(code).toBe("bad_audio");
    expect(message).not.toContain(folder);
  });

  it("that is empty, or no audio at all, is refused", async () => {
    expect(await codeOf(decode(fileOf(new Uint8Array(0))))).toMatchObject({ code: "bad_audio" });
    expect(await codeOf(decode(fileOf(Buffer.from("hello, world"))))).toMatchObject({ code: "unsupported_media" });
    expect(await codeOf(decode(fileOf(Buffer.from("#EXTM3U\nfile:/etc/passwd\n"))))).toMatchObject({
      code: "unsupported_media",
    });
  });
});

describe("limits", () => {
  it("a small file with hours of silence is refused while it is decoded", async () => {
    const before = process.memoryUsage.rss();
    const { code, message } = await codeOf(decode(fixture("silence-2h.flac")));
    expect(code).toBe("too_large");
    expect(message).toContain("60 s");
    expect(process.memoryUsage.rss() - before).toBeLessThan(300 * 2 ** 20);
  });

  it("decoding ends with its signal", async () => {
    const controller = new AbortController();
    const audio = await openAudioFile(fixture("silence-2h.flac"), { maxDurationMs: 8_000_000 }, controller.signal);
    const reading = (async () => {
      for await (const _ of audio) controller.abort();
    })();
    expect(await codeOf(reading)).toMatchObject({ code: "aborted" });
  });

  it("without ffmpeg, m4a is refused with its name", async () => {
    process.env.PATH = folder;
    const { code, message } = await codeOf(decode(fixture("speech.m4a")));
    expect(code).toBe("unsupported_media");
    expect(message).toContain("ffmpeg");
  });
});
