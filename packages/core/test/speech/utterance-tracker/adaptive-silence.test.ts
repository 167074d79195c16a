import { describe, expect, it } from "vitest";
import { feed, make, types } from "./support.js";

describe("adaptive silence", () => {
  const framesUntilEnd = (hint: "complete" | "continues" | "neutral", adaptiveSilence = true) => {
    const tracker = make({ adaptiveSilence });
    feed(tracker, 30, 1);
    feed(tracker, 5, 0);
    tracker.hint(hint);
    let frames = 5;
    while (tracker.state === "silence") {
      tracker.push(0, 0);
      frames++;
    }
    return frames;
  };

  it("waits half as long after a finished sentence and half as long again after an unfinished one", () => {
    expect(framesUntilEnd("complete")).toBe(10);
    expect(framesUntilEnd("neutral")).toBe(20);
    expect(framesUntilEnd("continues")).toBe(30);
  });

  it("is off unless asked for", () => {
    expect(framesUntilEnd("complete", false)).toBe(20);
  });

  it("forgets the hint when speech resumes", () => {
    const tracker = make({ adaptiveSilence: true });
    feed(tracker, 30, 1);
    feed(tracker, 6, 0);
    tracker.hint("complete");
    feed(tracker, 1, 1);
    expect(types(feed(tracker, 19, 0))).toEqual(["silence_start"]);
  });
});
