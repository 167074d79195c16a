import { describe, expect, it } from "vitest";
import { JoinedWavDecoder, wavBeginning } from "../../src/audio/joined-wav-decoder.js";
import { decodePcm, encodePcm, rms } from "../../src/audio/pcm.js";
import { encodeWav } from "../../src/audio/wav.js";

const SECOND = 16_000;
const bytes = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

/** A second of a tone. */
function tone(sampleRate: number, channels: 1 | 2, encoding: "pcm_s16le" | "pcm_f32le" = "pcm_s16le"): Uint8Array {
  const samples = Float32Array.from({ length: sampleRate * channels }, (_, i) => {
    return 0.5 * Math.sin((2 * Math.PI * 440 * Math.floor(i / channels)) / sampleRate);
  });
  return encodeWav(encodePcm(samples, encoding), { encoding, sampleRate, channels });
}

/** In pieces of a size. */
function read(file: Uint8Array, size: number): { decoder: JoinedWavDecoder; pcm: Uint8Array } {
  const decoder = new JoinedWavDecoder();
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < file.length; at += size) pieces.push(decoder.push(file.slice(at, at + size)).slice());
  pieces.push(decoder.end());
  return { decoder, pcm: bytes(...pieces) };
}

describe("JoinedWavDecoder", () => {
  const mono = tone(16_000, 1);
  const tags = bytes(new TextEncoder().encode("LIST\x04\0\0\0RIFF"));

  it.each([1, 7, 44, 1000, 100_000])("reads files and what lies between them in pieces of %i bytes", (size) => {
    const { decoder, pcm } = read(bytes(mono, tags, mono, mono, tags), size);
    expect(decoder.format).toEqual({ encoding: "pcm_s16le", sampleRate: 16_000, channels: 1 });
    expect(pcm).toEqual(bytes(mono.slice(44), mono.slice(44), mono.slice(44)));
  });

  it("gives another format in that of the first", () => {
    for (const other of [tone(44_100, 1), tone(8000, 2), tone(16_000, 2, "pcm_f32le")]) {
      const { pcm } = read(bytes(mono, other, mono), 5000);
      const samples = decodePcm(pcm, { encoding: "pcm_s16le", channels: 1 });
      expect(Math.abs(samples.length - 3 * SECOND)).toBeLessThan(5);
      for (const second of [0, 1, 2]) {
        expect(rms(samples.subarray((second + 0.1) * SECOND, (second + 0.9) * SECOND))).toBeCloseTo(0.354, 2);
      }
      expect(pcm.slice(-32_000)).toEqual(mono.slice(44));
    }
    const stereo = read(bytes(tone(16_000, 2), mono), 5000).pcm;
    expect(stereo.length).toBe(2 * 2 * 2 * SECOND);
  });

  it("ends where a file ends early, and says when the first is none", () => {
    expect(read(bytes(mono, mono).slice(0, 2 * mono.length - 1000), 999).pcm.length).toBe(2 * 32_000 - 1000);
    expect(() => read(mono.slice(0, 20), 5)).toThrow(/ends before/);
  });

  it("finds where one begins", () => {
    expect(wavBeginning(bytes(tags, mono))).toBe(tags.length);
    expect(wavBeginning(tags)).toBe(-1);
  });
});
