import { describe, expect, it } from "vitest";
import { Segmenter } from "../../../src/speech/segmenter.js";
import { FRAME, feed, make, OPTIONS, types } from "./support.js";

describe("opening an utterance", () => {
  it("begins the pre-roll before the onset", () => {
    const segmenter = make();
    feed(segmenter, 50, 0);
    expect(feed(segmenter, 3, 1)).toEqual([
      { type: "speech_start", utterance: 0, startSample: 40 * FRAME, speechSample: 50 * FRAME },
    ]);
  });

  it("has no more pre-roll than there is audio", () => {
    const segmenter = new Segmenter(OPTIONS, { startSample: 1600, firstUtterance: 7 });
    feed(segmenter, 2, 0);
    expect(feed(segmenter, 3, 1)).toEqual([
      { type: "speech_start", utterance: 7, startSample: 1600, speechSample: 1600 + 2 * FRAME },
    ]);
  });

  it("leaves out silence in front of the first sound, but not its soft beginning", () => {
    const segmenter = make({ leadInMs: 64 });
    feed(segmenter, 45, 0);
    feed(segmenter, 1, 0.2);
    feed(segmenter, 4, 0);
    expect(feed(segmenter, 3, 1)).toEqual([
      { type: "speech_start", utterance: 0, startSample: 43 * FRAME, speechSample: 50 * FRAME },
    ]);
  });

  it("does not take an earlier sound for the beginning of this one", () => {
    const segmenter = make({ leadInMs: 64 });
    feed(segmenter, 44, 0);
    feed(segmenter, 1, 0.2);
    feed(segmenter, 5, 0);
    expect(feed(segmenter, 3, 1)).toMatchObject([{ startSample: 48 * FRAME }]);
  });

  it("never has more lead-in than pre-roll", () => {
    const segmenter = make({ leadInMs: 10_000 });
    feed(segmenter, 50, 0.5);
    expect(feed(segmenter, 3, 1)).toMatchObject([{ startSample: 40 * FRAME }]);
  });

  it("ignores a blip shorter than minSpeechMs", () => {
    const segmenter = make();
    feed(segmenter, 20, 0);
    for (let i = 0; i < 10; i++) {
      expect(feed(segmenter, 2, 1)).toEqual([]);
      expect(feed(segmenter, 1, 0)).toEqual([]);
    }
    expect(segmenter.state).toBe("idle");
  });

  it("needs more than the threshold to begin", () => {
    expect(feed(make(), 100, 0.95)).toEqual([]);
    expect(types(feed(make(), 100, 0.951))).toEqual(["speech_start"]);
  });

  it("rides over a dip of the probability that stays above the lower threshold", () => {
    const segmenter = make();
    feed(segmenter, 1, 0.97);
    expect(types(feed(segmenter, 2, 0.85))).toEqual(["speech_start"]);
  });

  it("counts a probability that is no number as silence", () => {
    expect(feed(make(), 100, Number.NaN)).toEqual([]);
  });

  it("allocates nothing for a frame without events", () => {
    const segmenter = make();
    const first = segmenter.push(0, 0);
    feed(segmenter, 10, 1);
    expect(segmenter.push(1, 0.1)).toBe(first);
    expect(first).toHaveLength(0);
  });
});

describe("ending an utterance by silence", () => {
  it("announces the silence, ends after silenceMs, and trims the audio to a pad after the speech", () => {
    const segmenter = make();
    feed(segmenter, 20, 0);
    feed(segmenter, 50, 1);
    const events = feed(segmenter, 40, 0);
    expect(events).toEqual([
      { type: "silence_start", utterance: 0, atSample: 70 * FRAME },
      {
        type: "utterance_end",
        utterance: 0,
        startSample: 10 * FRAME,
        endSample: 78 * FRAME,
        speechEndSample: 70 * FRAME,
        speechSamples: 50 * FRAME,
        atSample: 90 * FRAME,
        reason: "silence",
      },
    ]);
    expect(segmenter.state).toBe("idle");
    expect(segmenter.utterance).toBe(1);
  });

  it("announces the silence once it is confirmed, not at a gap between words", () => {
    const segmenter = make();
    feed(segmenter, 50, 1);
    for (let i = 0; i < 10; i++) {
      expect(feed(segmenter, 4, 0)).toEqual([]);
      expect(feed(segmenter, 3, 0.85)).toEqual([]);
    }
    expect(types(feed(segmenter, 5, 0))).toEqual(["silence_start"]);
  });

  it("goes on when speech resumes, and needs the upper threshold for that", () => {
    const segmenter = make();
    feed(segmenter, 50, 1);
    feed(segmenter, 10, 0);
    expect(segmenter.state).toBe("silence");
    expect(feed(segmenter, 3, 0.9)).toEqual([]);
    expect(feed(segmenter, 1, 0.96)).toEqual([{ type: "silence_end", utterance: 0, atSample: 63 * FRAME }]);
    expect(types(feed(segmenter, 19, 0))).toEqual(["silence_start"]);
    expect(types(feed(segmenter, 1, 0))).toEqual(["utterance_end"]);
  });

  it("keeps a short utterance open until minUtteranceMs, but does not discard it", () => {
    const segmenter = make({ minUtteranceMs: 1600 }); // 50 frames from the onset
    feed(segmenter, 5, 1);
    expect(types(feed(segmenter, 44, 0))).toEqual(["silence_start"]);
    const [end] = feed(segmenter, 1, 0);
    expect(end).toMatchObject({
      type: "utterance_end",
      reason: "silence",
      endSample: 13 * FRAME,
      atSample: 50 * FRAME,
    });
  });

  it("announces the silence first when silenceMs is shorter than the confirmation", () => {
    const segmenter = make({ silenceMs: 64 });
    feed(segmenter, 10, 1);
    expect(types(feed(segmenter, 2, 0))).toEqual(["silence_start", "utterance_end"]);
  });

  it("begins the next utterance no earlier than the end of the one before", () => {
    const segmenter = make();
    feed(segmenter, 10, 1);
    feed(segmenter, 20, 0);
    const [start] = feed(segmenter, 3, 1);
    expect(start).toMatchObject({ utterance: 1, startSample: 20 * FRAME, speechSample: 30 * FRAME });
    feed(segmenter, 7, 1);
    feed(segmenter, 20, 0);
    // 8 frames of pad were used by the utterance before, so only 2 of the 10 frames of pre-roll would overlap.
    const again = make({ silenceMs: 160 });
    feed(again, 10, 1);
    feed(again, 5, 0);
    expect(feed(again, 3, 1)[0]).toMatchObject({ startSample: 15 * FRAME });
  });
});
