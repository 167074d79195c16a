/** Where a recording begins, and in what: containers that ffmpeg reads, behind tags and junk, and with bare frames inside of them. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededRandom } from "@stt/core/testing";
import { afterAll, describe, expect, it } from "vitest";
import { detectContainer } from "../../src/audio-decoders/detect-container.js";
import { openAudioFile } from "../../src/audio-decoders/open-audio-file.js";
import { recording } from "../support/recordings.js";

const { path: WAV } = recording("en_01");
/** 16-bit samples behind 44 bytes of header. */
const SECONDS = (statSync(WAV).size - 44) / 32_000;
/** Two AAC frames at 16 kHz: one that primes the decoder, one that fills the last. */
const PADDING_S = 0.13;
const hasFfmpeg = spawnSync("ffmpeg", ["-version"]).status === 0;
const folder = mkdtempSync(join(tmpdir(), "stt-found-"));
let files = 0;

afterAll(() => rmSync(folder, { recursive: true }));

/** The recording as ffmpeg writes it. */
function made(extension: string, ...options: string[]): Buffer {
  const file = join(folder, `${files++}.${extension}`);
  const { status, stderr } = spawnSync("ffmpeg", ["-v", "error", "-i", WAV, ...options, file]);
  expect(stderr.toString()).toBe("");
  expect(status).toBe(0);
  return readFileSync(file);
}

async function secondsOf(...parts: Uint8Array[]): Promise<number> {
  // Without an extension: names lie.
  const file = join(folder, `${files++}`);
  writeFileSync(file, Buffer.concat(parts));
  let samples = 0;
  const pieces = await openAudioFile(file, { maxDurationMs: 60_000 }, new AbortController().signal);
  for await (const piece of pieces) samples += piece.length;
  return samples / 16_000;
}

async function expectAll(...parts: Uint8Array[]): Promise<void> {
  const seconds = await secondsOf(...parts);
  expect(seconds).toBeGreaterThan(SECONDS - 0.02);
  expect(seconds).toBeLessThan(SECONDS + PADDING_S);
}

const noise = (length: number, seed = 5) => {
  const random = seededRandom(seed);
  return Uint8Array.from({ length }, () => Math.floor(random() * 256));
};
const id3 = (length: number) => {
  const size = [21, 14, 7, 0].map((shift) => (length >> shift) & 0x7f);
  return Buffer.concat([Buffer.from("ID3\x04\0\0", "latin1"), Buffer.from(size), Buffer.alloc(length, 0x41)]);
};

describe.skipIf(!hasFfmpeg)("containers that hold frames of another kind", () => {
  it.each([
    ["ts", "-c:a", "aac"],
    ["ts", "-c:a", "libmp3lame", "-ar", "44100"],
    ["avi", "-c:a", "libmp3lame"],
    ["flv", "-c:a", "libmp3lame", "-ar", "44100"],
    ["vob", "-c:a", "mp2", "-ar", "48000"],
    ["asf", "-c:a", "libmp3lame"],
    ["mov", "-c:a", "pcm_s16le"],
    ["mkv", "-c:a", "flac"],
    ["tta"],
  ])("%s %s %s", (extension, ...options) => expectAll(made(extension, ...options)));
});

describe.skipIf(!hasFfmpeg)("what stands in front", () => {
  it.each([["m4a"], ["mov", "-c:a", "pcm_s16le"], ["webm", "-c:a", "libopus"], ["ts", "-c:a", "aac"]])(
    "of %s: tags and junk",
    async (extension, ...options) => {
      const bytes = made(extension, ...options);
      await expectAll(id3(5), bytes);
      await expectAll(id3(90_000), bytes);
      await expectAll(noise(4000), bytes);
    },
  );

  // ffmpeg begins with the next packet of sound, which holds several frames.
  it("a transport stream that was cut anywhere", async () => {
    const bytes = made("ts", "-c:a", "aac");
    expect(detectContainer(bytes.subarray(1234))).toMatchObject({ container: "mpegts" });
    expect(await secondsOf(bytes.subarray(1234))).toBeGreaterThan(SECONDS - 0.4);
  });

  it("a transport stream with a gap close behind its beginning, from its first byte", async () => {
    const bytes = made("ts", "-c:a", "aac");
    for (const at of [400, 800, 900]) {
      const gap = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1000)]);
      expect(detectContainer(gap)).toEqual({ container: "mpegts", start: 0 });
    }
  });
});

describe("joined WAV files", () => {
  const wav = readFileSync(WAV);

  it("are read one after the other, through tags between them", async () => {
    const list = Buffer.concat([Buffer.from("LIST\x0a\0\0\0INFOabcdef", "latin1")]);
    expect(await secondsOf(wav, wav)).toBeCloseTo(2 * SECONDS, 2);
    expect(await secondsOf(wav, list, wav, wav)).toBeCloseTo(3 * SECONDS, 2);
    expect(await secondsOf(wav, Buffer.alloc(200_000), wav)).toBeCloseTo(2 * SECONDS, 2);
  });

  it("what is behind the audio is no sound, also where it looks a little like a file", async () => {
    expect(await secondsOf(wav, Buffer.from("LIST\x0c\0\0\0INFORIFFWAVE", "latin1"))).toBeCloseTo(SECONDS, 3);
    expect(await secondsOf(wav, noise(5000))).toBeCloseTo(SECONDS, 3);
  });

  it.skipIf(!hasFfmpeg)("of unlike formats", async () => {
    const other = made("wav", "-ar", "8000", "-ac", "2", "-c:a", "pcm_mulaw");
    expect(await secondsOf(wav, other, wav)).toBeCloseTo(3 * SECONDS, 2);
  });
});
