import { expect, it } from "vitest";
import { audioContextFor } from "../../src/engines/whisper/audio-context.js";

it.each([
  [0, "auto", 512],
  [3, "auto", 512],
  [7.68, "auto", 512],
  [8, "auto", 576],
  [10, "auto", 640],
  [15, "auto", 896],
  [18, "auto", 1088],
  [30, "auto", 1500],
  [1, "full", 1500],
  [1, 300, 320],
  [1, 512, 512],
  [1, 1, 192],
  [20, 512, 1152],
  [40, 512, 1500],
  [1, 5_000, 1500],
] as const)("%s s of audio with %s takes a window of %i", (seconds, request, expected) => {
  expect(audioContextFor(seconds * 16_000, request, 1500)).toBe(expected);
});

it("never exceeds the model's own window", () => {
  expect(audioContextFor(16_000, "auto", 100)).toBe(100);
});
