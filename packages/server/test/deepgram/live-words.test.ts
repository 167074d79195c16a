import { describe, expect, it } from "vitest";
import { liveWords, meanConfidence } from "../../src/transports/deepgram/live-words.js";

const heard = (...words: [string, number, number, number][]) =>
  words.map(([text, startMs, endMs, confidence]) => ({ text, startMs, endMs, confidence }));

describe("words of live text", () => {
  it("have the times and the confidence with which they were heard, however they are written", () => {
    const words = heard(["set", 100, 300, 0.9], ["a", 300, 350, 0.8], ["timer.", 400, 900, 0.7]);
    expect(liveWords("Set a timer", words, 100, 1000)).toEqual([
      { text: "Set", startMs: 100, endMs: 300, confidence: 0.9 },
      { text: "a", startMs: 300, endMs: 350, confidence: 0.8 },
      { text: "timer", startMs: 400, endMs: 900, confidence: 0.7 },
    ]);
  });

  it("share the time of what they stand for where they are written otherwise", () => {
    const words = heard(
      ["on", 0, 200, 0.9],
      ["twenty", 200, 500, 0.6],
      ["five", 500, 800, 0.8],
      ["people", 800, 1200, 0.9],
    );
    expect(liveWords("On 25 people", words, 0, 1200)).toEqual([
      { text: "On", startMs: 0, endMs: 200, confidence: 0.9 },
      { text: "25", startMs: 200, endMs: 800, confidence: 0.7 },
      { text: "people", startMs: 800, endMs: 1200, confidence: 0.9 },
    ]);
  });

  it("are spread by their letters where the model gives no times", () => {
    const words = ["one", "three33"].map((text) => ({ text }));
    expect(liveWords("one three33", words, 1000, 2000)).toEqual([
      { text: "one", startMs: 1000, endMs: 1300, confidence: 0 },
      { text: "three33", startMs: 1300, endMs: 2000, confidence: 0 },
    ]);
  });

  it("never go back in time, and end within the text", () => {
    const words = heard(["so", 500, 400, 0.5], ["so", 300, 350, 0.5], ["far", 360, 700, 0.5]);
    const times = liveWords("so so far", words, 0, 700).flatMap(({ startMs, endMs }) => [startMs, endMs]);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it("are none in an empty text, whose confidence is 0", () => {
    expect(liveWords("", [], 0, 100)).toEqual([]);
    expect(meanConfidence([])).toBe(0);
  });

  it("are letters in a script without spaces", () => {
    expect(liveWords("你好", heard(["你", 0, 100, 0.5], ["好", 100, 200, 0.7]), 0, 200)).toHaveLength(2);
  });
});
