import { expect, it } from "vitest";
import { verdict } from "../lib/report.mjs";

it.each([
  [0, "Goal: errors at most 0.1. Measured 0: **met**."],
  [0.35, "Goal: errors at most 0.1. Measured 0.35: **missed by 0.25**."],
  [Number.NaN, "Goal: errors at most 0.1. Not measured: there was nothing to measure it by."],
])("says of %s what became of the goal", (value, sentence) => {
  expect(verdict({ what: "errors", value, atMost: 0.1 })).toBe(sentence);
});
