import { describe, expect, it } from "vitest";
import { HighPass } from "../../src/audio/high-pass.js";
import { MonoResampler } from "../../src/audio/mono-resampler.js";
import { rms } from "../../src/audio/pcm.js";
import { noiseSamples, toneSamples } from "../../src/testing/index.js";

const filtered = (samples: Float32Array, rate: number) => {
  const out = new Float32Array(samples.length);
  new HighPass(rate).process(samples, out);
  return out;
};
/** Gain in dB of a tone, once it is settled. */
const gain = (frequency: number, rate: number) => {
  const input = toneSamples(frequency, 2000, { sampleRate: rate });
  const offset = input.map((x) => x + 0.4);
  const half = input.length / 2;
  return 20 * Math.log10(rms(filtered(offset, rate).subarray(half)) / rms(input.subarray(half)));
};

describe("HighPass", () => {
  it.each([8000, 16_000, 48_000])("%d Hz: 3 dB at 20 Hz, first order, nothing of a voice", (rate) => {
    expect(gain(20, rate)).toBeCloseTo(-3, 0);
    expect(gain(2, rate)).toBeCloseTo(-20, 0);
    expect(gain(100, rate)).toBeGreaterThan(-0.25);
    expect(gain(1000, rate)).toBeGreaterThan(-0.1);
  });

  it("takes an offset out from the first sample on, without a click", () => {
    expect(filtered(new Float32Array(1000).fill(0.2), 16_000).every((x) => x === 0)).toBe(true);
  });

  it("leaves a recording without an offset as it is, bit for bit", () => {
    const tone = toneSamples(300, 1000);
    expect(filtered(tone, 16_000)).toEqual(tone);
  });

  it("gives digital silence after a sound", () => {
    const input = new Float32Array(16_000);
    input.set(noiseSamples(500));
    expect(filtered(input, 16_000).at(-1)).toBe(0);
  });
});

describe("MonoResampler", () => {
  it.each([
    ["speech at +0.2", 1, [0.2]],
    ["offsets that would hide the voice of two channels", 2, [0.6, 0.6]],
    ["opposite offsets", 2, [0.4, -0.4]],
  ])("%s: the offset is gone, the sound is left", (_, channels, offsets) => {
    const tone = toneSamples(440, 1000, { sampleRate: 48_000, amplitude: 0.3 });
    const resampler = new MonoResampler(channels, 48_000, 16_000);
    const out = resampler.process(offsets.map((offset) => tone.map((x) => x + offset)));
    const settled = out.slice(8000);
    expect(Math.abs(settled.reduce((sum, x) => sum + x, 0) / settled.length)).toBeLessThan(0.002);
    expect(rms(settled)).toBeCloseTo(0.3 / Math.SQRT2, 2);
  });

  it("any division into chunks gives the same samples, and as many as the ratio says", () => {
    const input = [noiseSamples(200, { seed: 1 }), noiseSamples(200, { seed: 2 })];
    const run = (size: number) => {
      const resampler = new MonoResampler(2, 44_100, 16_000);
      const pieces: number[] = [];
      for (let at = 0; at < input[0]!.length; at += size)
        pieces.push(...resampler.process(input.map((channel) => channel.subarray(at, at + size))));
      return [...pieces, ...resampler.flush()];
    };
    expect(run(160)).toEqual(run(1e6));
    expect(run(1e6).length).toBe(Math.ceil((input[0]!.length * 160) / 441));
  });
});
