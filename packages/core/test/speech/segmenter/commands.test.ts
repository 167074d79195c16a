import { describe, expect, it } from "vitest";
import type { SegmenterOptions } from "../../../src/speech/segmenter.js";
import { FRAME, feed, make, types } from "./support.js";

describe("commands", () => {
  it("finalize ends at once, with the audio so far", () => {
    const segmenter = make();
    feed(segmenter, 30, 1);
    expect(segmenter.finalize()).toMatchObject([
      { type: "utterance_end", endSample: 30 * FRAME, atSample: 30 * FRAME, reason: "finalize" },
    ]);
    expect(segmenter.finalize()).toEqual([]);
    expect(feed(segmenter, 3, 1)).toMatchObject([{ type: "speech_start", utterance: 1, startSample: 30 * FRAME }]);
  });

  it("finalize leaves a beginning of speech alone", () => {
    const segmenter = make();
    feed(segmenter, 2, 1);
    expect(segmenter.finalize()).toEqual([]);
    expect(feed(segmenter, 1, 1)).toMatchObject([{ speechSample: 0 }]);
  });

  it("end flushes, with silence trimmed", () => {
    const segmenter = make();
    feed(segmenter, 30, 1);
    feed(segmenter, 15, 0);
    expect(segmenter.end()).toMatchObject([{ type: "utterance_end", endSample: 38 * FRAME, reason: "end" }]);
    expect(segmenter.end()).toEqual([]);
  });

  it("cancel drops the utterance and its number, and its audio does not come back as pre-roll", () => {
    const segmenter = make();
    feed(segmenter, 30, 1);
    expect(segmenter.cancel()).toBe(0);
    expect(segmenter.cancel()).toBeUndefined();
    expect(feed(segmenter, 3, 1)).toMatchObject([{ utterance: 1, startSample: 30 * FRAME }]);
  });

  it("update applies from the next utterance on", () => {
    const segmenter = make();
    feed(segmenter, 30, 1);
    segmenter.update({ silenceMs: 320 });
    expect(types(feed(segmenter, 19, 0))).toEqual(["silence_start"]);
    expect(types(feed(segmenter, 1, 0))).toEqual(["utterance_end"]);
    feed(segmenter, 10, 1);
    expect(types(feed(segmenter, 10, 0))).toEqual(["silence_start", "utterance_end"]);
  });

  it("update applies at once while nobody speaks, and ignores what is undefined", () => {
    const segmenter = make();
    segmenter.update({ minSpeechMs: 32, silenceMs: undefined } as unknown as Partial<SegmenterOptions>);
    expect(types(feed(segmenter, 1, 1))).toEqual(["speech_start"]);
    expect(types(feed(segmenter, 20, 0))).toEqual(["silence_start", "utterance_end"]);
  });

  it("update of the maximum changes how far back a split is sought", () => {
    const segmenter = make({ maxUtteranceMs: 2000 });
    feed(segmenter, 10, 0);
    segmenter.update({ maxUtteranceMs: 9600 });
    feed(segmenter, 210, 1, 0.1);
    feed(segmenter, 5, 1, 0);
    const [end] = feed(segmenter, 120, 1, 0.1);
    expect(end).toMatchObject({ reason: "maximum", endSample: 222 * FRAME });
  });
});
