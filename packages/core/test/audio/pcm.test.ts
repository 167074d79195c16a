import { describe, expect, it } from "vitest";
import { decodePcm, encodePcm, monoToPcm, pcmToMono, rms } from "../../src/audio/pcm.js";

const bytesOf = (array: ArrayBufferView) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** The same bytes at an odd address. */
function unaligned(bytes: Uint8Array): Uint8Array {
  const shifted = new Uint8Array(bytes.length + 1).subarray(1);
  shifted.set(bytes);
  return shifted;
}

describe("pcmToMono", () => {
  const s16 = bytesOf(new Int16Array([-32768, -1, 0, 1, 32767, 16384]));

  it.each([
    ["aligned", s16],
    ["unaligned", unaligned(s16)],
  ])("scales 16-bit samples to [-1, 1) (%s)", (_, bytes) => {
    const out = decodePcm(bytes, { encoding: "pcm_s16le", channels: 1 });
    expect([...out]).toEqual([-1, -1 / 32768, 0, 1 / 32768, 32767 / 32768, 0.5]);
  });

  it.each([
    ["aligned", s16],
    ["unaligned", unaligned(s16)],
  ])("averages two channels (%s)", (_, bytes) => {
    const out = decodePcm(bytes, { encoding: "pcm_s16le", channels: 2 });
    expect([...out]).toEqual([-32769 / 65536, 1 / 65536, (32767 + 16384) / 65536].map(Math.fround));
  });

  it("reads floats at any address and averages them", () => {
    const bytes = unaligned(bytesOf(new Float32Array([0.25, -0.75, 1, 0])));
    expect([...decodePcm(bytes, { encoding: "pcm_f32le", channels: 1 })]).toEqual([0.25, -0.75, 1, 0]);
    expect([...decodePcm(bytes, { encoding: "pcm_f32le", channels: 2 })]).toEqual([-0.25, 0.5]);
  });

  it("lets no float through that would poison a filter", () => {
    const bytes = bytesOf(
      new Float32Array([Number.NaN, 1e30, -1e30, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]),
    );
    expect([...decodePcm(bytes, { encoding: "pcm_f32le", channels: 1 })]).toEqual([0, 1, -1, 1, -1]);
  });

  it("writes at an offset and says how many samples it wrote", () => {
    const out = new Float32Array(8).fill(9);
    expect(pcmToMono(s16, { encoding: "pcm_s16le", channels: 1 }, out, 1)).toBe(6);
    expect([out[0], out[1], out[7]]).toEqual([9, -1, 9]);
  });

  it("refuses a part of a sample frame", () => {
    expect(() => decodePcm(s16.subarray(0, 6), { encoding: "pcm_s16le", channels: 2 })).toThrow(
      "6 bytes of pcm_s16le are not a whole number of 4-byte sample frames.",
    );
  });

  it("refuses a target that is too small", () => {
    expect(() => pcmToMono(s16, { encoding: "pcm_s16le", channels: 1 }, new Float32Array(5))).toThrow(/do not fit/);
  });
});

describe("monoToPcm", () => {
  it("gives back the bytes of any 16-bit sample", () => {
    const all = bytesOf(Int16Array.from({ length: 65536 }, (_, i) => i - 32768));
    const samples = decodePcm(all, { encoding: "pcm_s16le", channels: 1 });
    expect(encodePcm(samples, "pcm_s16le")).toEqual(all);
  });

  it("clamps what is too loud instead of wrapping it round", () => {
    const bytes = encodePcm(new Float32Array([1, 1.5, -1.5]), "pcm_s16le");
    expect([...new Int16Array(bytes.buffer)]).toEqual([32767, 32767, -32768]);
  });

  it("writes floats to an unaligned view", () => {
    const out = new Uint8Array(9).subarray(1);
    expect(monoToPcm(new Float32Array([0.5, -0.25]), "pcm_f32le", out)).toBe(8);
    expect([...decodePcm(out, { encoding: "pcm_f32le", channels: 1 })]).toEqual([0.5, -0.25]);
  });
});

describe("rms", () => {
  it("is the root of the mean square, and 0 for nothing", () => {
    expect(rms(new Float32Array([3, -4]))).toBeCloseTo(Math.sqrt(12.5), 6);
    expect(rms(new Float32Array(0))).toBe(0);
  });
});
