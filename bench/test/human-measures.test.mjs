import { describe, expect, it } from "vitest";
import { changedWords, errorRate, finalDelays, isLost, isPhantom, retractions } from "../lib/human/measures.mjs";
import { isKept } from "../lib/human/recordings-of-people.mjs";
import { soundsBetween } from "../lib/human/sounds-between.mjs";

const partial = (committed, tentative = "", at = 0) => ({ at, committed, tentative });
const recording = (text, set = "en") => ({ text, set, language: "en" });

describe("measures of streamed recordings", () => {
  it("counts committed words that are taken back, and not those that go on", () => {
    const going = [partial("", "press"), partial("Press"), partial("press, one")];
    expect(retractions({ partials: going, text: "Press one." })).toBe(0);
    expect(retractions({ partials: [...going, partial("press two")], text: "Press two." })).toBe(1);
    expect(retractions({ partials: [...going, partial("press")], text: "Press one." })).toBe(1);
  });

  it("counts committed text whose utterance came to nothing", () => {
    expect(retractions({ partials: [partial("press", "one")] })).toBe(1);
    expect(retractions({ partials: [partial("press", "one")], text: "" })).toBe(1);
    expect(retractions({ partials: [partial("", "press one")] })).toBe(0);
  });

  it("counts words that were shown and changed, and not those that are added", () => {
    const partials = [partial("", "press won"), partial("press", "one or"), partial("press", "one or two")];
    expect(changedWords({ partials, text: "Press one or two." })).toEqual({ changed: 1, words: 4 });
    expect(changedWords({ partials: [partial("", "thank you")], text: undefined })).toEqual({ changed: 2, words: 0 });
  });

  it("tells lost from phantom", () => {
    expect(isLost({ recording: recording("Yes."), text: "" })).toBe(true);
    expect(isLost({ recording: recording(""), text: "" })).toBe(false);
    expect(isPhantom({ recording: recording("", "speechless"), text: "Thank you." })).toBe(true);
    expect(isPhantom({ recording: recording("Stop", "short-en"), text: "Stop it, Tom." })).toBe(false);
    expect(isPhantom({ recording: recording("Stop", "short-en"), text: "Thank you for watching." })).toBe(true);
  });

  it("weighs every word the same, and figures as their digits", () => {
    const pairs = [
      { recording: recording("Press one."), text: "press 1" },
      { recording: recording("Goodbye and thank you"), text: "Goodbye thank you" },
    ];
    expect(errorRate(pairs)).toBeCloseTo(100 / 6);
  });

  it("sorts finals by the length of what was said", () => {
    const utterance = (startMs, endMs, wait) => ({ startMs, endMs, text: "x", endSentAt: 1000, finalAt: 1000 + wait });
    const utterances = [utterance(0, 4000, 700), utterance(0, 4900, 900), utterance(1000, 17_000, 3000)];
    expect(finalDelays([{ utterances }]).map(({ count, p50, p95 }) => [count, p50, p95])).toEqual([
      [2, 700, 900],
      [0, Number.NaN, Number.NaN],
      [1, 3000, 3000],
    ]);
  });
});

it("keeps the same quarter of the recordings everywhere", () => {
  const names = Array.from({ length: 1000 }, (_, i) => `en/${i}.wav`);
  expect(names.filter(isKept).length).toBeGreaterThan(200);
  expect(names.filter(isKept).length).toBeLessThan(300);
  expect(["en/agent-pass.wav", "ru/conf-adminmenu-menu8.wav"].map(isKept)).toEqual([false, false]);
  expect(isKept("en/agent-user.wav")).toBe(true);
});

it("finds where a recording makes sound", () => {
  const pcm = Buffer.alloc(2 * 16_000);
  for (let i = 4000; i < 8000; i++) pcm.writeInt16LE(i % 2 ? 8000 : -8000, 2 * i);
  expect(soundsBetween(pcm)).toEqual({ fromMs: 250, toMs: 500 });
  expect(soundsBetween(Buffer.alloc(3200))).toBeUndefined();
});
