import { describe, expect, it } from "vitest";
import { knowsTurnsIn, shortestTurnWaitMs, soundsFinished, turnWaitMs } from "../../src/index.js";

const LEVELS = ["high", "medium", "low"] as const;
const policy = { eagerness: "medium", maxSilenceMs: 2500, language: "en" } as const;
const LONG = 3000;

describe("the wait after an answer", () => {
  it("is the shorter, the surer the end, and the greatest silence where it sounds unfinished", () => {
    const waits = [0.99, 0.7, 0.1].map((probability) => turnWaitMs(probability, LONG, policy)!);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(new Set(waits).size).toBe(3);
    expect(waits[2]).toBe(2500);
  });

  it("is the shorter, the more eager the session", () => {
    for (const probability of [0.99, 0.7]) {
      const waits = LEVELS.map((eagerness) => turnWaitMs(probability, LONG, { ...policy, eagerness })!);
      expect(waits).toEqual([...waits].sort((a, b) => a - b));
      expect(waits[0]).toBeLessThan(waits[2]!);
    }
  });

  it("never exceeds the greatest silence", () => {
    for (const eagerness of LEVELS) {
      for (const probability of [0.99, 0.7, 0.1]) {
        expect(turnWaitMs(probability, LONG, { ...policy, eagerness, maxSilenceMs: 500 })).toBeLessThanOrEqual(500);
      }
    }
  });

  it("is the usual one after little speech that sounds unfinished, and only then", () => {
    expect(turnWaitMs(0.1, 900, policy)).toBeUndefined();
    expect(turnWaitMs(0.1, 1000, policy)).toBe(2500);
    expect(turnWaitMs(0.99, 300, policy)).toBe(turnWaitMs(0.99, LONG, policy));
  });

  it("is never shorter than the shortest, by which answers are waited for", () => {
    for (const eagerness of LEVELS) {
      const shortest = shortestTurnWaitMs({ ...policy, eagerness });
      for (const probability of [1, 0.98, 0.7, 0]) {
        expect(turnWaitMs(probability, LONG, { ...policy, eagerness })).toBeGreaterThanOrEqual(shortest);
      }
    }
  });
});

describe("an answer", () => {
  it("counts in the languages that the model was trained on, and where the language is not known yet", () => {
    expect(["en", "ru", "auto", "uk"].map(knowsTurnsIn)).toEqual([true, true, true, true]);
    expect(["el", "cs"].map(knowsTurnsIn)).toEqual([false, false]);
  });

  it("has to be surer in Italian, whose phrases fall like ends", () => {
    expect(soundsFinished(0.7, { language: "en" })).toBe(true);
    expect(soundsFinished(0.7, { language: "it" })).toBe(false);
    expect(soundsFinished(0.95, { language: "it" })).toBe(true);
  });
});
