import { describe, expect, it } from "vitest";
import { ChannelMixer } from "../../src/audio/channel-mixer.js";
import { rms } from "../../src/audio/pcm.js";
import { noiseSamples, seededRandom, toneSamples } from "../../src/testing/index.js";

const RATE = 16_000;
const tone = toneSamples(440, 1000, { sampleRate: RATE, amplitude: 0.5 });
const times = (samples: Float32Array, factor: number) => samples.map((x) => x * factor);
/** The decision is due by then. */
const settled = (samples: Float32Array) => samples.subarray(RATE / 20);
const mix = (...channels: Float32Array[]) => new ChannelMixer(channels.length, RATE).mix(channels).slice();

function expectTone(mixed: Float32Array, level = 1): void {
  const wanted = settled(times(tone, level));
  const error = settled(mixed).map((x, i) => Math.abs(x) - Math.abs(wanted[i]!));
  expect(Math.max(...error.map(Math.abs))).toBeLessThan(1e-4);
}

describe("ChannelMixer", () => {
  it.each([
    ["the same twice", [1, 1]],
    ["opposite polarity", [1, -1]],
    ["the other side at -0.9", [1, -0.9]],
    ["the first side at -0.9", [-0.9, 1]],
    ["one silent side", [0, 1]],
    ["one of six", [0, 0, 1, 0, 0, 0]],
    ["opposite pairs among four", [1, -1, 1, -1]],
  ])("%s: as loud as the loudest channel", (_, factors) => {
    expectTone(mix(...factors.map((factor) => times(tone, factor))));
  });

  it("two voices on two channels are both heard", () => {
    const other = toneSamples(700, 1000, { sampleRate: RATE, amplitude: 0.5 });
    const mixed = settled(mix(tone, other));
    for (const voice of [tone, other]) {
      const part = settled(voice);
      const likeness = mixed.reduce((sum, x, i) => sum + x * part[i]!, 0) / part.reduce((sum, x) => sum + x * x, 0);
      expect(likeness).toBeGreaterThan(0.6);
    }
    expect(rms(mixed)).toBeCloseTo(rms(settled(tone)), 2);
  });

  it("follows a recording that begins in phase and goes on with opposite polarity", () => {
    const right = tone.map((x, i) => (i < RATE / 2 ? x : -x));
    const mixed = mix(tone, right);
    expect(rms(mixed.subarray(0.1 * RATE, 0.5 * RATE))).toBeCloseTo(0.5 / Math.SQRT2, 2);
    expect(rms(mixed.subarray(0.95 * RATE))).toBeGreaterThan(0.3);
  });

  it("does not clip what was not clipped", () => {
    const loud = times(tone, 1.9);
    expect(Math.max(...settled(mix(loud, loud)))).toBeCloseTo(0.95, 3);
  });

  it("any division into chunks gives the same samples", () => {
    const [left, right] = [noiseSamples(300, { seed: 1 }), noiseSamples(300, { seed: 2 })];
    const whole = mix(left, right);
    const random = seededRandom(5);
    const mixer = new ChannelMixer(2, RATE);
    const pieces: number[] = [];
    for (let at = 0; at < left.length; ) {
      const end = Math.min(left.length, at + 1 + Math.floor(random() * 400));
      pieces.push(...mixer.mix([left.subarray(at, end), right.subarray(at, end)]));
      at = end;
    }
    expect(Float32Array.from(pieces)).toEqual(whole);
  });

  it("silence stays silence, and more than 64 channels are refused", () => {
    expect(mix(new Float32Array(500), new Float32Array(500)).every((x) => x === 0)).toBe(true);
    expect(() => new ChannelMixer(65, RATE)).toThrow("The audio has 65 channels; 1 to 64 are read.");
  });
});
