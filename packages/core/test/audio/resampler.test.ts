import { describe, expect, it } from "vitest";
import { StreamingResampler } from "../../src/audio/resampler.js";
import { concatSamples, noiseSamples, seededRandom, toneSamples } from "../../src/testing/index.js";

function resample(from: number, to: number, input: Float32Array, sizes: () => number): Float32Array {
  const resampler = new StreamingResampler(from, to);
  const pieces: Float32Array[] = [];
  for (let at = 0; at < input.length; ) {
    const size = sizes();
    pieces.push(resampler.process(input.subarray(at, at + size)).slice());
    at += size;
  }
  pieces.push(resampler.flush().slice());
  return concatSamples(...pieces);
}

const power = (samples: Float32Array) => samples.reduce((sum, x) => sum + x * x, 0) / samples.length;
const middle = (samples: Float32Array) => samples.subarray(samples.length * 0.1, samples.length * 0.9);
const decibels = (ratio: number) => 10 * Math.log10(ratio);

/** Level of what differs from the ideal tone, which starts at phase 0 at the same instant: also a shift in time counts. */
function signalToNoise(from: number, to: number, frequency: number): number {
  const output = resample(from, to, toneSamples(frequency, 1000, { sampleRate: from }), () => 128);
  const ideal = toneSamples(frequency, 1000, { sampleRate: to });
  const error = output.map((x, i) => x - ideal[i]!);
  return decibels(power(middle(ideal)) / power(middle(error)));
}

const RATES = [
  [48000, 16000],
  [44100, 16000],
  [22050, 16000],
  [11025.5, 16000],
  [8000, 16000],
  [44101, 16000],
  [37123.457, 16000],
  [16000, 24000],
  [192000, 16000],
] as const;

describe("StreamingResampler", () => {
  it.each(RATES)("%d to %d Hz: a 1 kHz tone keeps 120 dB and its place in time", (from, to) => {
    expect(signalToNoise(from, to, 1000)).toBeGreaterThan(120);
  });

  it.each([44100, 48000, 96000])("%d Hz: what lies above 8 kHz does not fold back", (from) => {
    for (const frequency of [8100, 10_000, 15_000]) {
      const tone = toneSamples(frequency, 500, { sampleRate: from });
      const output = resample(from, 16000, tone, () => 480);
      expect(decibels(power(middle(output)) / power(tone))).toBeLessThan(-105);
    }
  });

  it("keeps the level of what lies below 6.8 kHz", () => {
    const output = resample(44100, 16000, toneSamples(6700, 500, { sampleRate: 44100 }), () => 441);
    expect(Math.abs(decibels(power(middle(output)) / 0.125))).toBeLessThan(0.01);
  });

  it.each(RATES)("%d to %d Hz: any division into chunks gives the same samples, bit for bit", (from, to) => {
    const random = seededRandom(7);
    const input = noiseSamples(120, { sampleRate: from });
    const whole = resample(from, to, input, () => input.length);
    expect(resample(from, to, input, () => Math.floor(random() * 700))).toEqual(whole);
    expect(resample(from, to, input, () => 1)).toEqual(whole);
  });

  it.each(RATES)("%d to %d Hz: the number of samples follows the ratio, with no drift", (from, to) => {
    const inputs = Math.round(from * 3.3);
    const output = resample(from, to, new Float32Array(inputs), () => 4096);
    expect(output.length).toBe(Math.ceil((inputs * Math.round(to * 1000)) / Math.round(from * 1000)));
  });

  it("gives samples no later than its look-ahead", () => {
    const resampler = new StreamingResampler(48000, 16000);
    const given = resampler.process(new Float32Array(4800)).length;
    expect(resampler.lookaheadSamples / 48).toBeLessThan(3.1);
    expect(given).toBeGreaterThanOrEqual((4800 - resampler.lookaheadSamples) / 3 - 1);
  });

  it("hands equal rates through", () => {
    const resampler = new StreamingResampler(16000, 16000);
    const input = new Float32Array([1, 2]);
    expect(resampler.process(input)).toBe(input);
    expect(resampler.flush().length).toBe(0);
  });

  it("uses the same memory again for every chunk", () => {
    const resampler = new StreamingResampler(44100, 16000);
    const chunk = new Float32Array(128);
    const views = new Set<Float32Array>();
    const buffers = new Set<ArrayBufferLike>();
    for (let i = 0; i < 1000; i++) {
      const output = resampler.process(chunk);
      if (i < 20) continue;
      views.add(output);
      buffers.add(output.buffer);
    }
    expect(buffers.size).toBe(1);
    expect(views.size).toBe(2);
  });

  it("begins anew after a flush", () => {
    const input = noiseSamples(50, { sampleRate: 48000 });
    const resampler = new StreamingResampler(48000, 16000);
    const run = () => concatSamples(resampler.process(input).slice(), resampler.flush().slice());
    expect(run()).toEqual(run());
  });

  it.each([0, -1, Number.NaN, 999, 1e7])("refuses a rate of %d Hz", (rate) => {
    expect(() => new StreamingResampler(rate, 16000)).toThrow(/sample rate of .* Hz cannot be converted/);
  });
});
