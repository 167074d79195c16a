import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { FRAMES, LogMel, MEL_BANDS, WINDOW_SAMPLES } from "../../src/turn/log-mel.js";
import { humanSamples } from "../support/human-samples.js";

const fixture = JSON.parse(readFileSync(path.join(import.meta.dirname, "../fixtures/log-mel.json"), "utf8"));
const { about: _about, ...references } = fixture as Record<string, unknown> & {
  [recording: string]: { mean: number; deviation: number; points: [band: number, frame: number, value: number][] };
};

describe("the features that the model hears", () => {
  it.each(Object.entries(references))("are those of the reference: %s", (recording, { mean, deviation, points }) => {
    const features = new LogMel().compute(humanSamples(recording));
    expect(features).toHaveLength(MEL_BANDS * FRAMES);
    for (const [band, frame, value] of points) expect(features[band * FRAMES + frame]).toBeCloseTo(value, 4);
    const average = features.reduce((sum, x) => sum + x, 0) / features.length;
    const variance = features.reduce((sum, x) => sum + (x - average) ** 2, 0) / features.length;
    expect(average).toBeCloseTo(mean, 5);
    expect(Math.sqrt(variance)).toBeCloseTo(deviation, 5);
  });

  it("are the same for the last 8 s of longer audio, and from one call to the next", () => {
    const audio = humanSamples("ru_voicemail.wav");
    const mel = new LogMel();
    const features = mel.compute(audio);
    mel.compute(audio.subarray(0, 5000));
    expect(mel.compute(audio.slice(-WINDOW_SAMPLES))).toEqual(features);
  });

  it("are finite for no audio and for silence", () => {
    for (const audio of [new Float32Array(0), new Float32Array(16_000)]) {
      expect(new LogMel().compute(audio).every(Number.isFinite)).toBe(true);
    }
  });
});
