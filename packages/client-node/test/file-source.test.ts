import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileSource } from "../src/index.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stt-wav-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** A ramp of known samples, written in any of the kinds that a WAV file knows. */
const KINDS = {
  "8 bit": {
    code: 1,
    bits: 8,
    write: (b: Buffer, v: number, at: number) => b.writeUInt8(Math.round(v * 127) + 128, at),
  },
  "16 bit": {
    code: 1,
    bits: 16,
    write: (b: Buffer, v: number, at: number) => b.writeInt16LE(Math.round(v * 32_767), at),
  },
  "24 bit": {
    code: 1,
    bits: 24,
    write: (b: Buffer, v: number, at: number) => b.writeIntLE(Math.round(v * 8_388_607), at, 3),
  },
  "32 bit": {
    code: 1,
    bits: 32,
    write: (b: Buffer, v: number, at: number) => b.writeInt32LE(Math.round(v * 2_147_483_647), at),
  },
  "32 bit float": { code: 3, bits: 32, write: (b: Buffer, v: number, at: number) => b.writeFloatLE(v, at) },
} as const;

function wav(kind: keyof typeof KINDS, sampleRate: number, channels: number, frames: number): Buffer {
  const { code, bits, write } = KINDS[kind];
  const bytes = bits / 8;
  const data = Buffer.alloc(frames * channels * bytes);
  for (let i = 0; i < frames * channels; i++) write(data, valueAt(i), i * bytes);
  const head = Buffer.alloc(44);
  head.write("RIFF", 0, "latin1");
  head.writeUInt32LE(36 + data.length, 4);
  head.write("WAVEfmt ", 8, "latin1");
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(code, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(sampleRate, 24);
  head.writeUInt32LE(sampleRate * channels * bytes, 28);
  head.writeUInt16LE(channels * bytes, 32);
  head.writeUInt16LE(bits, 34);
  head.write("data", 36, "latin1");
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

function valueAt(index: number): number {
  return Math.sin(index / 7) * 0.8;
}

async function read(path: string, chunkMs?: number) {
  const source = await fileSource(path, chunkMs === undefined ? {} : { chunkMs });
  const chunks: Uint8Array[] = [];
  for await (const chunk of source.chunks(new AbortController().signal)) chunks.push(chunk);
  await source.close();
  const bytes = Buffer.concat(chunks);
  const float = source.format.encoding === "pcm_f32le";
  const samples = Array.from({ length: bytes.length / (float ? 4 : 2) }, (_, i) =>
    float ? bytes.readFloatLE(i * 4) : bytes.readInt16LE(i * 2) / 32_768,
  );
  return { source, chunks, samples };
}

describe("fileSource", () => {
  it.each(
    Object.keys(KINDS).flatMap((kind) =>
      [
        [8000, 1],
        [16_000, 1],
        [44_100, 2],
        [96_000, 2],
      ].map(([rate, channels]) => [kind as keyof typeof KINDS, rate!, channels!] as const),
    ),
  )("reads %s at %i Hz with %i channel(s) sample for sample", async (kind, rate, channels) => {
    const path = join(folder, "ramp.wav");
    await writeFile(path, wav(kind, rate, channels, 3001));
    const { source, samples } = await read(path);
    expect(source.format).toMatchObject({ sampleRate: rate, channels });
    expect(source.durationMs).toBeCloseTo((3001 / rate) * 1000, 6);
    expect(samples).toHaveLength(3001 * channels);
    const worst = Math.max(...samples.map((sample, i) => Math.abs(sample - valueAt(i))));
    expect(worst).toBeLessThan(kind === "8 bit" ? 0.02 : 0.0002);
  });

  it("reads joined files to the end, in the format of the first", async () => {
    const path = join(folder, "joined.wav");
    await writeFile(path, Buffer.concat([wav("16 bit", 16_000, 1, 16_000), wav("24 bit", 48_000, 2, 48_000)]));
    const source = await fileSource(path);
    expect(source.durationMs).toBeUndefined();
    let length = 0;
    for await (const chunk of source.chunks(new AbortController().signal)) length += chunk.length;
    await source.close();
    expect(Math.abs(length / 2 - 32_000)).toBeLessThan(5);
  });

  it("reads in steps, so that a long file costs no memory", async () => {
    const path = join(folder, "long.wav");
    await writeFile(path, wav("16 bit", 16_000, 1, 160_000));
    const { chunks } = await read(path, 100);
    expect(Math.max(...chunks.map((chunk) => chunk.byteLength))).toBeLessThanOrEqual(4096);
    expect(chunks.length).toBeGreaterThan(90);
  });

  it("ends early without an error when its signal fires", async () => {
    const path = join(folder, "aborted.wav");
    await writeFile(path, wav("16 bit", 16_000, 1, 160_000));
    const source = await fileSource(path);
    const abort = new AbortController();
    let chunks = 0;
    for await (const chunk of source.chunks(abort.signal)) {
      void chunk;
      if (++chunks === 3) abort.abort();
    }
    expect(chunks).toBe(3);
    await source.close();
    await source.close();
  });

  it("takes the audio that is there when the length in the file is a lie", async () => {
    const path = join(folder, "piped.wav");
    const bytes = wav("16 bit", 16_000, 1, 1000);
    bytes.writeUInt32LE(0xffffffff, 40);
    await writeFile(path, bytes);
    const { source, samples } = await read(path);
    expect(samples).toHaveLength(1000);
    expect(source.durationMs).toBe(62.5);
  });

  it.each([
    ["missing.wav", undefined, "io_error", /missing\.wav does not exist/],
    ["empty.wav", Buffer.alloc(0), "bad_audio", /empty\.wav is not a WAV file.*empty/],
    ["silent.wav", wav("16 bit", 16_000, 1, 0), "bad_audio", /silent\.wav .*no audio/],
    ["song.mp3", Buffer.from("ID3 this is no WAV file at all"), "bad_audio", /song\.mp3 is not a WAV file.*ffmpeg -i/],
    ["cut.wav", wav("16 bit", 16_000, 1, 10).subarray(0, 30), "bad_audio", /cut\.wav is not a WAV file/],
  ])("says in one sentence what is wrong with %s", async (name, content, code, sentence) => {
    const path = join(folder, name);
    if (content) await writeFile(path, content);
    const error = await fileSource(path).then(
      () => undefined,
      (reason: Error & { code: string }) => reason,
    );
    expect(error?.code).toBe(code);
    expect(error?.message).toMatch(sentence);
    expect(error?.message).not.toContain("\n");
  });

  const fixtures = new URL("../../server/test/fixtures/audio/", import.meta.url);
  const hasFfmpeg = spawnSync("ffmpeg", ["-version"]).status === 0;
  it.skipIf(!hasFfmpeg).each(["mp3", "flac", "ogg", "opus", "m4a", "webm"])("reads %s through ffmpeg", async (kind) => {
    const { source, samples } = await read(fileURLToPath(new URL(`speech.${kind}`, fixtures)));
    const { channels } = source.format;
    expect(source.format).toEqual({ encoding: "pcm_s16le", sampleRate: 16_000, channels: kind === "mp3" ? 2 : 1 });
    expect(samples.length / channels / 16_000).toBeGreaterThan(2.2);
    expect(samples.length / channels / 16_000).toBeLessThan(2.32);
    const loudness = Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
    expect(loudness).toBeGreaterThan(0.05);
  });

  it("without ffmpeg another kind is refused with what to do", async () => {
    const path = process.env.PATH;
    process.env.PATH = folder;
    try {
      await expect(fileSource(fileURLToPath(new URL("speech.mp3", fixtures)))).rejects.toMatchObject({
        code: "bad_audio",
        message: expect.stringMatching(/is not a WAV file that can be used.*ffmpeg -i/),
      });
      const slow = join(folder, "slow.wav");
      await writeFile(slow, wav("16 bit", 4000, 1, 10));
      await expect(fileSource(slow)).rejects.toThrow(/4000 Hz; 8000 to 192000/);
    } finally {
      process.env.PATH = path;
    }
  });

  it("says that a folder is none", async () => {
    await expect(fileSource(folder)).rejects.toMatchObject({
      code: "io_error",
      message: expect.stringContaining("directory"),
    });
  });
});
