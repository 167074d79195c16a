import type { VoiceActivityDetector } from "@stt/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createVad } from "../../src/vad/create-vad.js";
import { readSample, sampleNames } from "../support/wav.js";
import { concat, framesOf, mixedInto, probabilitiesOf, whiteNoise } from "./support.js";

/** 3 s of background, the sample, 2 s of background. */
function inBackground(sample: Float32Array, background: Float32Array): Float32Array[] {
  const ground = background.subarray(0, 48000 + sample.length + 32000);
  return framesOf(mixedInto(ground, sample, 48000));
}

const firstAbove = (probabilities: readonly number[], threshold: number) =>
  probabilities.findIndex((probability) => probability > threshold);

const spoken = sampleNames().filter((name) => /^(en|ru)_/.test(name));
const longest = 60 * 16000;
const backgrounds = {
  "digital silence": new Float32Array(longest),
  "noise of -65 dB": whiteNoise(longest, -65),
  "noise of -40 dB": whiteNoise(longest, -40),
  "room noise": concat(readSample("noise_20s.wav"), readSample("noise_20s.wav"), readSample("noise_20s.wav")),
};

describe("the gate before Silero", () => {
  let gated: VoiceActivityDetector;
  let ungated: VoiceActivityDetector;
  let seen = 0;
  beforeAll(async () => {
    const onBatch = ({ frames }: { frames: number }) => {
      seen += frames;
    };
    [gated, ungated] = await Promise.all([createVad({ onBatch }), createVad({ gate: "off" })]);
  });
  afterAll(() => Promise.all([gated.close(), ungated.close()]));

  for (const [name, background] of Object.entries(backgrounds)) {
    it(`moves no onset by more than two frames in ${name}, and loses next to no speech`, async () => {
      const inputs = spoken.map((sample) => inBackground(readSample(sample), background));
      const results = await Promise.all(
        inputs.map(async (frames) => ({
          reference: await probabilitiesOf(ungated, frames),
          actual: await probabilitiesOf(gated, frames),
        })),
      );
      let speech = 0;
      let lost = 0;
      for (const [i, { reference, actual }] of results.entries()) {
        for (const threshold of [0.5, 0.95]) {
          const expected = firstAbove(reference, threshold);
          const delay = firstAbove(actual, threshold) - expected;
          expect(expected, `${spoken[i]} is heard`).toBeGreaterThan(0);
          expect(Math.abs(delay), `${spoken[i]} at ${threshold}`).toBeLessThanOrEqual(2);
        }
        for (const [frame, probability] of reference.entries()) {
          if (probability < 0.5) continue;
          speech++;
          if (actual[frame]! < 0.5) lost++;
        }
      }
      expect(lost / speech).toBeLessThan(0.01);
    }, 90_000);
  }

  it("finds no speech in noise or silence", async () => {
    for (const name of ["noise_20s.wav", "silence_20s.wav"]) {
      expect(Math.max(...(await probabilitiesOf(gated, framesOf(readSample(name)))))).toBeLessThan(0.5);
    }
  });

  it("keeps plain silence away from Silero", async () => {
    for (const audio of [readSample("silence_20s.wav"), whiteNoise(20 * 16000, -65)]) {
      seen = 0;
      const frames = framesOf(audio);
      await probabilitiesOf(gated, frames);
      expect(seen / frames.length).toBeLessThan(0.05);
    }
  });

  it("answers silence before push returns", () => {
    const heard: number[] = [];
    const stream = gated.createStream({ onProbability: (probability) => heard.push(probability), onError() {} });
    stream.push(new Float32Array(512));
    expect(heard).toEqual([0]);
    stream.close();
  });

  it("gives the same probabilities whether audio comes at once or frame by frame", async () => {
    const frames = inBackground(readSample("en_05.wav"), backgrounds["noise of -40 dB"]);
    const atOnce = await probabilitiesOf(gated, frames);
    const oneByOne = await new Promise<number[]>((resolve) => {
      const heard: number[] = [];
      const stream = gated.createStream({
        onProbability(probability) {
          if (heard.push(probability) === frames.length) resolve(heard);
          else setImmediate(() => stream.push(frames[heard.length]!));
        },
        onError() {},
      });
      stream.push(frames[0]!);
    });
    expect(oneByOne.map((probability) => probability.toFixed(3))).toEqual(
      atOnce.map((probability) => probability.toFixed(3)),
    );
  });

  it("forgets the silence before a reset", async () => {
    const frames = framesOf(readSample("en_05.wav"));
    const fresh = await probabilitiesOf(gated, frames);
    const silence = framesOf(whiteNoise(16000, -40));
    const total = silence.length + frames.length;
    const heard = await new Promise<number[]>((resolve) => {
      const probabilities: number[] = [];
      const stream = gated.createStream({
        onProbability: (probability) => probabilities.push(probability) === total && resolve(probabilities),
        onError() {},
      });
      for (const frame of silence) stream.push(frame);
      stream.reset();
      for (const frame of frames) stream.push(frame);
    });
    const after = heard.slice(silence.length);
    expect(after.map((probability) => probability.toFixed(3))).toEqual(
      fresh.map((probability) => probability.toFixed(3)),
    );
  });

  it("spares Silero a muted microphone also when only digital silence counts", async () => {
    const batches: number[] = [];
    const vad = await createVad({ gate: "digital-silence", onBatch: ({ frames }) => batches.push(frames) });
    await probabilitiesOf(vad, framesOf(new Float32Array(16000)));
    expect(batches).toEqual([]);
    const noise = framesOf(whiteNoise(16000, -65));
    await probabilitiesOf(vad, noise);
    expect(batches).toHaveLength(noise.length);
    await vad.close();
  });
});
