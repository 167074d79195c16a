import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { AudioFormat } from "../../src/audio/source.js";
import { decodeAudioFrame, encodeAudioFrame } from "../../src/protocol/audio-frame.js";

interface Golden {
  name: string;
  format: AudioFormat;
  offset: number;
  samples: number;
  hex: string;
}

const golden: Golden[] = JSON.parse(readFileSync(new URL("../fixtures/audio-frames.json", import.meta.url), "utf8"));
const bytesOf = (hex: string) => Uint8Array.from(hex.match(/[0-9a-f]{2}/g) ?? [], (byte) => Number.parseInt(byte, 16));

const MONO: AudioFormat = { encoding: "pcm_s16le", sampleRate: 16_000, channels: 1 };

describe("golden audio frames", () => {
  it.each(golden)("$name", ({ format, offset, samples, hex }) => {
    const bytes = bytesOf(hex);
    const frame = decodeAudioFrame(bytes, format);
    expect(frame).toEqual({ offset, samples, pcm: bytes.subarray(8) });
    expect(encodeAudioFrame(offset, frame.pcm)).toEqual(bytes);
  });
});

describe("an audio frame", () => {
  it("is read at any address, without a copy", () => {
    const bytes = new Uint8Array(21).subarray(1);
    bytes.set(
      encodeAudioFrame(
        77,
        Uint8Array.from({ length: 12 }, (_, i) => i),
      ),
    );
    const { offset, pcm } = decodeAudioFrame(bytes, MONO);
    expect(offset).toBe(77);
    expect(pcm.buffer).toBe(bytes.buffer);
    expect([...pcm.subarray(0, 3)]).toEqual([0, 1, 2]);
  });

  it.each<[what: string, hex: string, format: AudioFormat, message: string]>([
    ["is empty", "", MONO, "An audio frame has 0 bytes, but the 8-byte sample offset alone needs more."],
    [
      "ends within its offset",
      "00000000",
      MONO,
      "An audio frame has 4 bytes, but the 8-byte sample offset alone needs more.",
    ],
    [
      "has an odd length",
      "0000000000000000 010203",
      MONO,
      "An audio frame carries 3 bytes of PCM, which is not a multiple of 2 (pcm_s16le, 1 channel).",
    ],
    [
      "ends within a sample frame",
      "0000000000000000 010203040506",
      { encoding: "pcm_f32le", sampleRate: 16_000, channels: 2 },
      "An audio frame carries 6 bytes of PCM, which is not a multiple of 8 (pcm_f32le, 2 channels).",
    ],
    ["has an absurd offset", "ffffffffffffffff", MONO, "An audio frame's sample offset is larger than 2^53."],
  ])("that %s is refused in a clear sentence", (_, hex, format, message) => {
    expect(() => decodeAudioFrame(bytesOf(hex), format)).toThrow(
      expect.objectContaining({ code: "bad_frame", message }),
    );
  });
});
