/** Files as people have them: with junk and tags, joined, damaged, in other codecs, with odd channels. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isSttError, rms } from "@stt/core";
import { seededRandom } from "@stt/core/testing";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { openAudioFile } from "../../src/audio-decoders/open-audio-file.js";
import { fixture } from "../support/audio-files.js";
import { recording } from "../support/recordings.js";

const WAV = recording("en_01").path;
const SECONDS = 2.227;
/** Of an MP3 or an AAC, and of what its encoder pads. */
const FRAMES = 0.1;
const hasFfmpeg = spawnSync("ffmpeg", ["-version"]).status === 0;
const folder = mkdtempSync(join(tmpdir(), "stt-faults-"));
const path = process.env.PATH;
let files = 0;

afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  process.env.PATH = path;
});

const own = (name: string) => readFileSync(fixture(name));

function fileOf(...parts: Uint8Array[]): string {
  const file = join(folder, `${files++}.bin`);
  writeFileSync(file, Buffer.concat(parts));
  return file;
}

/** What ffmpeg makes of the recording. */
function ffmpeg(extension: string, ...options: string[]): string {
  const file = join(folder, `${files++}.${extension}`);
  const { status, stderr } = spawnSync("ffmpeg", ["-v", "error", "-y", "-i", WAV, ...options, file]);
  expect(stderr.toString()).toBe("");
  expect(status).toBe(0);
  return file;
}

async function decode(file: string): Promise<Float32Array> {
  const pieces: Float32Array[] = [];
  const limits = { maxDurationMs: 60_000 };
  for await (const piece of await openAudioFile(file, limits, new AbortController().signal)) pieces.push(piece);
  return Float32Array.from(pieces.flatMap((piece) => [...piece]));
}

async function refusal(file: string): Promise<{ code: string; message: string; cause: string }> {
  try {
    const { length } = await decode(file);
    return { code: `${length} samples`, message: "", cause: "" };
  } catch (error) {
    if (!isSttError(error)) throw error;
    return { code: error.code, message: error.message, cause: (error.cause as Error | undefined)?.message ?? "" };
  }
}

/** So many times the whole recording, at its own loudness. */
async function expectSpeech(file: string, times = 1): Promise<void> {
  const heard = await decode(file);
  expect(heard.length / 16_000).toBeGreaterThan(times * (SECONDS - 0.03));
  expect(heard.length / 16_000).toBeLessThan(times * (SECONDS + FRAMES));
  const original = rms(await decode(WAV));
  expect(rms(heard) / original).toBeGreaterThan(0.85);
  expect(rms(heard) / original).toBeLessThan(1.15);
}

const id3 = (length: number) => {
  const size = [21, 14, 7, 0].map((shift) => (length >> shift) & 0x7f);
  return Buffer.concat([Buffer.from("ID3\x04\0\0", "latin1"), Buffer.from(size), Buffer.alloc(length, 0x41)]);
};
const noise = (length: number, seed = 3) => {
  const random = seededRandom(seed);
  return Uint8Array.from({ length }, () => Math.floor(random() * 256));
};

describe("a file is found", () => {
  it.each(["speech.mp3", "speech.opus", "speech.flac", "speech.ogg"])("%s behind junk", async (name) => {
    process.env.PATH = folder;
    for (const junk of [new Uint8Array(1000), noise(30_000)]) await expectSpeech(fileOf(junk, own(name)));
  });

  it("WAV behind junk", async () => {
    process.env.PATH = folder;
    await expectSpeech(fileOf(noise(5000), readFileSync(WAV)));
  });

  it("an MP3 that was cut in mid-frame", async () => {
    process.env.PATH = folder;
    for (const at of [700, 1234, 2000]) {
      const heard = await decode(fileOf(own("speech.mp3").subarray(at)));
      expect(heard.length / 16_000).toBeGreaterThan(1.8);
    }
  });

  it.each(["speech.opus", "speech.flac", "speech.mp3", "speech.ogg"])("%s behind ID3 tags", async (name) => {
    process.env.PATH = folder;
    await expectSpeech(fileOf(id3(10), own(name)));
    // A picture longer than what is searched, and a second tag.
    await expectSpeech(fileOf(id3(200_000), id3(50), own(name)));
  });

  it("WAV behind an ID3 tag", async () => {
    process.env.PATH = folder;
    await expectSpeech(fileOf(id3(333), readFileSync(WAV)));
  });

  it.skipIf(!hasFfmpeg)("AAC behind an ID3 tag", async () => {
    await expectSpeech(fileOf(id3(100), readFileSync(ffmpeg("aac", "-b:a", "64k"))));
  });
});

describe.skipIf(!hasFfmpeg)("codecs", () => {
  it.each(["pcm_mulaw", "pcm_alaw"])("%s in WAV is read without ffmpeg", async (codec) => {
    const file = ffmpeg("wav", "-c:a", codec, "-ar", "8000");
    process.env.PATH = folder;
    await expectSpeech(file);
  });

  it.each([
    ["adpcm_ima_wav", "IMA ADPCM"],
    ["adpcm_ms", "Microsoft ADPCM"],
    ["libmp3lame", "MP3"],
  ])("%s in WAV is left to ffmpeg, and named without it", async (codec, name) => {
    const file = ffmpeg("wav", "-c:a", codec);
    await expectSpeech(file);
    process.env.PATH = folder;
    expect(await refusal(file)).toMatchObject({
      code: "unsupported_media",
      message: `The WAV file cannot be read. It holds ${name}; PCM, float, A-law and mu-law are supported. Other codecs are read through ffmpeg, and there is none on this server's PATH.`,
    });
  });

  it.each(["au", "caf", "aiff", "w64", "wv"])("%s is read by ffmpeg", (extension) =>
    expectSpeech(ffmpeg(extension, ...(extension === "caf" ? ["-c:a", "pcm_s16le"] : []))),
  );
});

describe.skipIf(!hasFfmpeg)("channels", () => {
  const panned = (extension: string, pan: string, ...options: string[]) =>
    ffmpeg(extension, "-af", `pan=${pan}`, ...options);

  it.each(["flac", "wav", "ogg"])("%s: opposite polarity, one side at -0.9, one silent side", async (extension) => {
    for (const other of ["-1*c0", "-0.9*c0", "0*c0"]) await expectSpeech(panned(extension, `stereo|c0=c0|c1=${other}`));
  });

  it("opus and m4a by the same rule, the latter through ffmpeg", async () => {
    await expectSpeech(panned("opus", "stereo|c0=c0|c1=-1*c0", "-mapping_family", "255", "-b:a", "128k"));
    await expectSpeech(panned("m4a", "stereo|c0=c0|c1=-1*c0", "-b:a", "192k"));
    await expectSpeech(panned("m4a", "stereo|c0=0*c0|c1=c0", "-b:a", "192k"));
  });

  it.each(["wav", "flac", "ogg", "m4a"])("%s: six of them are read", (extension) =>
    expectSpeech(panned(extension, "5.1|c0=0*c0|c1=0*c0|c2=c0|c3=0*c0|c4=0*c0|c5=0*c0", "-ar", "48000")),
  );

  it("WAV with 64 is read, and 65 are refused", async () => {
    const header = (channels: number) => {
      const head = Buffer.from(readFileSync(WAV).subarray(0, 44));
      head.writeUInt16LE(channels, 22);
      head.writeUInt16LE(2 * channels, 32);
      return head;
    };
    const pcm = readFileSync(WAV).subarray(44);
    const many = Buffer.alloc(64 * pcm.length);
    for (let i = 0; i < pcm.length / 2; i++) many.writeInt16LE(pcm.readInt16LE(2 * i), 128 * i + 10);
    const head = header(64);
    head.writeUInt32LE(many.length, 40);
    await expectSpeech(fileOf(head, many));
    process.env.PATH = folder;
    expect(await refusal(fileOf(header(65), new Uint8Array(13_000)))).toMatchObject({
      code: "bad_audio",
      message: "The WAV file cannot be read. It has 65 channels; up to 64 are supported.",
    });
  });

  it("a constant offset is gone", async () => {
    const heard = await decode(ffmpeg("wav", "-af", "dcshift=0.2"));
    expect(Math.abs(heard.reduce((sum, x) => sum + x, 0) / heard.length)).toBeLessThan(0.001);
    expect(rms(heard) / rms(await decode(WAV))).toBeCloseTo(1, 1);
  });
});

it.skipIf(!hasFfmpeg)(
  "a transport stream that lost packets at its beginning is not taken for the frames within one",
  async () => {
    const whole = readFileSync(ffmpeg("ts", "-c:a", "aac"));
    for (const at of [200, 600, 1000, 1500, 2000]) {
      expect((await decode(fileOf(whole.subarray(at)))).length / 16_000).toBeGreaterThan(SECONDS - 0.5);
      const gap = fileOf(whole.subarray(0, at), whole.subarray(at + 2890));
      expect((await decode(gap)).length / 16_000).toBeGreaterThan(SECONDS - 0.8);
    }
  },
);

describe("joined files", () => {
  it.each(["speech.opus", "speech.ogg", "speech.oga", "speech.mp3", "speech.flac"])(
    "%s twice and thrice",
    async (name) => {
      process.env.PATH = folder;
      await expectSpeech(fileOf(own(name), own(name)), 2);
      await expectSpeech(fileOf(own(name), own(name), own(name)), 3);
    },
  );

  it.skipIf(!hasFfmpeg).each(["flac", "mp3", "opus"])(
    "%s with a larger file of another kind behind it: the first is heard, and is not damaged",
    async (extension) => {
      const first = readFileSync(ffmpeg(extension));
      for (const other of ["wav", "aiff", "au", "ts", "aac", "m4a", "mkv", "wma", "tta"]) {
        const second = readFileSync(ffmpeg(other));
        await expectSpeech(fileOf(first, ...Array.from({ length: 4 }, () => second)), 1);
      }
    },
  );

  it("Ogg of unlike codecs", () => expectSpeech(fileOf(own("speech.opus"), own("speech.ogg"), own("speech.oga")), 3));

  it.skipIf(!hasFfmpeg).each([
    ["ogg", "-ar", "44100"],
    ["ogg", "-af", "pan=stereo|c0=c0|c1=c0"],
    ["mp3", "-ar", "44100"],
    ["mp3", "-af", "pan=stereo|c0=c0|c1=c0"],
    ["mp3", "-ar", "8000"],
    ["flac", "-ar", "48000"],
    ["flac", "-af", "pan=stereo|c0=c0|c1=c0"],
  ])("%s, the second with %s %s", async (extension, ...change) => {
    await expectSpeech(fileOf(readFileSync(ffmpeg(extension)), readFileSync(ffmpeg(extension, ...change))), 2);
    await expectSpeech(fileOf(readFileSync(ffmpeg(extension, ...change)), readFileSync(ffmpeg(extension))), 2);
  });
});

describe("damage", () => {
  it.each([
    ["speech.flac", 0.6],
    ["speech.mp3", 0.15],
    ["speech.opus", 1.1],
    ["speech.ogg", 1.4],
  ])("%s: a hole costs what was in it, %d s at most, and what follows is heard", async (name, most) => {
    process.env.PATH = folder;
    // A short Ogg file is two pages; a long one loses one of many.
    const times = /opus|ogg/.test(name) ? 4 : 1;
    const bytes = Buffer.concat(Array.from({ length: times }, () => own(name)));
    const at = (part: number) => Math.floor(bytes.length * part);
    const hole = Buffer.from(bytes).fill(0, at(0.4), at(0.4) + 700);
    expect((await decode(fileOf(hole))).length / 16_000).toBeGreaterThan(times * SECONDS - most);
    const early = Buffer.from(bytes).fill(0x55, at(0.15), at(0.15) + 20);
    expect((await decode(fileOf(early))).length / 16_000).toBeGreaterThan(times * SECONDS - most);
  });

  it.each(["speech.flac", "speech.mp3", "speech.opus", "speech.ogg"])(
    "%s of which most is destroyed is refused",
    async (name) => {
      const bytes = Buffer.from(own(name));
      bytes.set(noise(Math.floor(bytes.length * 0.7)), Math.floor(bytes.length * 0.28));
      expect(await refusal(fileOf(bytes))).toMatchObject({ code: "bad_audio" });
    },
  );

  it.each([
    [0xff, 0xfb, 0x90, 0x64],
    [0xff, 0xf3, 0x40, 0xc4],
    [0x66, 0x4c, 0x61, 0x43, 0, 0, 0, 0x22],
    [0x4f, 0x67, 0x67, 0x53, 0, 2],
    [0xff, 0xf1, 0x50, 0x80],
    [0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 0, 10],
  ])("noise that begins with %d %d is refused as damaged", async (...begin) => {
    expect(await refusal(fileOf(Uint8Array.from(begin), noise(50_000)))).toMatchObject({ code: "bad_audio" });
  });

  it("text and noise are of no known kind", async () => {
    expect(await refusal(fileOf(Buffer.from("hello, world ".repeat(1000))))).toMatchObject({
      code: "unsupported_media",
    });
    expect(await refusal(fileOf(Uint8Array.from([1]), noise(50_000)))).toMatchObject({ code: "unsupported_media" });
  });
});

describe.skipIf(!hasFfmpeg)("ffmpeg's refusals", () => {
  it("are sentences for people, and its own words are the cause", async () => {
    const silent = join(folder, "silent.mp4");
    spawnSync("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "color=duration=1:size=64x64", silent]);
    const answer = await refusal(silent);
    expect(answer).toMatchObject({
      code: "bad_audio",
      message: "The MP4 file cannot be decoded: there is no sound track in it.",
    });
    expect(answer.cause).toContain("ffmpeg: ");
    expect(answer.cause).not.toContain(folder);
  });

  it.each([
    ["m4a", 4000, /it ends before its index/],
    ["webm", 30, /it ends before its audio begins|it is damaged/],
    ["aiff", 20, /it is damaged|it ends before its audio begins/],
  ])("%s, cut", async (extension, length, reason) => {
    const cut = readFileSync(ffmpeg(extension)).subarray(0, length);
    const { code, message } = await refusal(fileOf(cut));
    expect(code).toBe("bad_audio");
    expect(message).toMatch(reason);
  });
});

describe.skipIf(!hasFfmpeg)("a file that is cut behind its head", () => {
  const raw = ["-c:a", "pcm_s16le"];
  it.each<[string, ...string[]]>([
    ["wav"],
    ["aiff"],
    ["au"],
    ["au", "-c:a", "pcm_mulaw", "-ar", "8000"],
    ["caf", ...raw],
    ["w64"],
    ["avi", ...raw],
    ["mov", ...raw],
    ["mkv", ...raw],
    ["flac"],
    ["ogg"],
    ["opus"],
    ["mp3"],
    ["m4a"],
    ["webm"],
    ["wma"],
    ["wv"],
    ["tta"],
    ["ac3"],
  ])("%s %s %s: an error says so, no empty text", async (extension, ...options) => {
    const whole = readFileSync(ffmpeg(extension, ...options));
    for (const length of [40, 60, 100, 200]) {
      const { code, message } = await refusal(fileOf(whole.subarray(0, length)));
      expect(code).toMatch(/^(bad_audio|unsupported_media)$/);
      expect(message).toMatch(/^[A-Z].*\.$/);
    }
  });

  it("tells how much could be decoded", async () => {
    const aiff = readFileSync(ffmpeg("aiff"));
    expect(await refusal(fileOf(aiff.subarray(0, 60)))).toMatchObject({
      code: "bad_audio",
      message: "Only 1 ms of the AIFF file can be decoded: it was cut off, or nothing was recorded.",
    });
    // A click of 30 ms is a recording.
    expect((await decode(fileOf(aiff.subarray(0, 54 + 960)))).length).toBe(480);
  });
});

describe.skipIf(!hasFfmpeg)("a refusal names the file as its sender does", () => {
  it.each([
    ["MKV", "mkv", "-c:a", "flac"],
    ["WebM", "webm"],
    ["WMA", "wma"],
    ["M4A", "m4a"],
    ["MOV", "mov"],
    ["3GP", "3gp", "-c:a", "aac"],
    ["MP4", "mp4"],
    ["WavPack", "wv"],
  ])("%s", async (name, extension, ...options) => {
    const file = ffmpeg(extension, ...options);
    process.env.PATH = folder;
    expect((await refusal(file)).message).toMatch(new RegExp(`^The file is ${name}, which this server reads through`));
  });
});

describe("an ffmpeg that does not work is the server's fault", () => {
  /** A folder whose `ffmpeg` runs a script. */
  function ffmpegThat(script: string): string {
    const bin = mkdtempSync(join(folder, "bin-"));
    writeFileSync(join(bin, "ffmpeg"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return bin;
  }
  /** One second of silence, as ffmpeg writes it into a pipe: without a length. */
  const second = () => {
    const head = Buffer.from(readFileSync(WAV).subarray(0, 44));
    head.writeUInt32LE(0xffffffff, 4);
    head.writeUInt32LE(0xffffffff, 40);
    return fileOf(head, Buffer.alloc(32_000));
  };
  const m4a = () => fileOf(Buffer.from("\0\0\0\x20ftypM4A \0\0\0\0", "latin1"), Buffer.alloc(5000));

  it.each([
    ["lacks a library", 'echo "ffmpeg: error while loading shared libraries: libx.so.5" >&2; exit 127'],
    ["is too old for what it is asked", "echo \"Unrecognized option 'format_whitelist'.\" >&2; exit 1"],
    ["is killed", "kill -9 $$"],
    ["crashes", "kill -SEGV $$"],
  ])("when it %s", async (_what, script) => {
    process.env.PATH = ffmpegThat(script);
    for (const file of [m4a(), fileOf(noise(3000))]) {
      expect(await refusal(file)).toMatchObject({
        code: "internal",
        message: expect.stringMatching(/^ffmpeg, which reads files of this kind, does not work on this server\./),
        cause: expect.stringMatching(/^ffmpeg: .*\((exit code|ended by) /),
      });
    }
    // Our own reader knows better what is wrong with its file.
    expect(await refusal(fileOf(own("speech.flac").subarray(0, 60)))).toMatchObject({ code: "bad_audio" });
  });

  it("when it may not be started", async () => {
    const bin = ffmpegThat("");
    chmodSync(join(bin, "ffmpeg"), 0o644);
    process.env.PATH = bin;
    expect(await refusal(m4a())).toMatchObject({ code: "internal", cause: expect.stringContaining("ffmpeg: ") });
  });

  it("also when it has given the half of a file: that is not all of it", async () => {
    process.env.PATH = ffmpegThat(`/bin/cat ${second()}; kill -9 $$`);
    expect(await refusal(m4a())).toMatchObject({ code: "internal" });
    process.env.PATH = ffmpegThat(`/bin/cat ${second()}`);
    expect((await decode(m4a())).length).toBe(16_000);
  });
});
