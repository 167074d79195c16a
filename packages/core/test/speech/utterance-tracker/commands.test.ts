import { describe, expect, it } from "vitest";
import type { TrackerOptions } from "../../../src/speech/utterance-tracker.js";
import { FRAME, feed, make, types } from "./support.js";

describe("commands", () => {
  it("finalize ends at once, with the audio so far", () => {
    const tracker = make();
    feed(tracker, 30, 1);
    expect(tracker.finalize()).toMatchObject([
      { type: "utterance_end", endSample: 30 * FRAME, atSample: 30 * FRAME, reason: "finalize" },
    ]);
    expect(tracker.finalize()).toEqual([]);
    expect(feed(tracker, 3, 1)).toMatchObject([{ type: "speech_start", utterance: 1, startSample: 30 * FRAME }]);
  });

  it("finalize leaves a beginning of speech alone", () => {
    const tracker = make();
    feed(tracker, 2, 1);
    expect(tracker.finalize()).toEqual([]);
    expect(feed(tracker, 1, 1)).toMatchObject([{ speechSample: 0 }]);
  });

  it("end flushes, with silence trimmed", () => {
    const tracker = make();
    feed(tracker, 30, 1);
    feed(tracker, 15, 0);
    expect(tracker.end()).toMatchObject([{ type: "utterance_end", endSample: 38 * FRAME, reason: "end" }]);
    expect(tracker.end()).toEqual([]);
  });

  it("cancel drops the utterance and its number, and its audio does not come back as pre-roll", () => {
    const tracker = make();
    feed(tracker, 30, 1);
    expect(tracker.cancel()).toBe(0);
    expect(tracker.cancel()).toBeUndefined();
    expect(feed(tracker, 3, 1)).toMatchObject([{ utterance: 1, startSample: 30 * FRAME }]);
  });

  it("update applies from the next utterance on", () => {
    const tracker = make();
    feed(tracker, 30, 1);
    tracker.update({ silenceMs: 320 });
    expect(types(feed(tracker, 19, 0))).toEqual(["silence_start"]);
    expect(types(feed(tracker, 1, 0))).toEqual(["utterance_end"]);
    feed(tracker, 10, 1);
    expect(types(feed(tracker, 10, 0))).toEqual(["silence_start", "utterance_end"]);
  });

  it("update applies at once while nobody speaks, and ignores what is undefined", () => {
    const tracker = make();
    tracker.update({ minSpeechMs: 32, silenceMs: undefined } as unknown as Partial<TrackerOptions>);
    expect(types(feed(tracker, 1, 1))).toEqual(["speech_start"]);
    expect(types(feed(tracker, 20, 0))).toEqual(["silence_start", "utterance_end"]);
  });

  it("update of the maximum changes how far back a split is sought", () => {
    const tracker = make({ maxUtteranceMs: 2000 });
    feed(tracker, 10, 0);
    tracker.update({ maxUtteranceMs: 9600 });
    feed(tracker, 210, 1, 0.1);
    feed(tracker, 5, 1, 0);
    const [end] = feed(tracker, 120, 1, 0.1);
    expect(end).toMatchObject({ reason: "maximum", endSample: 222 * FRAME });
  });
});
