import { describe, expect, it } from "vitest";
import { feed, make, types } from "./support.js";

describe("adaptive silence", () => {
  const framesUntilEnd = (hint: "complete" | "continues" | "neutral", adaptiveSilence = true) => {
    const segmenter = make({ adaptiveSilence });
    feed(segmenter, 30, 1);
    feed(segmenter, 5, 0);
    segmenter.hint(hint);
    let frames = 5;
    while (segmenter.state === "silence") {
      segmenter.push(0, 0);
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
    const segmenter = make({ adaptiveSilence: true });
    feed(segmenter, 30, 1);
    feed(segmenter, 6, 0);
    segmenter.hint("complete");
    feed(segmenter, 1, 1);
    expect(types(feed(segmenter, 19, 0))).toEqual(["silence_start"]);
  });
});
