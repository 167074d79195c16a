import { afterAll, beforeAll, expect, it } from "vitest";
import { turnModelPath } from "../../src/turn/turn-model-file.js";
import { TurnThread } from "../../src/turn/turn-thread.js";
import { humanSamples } from "../support/human-samples.js";

let model: TurnThread;
beforeAll(async () => {
  model = await TurnThread.start(turnModelPath()!);
}, 60_000);
afterAll(() => model.close());

it.each([
  ["en_austen_amiable.wav", [1.1, 1.34, 1.86, 2.08]],
  ["en_austen_leisure.wav", [2.93, 4.19]],
  ["en_kennedy.wav", [3.9, 4.87, 7.73]],
  ["ru_review.wav", []],
])(
  "hears that the speaker has finished at the end of %s, and not in mid-phrase",
  async (recording, stops) => {
    const samples = samplesOf(recording);
    expect(await model.ask(withSilence(samples)), "at the end").toBeGreaterThan(0.5);
    for (const seconds of stops) {
      expect(await model.ask(withSilence(samples.subarray(0, seconds * 16_000))), `${seconds} s`).toBeLessThan(0.3);
    }
  },
  60_000,
);

it("says what is wrong with a file that is no model", async () => {
  await expect(TurnThread.start(import.meta.filename)).rejects.toMatchObject({ code: "bad_model" });
}, 60_000);

function samplesOf(recording: string): Float32Array {
  const samples = humanSamples(recording);
  return samples.subarray(0, samples.findLastIndex((x) => Math.abs(x) >= 0.01) + 1);
}

/** 200 ms of a quiet room follow. */
function withSilence(samples: Float32Array): Float32Array {
  const heard = new Float32Array(samples.length + 3200);
  heard.set(samples);
  for (let i = samples.length; i < heard.length; i++) heard[i] = 0.0012 * Math.sin(i * i);
  return heard;
}
