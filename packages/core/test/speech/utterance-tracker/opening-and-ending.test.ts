import { describe, expect, it } from "vitest";
import { UtteranceTracker } from "../../../src/speech/utterance-tracker.js";
import { FRAME, feed, make, OPTIONS, types } from "./support.js";

describe("opening an utterance", () => {
  it("begins the pre-roll before the onset", () => {
    const tracker = make();
    feed(tracker, 50, 0);
    expect(feed(tracker, 3, 1)).toEqual([
      { type: "speech_start", utterance: 0, startSample: 40 * FRAME, speechSample: 50 * FRAME },
    ]);
  });

  it("has no more pre-roll than there is audio", () => {
    const tracker = new UtteranceTracker(OPTIONS, { startSample: 1600, firstUtterance: 7 });
    feed(tracker, 2, 0);
    expect(feed(tracker, 3, 1)).toEqual([
      { type: "speech_start", utterance: 7, startSample: 1600, speechSample: 1600 + 2 * FRAME },
    ]);
  });

  it("leaves out silence in front of the first sound, but not its soft beginning", () => {
    const tracker = make({ leadInMs: 64 });
    feed(tracker, 45, 0);
    feed(tracker, 1, 0.2);
    feed(tracker, 4, 0);
    expect(feed(tracker, 3, 1)).toEqual([
      { type: "speech_start", utterance: 0, startSample: 43 * FRAME, speechSample: 50 * FRAME },
    ]);
  });

  it("does not take an earlier sound for the beginning of this one", () => {
    const tracker = make({ leadInMs: 64 });
    feed(tracker, 44, 0);
    feed(tracker, 1, 0.2);
    feed(tracker, 5, 0);
    expect(feed(tracker, 3, 1)).toMatchObject([{ startSample: 48 * FRAME }]);
  });

  it("never has more lead-in than pre-roll", () => {
    const tracker = make({ leadInMs: 10_000 });
    feed(tracker, 50, 0.5);
    expect(feed(tracker, 3, 1)).toMatchObject([{ startSample: 40 * FRAME }]);
  });

  it("ignores a blip shorter than minSpeechMs", () => {
    const tracker = make();
    feed(tracker, 20, 0);
    for (let i = 0; i < 10; i++) {
      expect(feed(tracker, 2, 1)).toEqual([]);
      expect(feed(tracker, 1, 0)).toEqual([]);
    }
    expect(tracker.state).toBe("idle");
  });

  it("needs more than the threshold to begin, or soft speech that lasts", () => {
    expect(types(feed(make(), 3, 0.951))).toEqual(["speech_start"]);
    expect(feed(make(), 5, 0.9)).toEqual([]);
    expect(feed(make(), 100, 0.5)).toEqual([]);
  });

  it("hears soft speech from its beginning, once it has lasted for five or six frames", () => {
    const tracker = make({ leadInMs: 0 });
    feed(tracker, 30, 0.02);
    expect(feed(tracker, 4, 0.7)).toEqual([]);
    // Five and the frame before them make six.
    expect(feed(tracker, 1, 0.7)).toEqual([
      { type: "speech_start", utterance: 0, startSample: 29 * FRAME, speechSample: 29 * FRAME },
    ]);
  });

  it("hears no speech in a sound that only now and then resembles it", () => {
    const tracker = make();
    for (let i = 0; i < 50; i++) expect([...feed(tracker, 3, 0.6), ...feed(tracker, 6, 0.05)]).toEqual([]);
  });

  it("rides over a dip of the probability that stays above the lower threshold", () => {
    const tracker = make();
    feed(tracker, 1, 0.97);
    expect(types(feed(tracker, 2, 0.85))).toEqual(["speech_start"]);
  });

  it("counts a probability that is no number as silence", () => {
    expect(feed(make(), 100, Number.NaN)).toEqual([]);
  });

  it("allocates nothing for a frame without events", () => {
    const tracker = make();
    const first = tracker.push(0, 0);
    feed(tracker, 10, 1);
    expect(tracker.push(1, 0.1)).toBe(first);
    expect(first).toHaveLength(0);
  });
});

describe("ending an utterance by silence", () => {
  it("announces the silence, ends after silenceMs, and trims the audio to a pad after the speech", () => {
    const tracker = make();
    feed(tracker, 20, 0);
    feed(tracker, 50, 1);
    const events = feed(tracker, 40, 0);
    expect(events).toEqual([
      { type: "silence_start", utterance: 0, atSample: 70 * FRAME },
      {
        type: "utterance_end",
        utterance: 0,
        startSample: 10 * FRAME,
        endSample: 78 * FRAME,
        speechEndSample: 70 * FRAME,
        speechSamples: 50 * FRAME,
        peakRms: 0.1,
        part: { startSample: 10 * FRAME, endSample: 78 * FRAME, speechSamples: 50 * FRAME, peakRms: 0.1 },
        atSample: 90 * FRAME,
        reason: "silence",
      },
    ]);
    expect(tracker.state).toBe("idle");
    expect(tracker.utterance).toBe(1);
  });

  it("announces the silence once it is confirmed, not at a gap between words", () => {
    const tracker = make();
    feed(tracker, 50, 1);
    for (let i = 0; i < 10; i++) {
      expect(feed(tracker, 4, 0)).toEqual([]);
      expect(feed(tracker, 3, 0.85)).toEqual([]);
    }
    expect(types(feed(tracker, 5, 0))).toEqual(["silence_start"]);
  });

  it("goes on when speech resumes, and needs the upper threshold for that", () => {
    const tracker = make();
    feed(tracker, 50, 1);
    feed(tracker, 10, 0);
    expect(tracker.state).toBe("silence");
    expect(feed(tracker, 3, 0.9)).toEqual([]);
    expect(feed(tracker, 1, 0.96)).toEqual([{ type: "silence_end", utterance: 0, atSample: 63 * FRAME }]);
    expect(types(feed(tracker, 19, 0))).toEqual(["silence_start"]);
    expect(types(feed(tracker, 1, 0))).toEqual(["utterance_end"]);
  });

  it("keeps a short utterance open until minUtteranceMs, but does not discard it", () => {
    const tracker = make({ minUtteranceMs: 1600 }); // 50 frames from the onset
    feed(tracker, 5, 1);
    expect(types(feed(tracker, 44, 0))).toEqual(["silence_start"]);
    const [end] = feed(tracker, 1, 0);
    expect(end).toMatchObject({
      type: "utterance_end",
      reason: "silence",
      endSample: 13 * FRAME,
      atSample: 50 * FRAME,
    });
  });

  it.each([320, 960])("ends after the silence that it is told, %s ms, and forgets it when speech resumes", (ms) => {
    const tracker = make();
    feed(tracker, 50, 1);
    feed(tracker, 6, 0);
    tracker.waitFor(ms);
    expect(types(feed(tracker, ms / 32 - 7, 0))).toEqual([]);
    expect(types(feed(tracker, 1, 0))).toEqual(["utterance_end"]);

    feed(tracker, 50, 1);
    feed(tracker, 6, 0);
    tracker.waitFor(ms);
    feed(tracker, 10, 1);
    expect(types(feed(tracker, 19, 0))).toEqual(["silence_start"]);
    expect(types(feed(tracker, 1, 0))).toEqual(["utterance_end"]);
  });

  it("announces the silence first when silenceMs is shorter than the confirmation", () => {
    const tracker = make({ silenceMs: 64 });
    feed(tracker, 10, 1);
    expect(types(feed(tracker, 2, 0))).toEqual(["silence_start", "utterance_end"]);
  });

  it("begins the next utterance no earlier than the end of the one before", () => {
    const tracker = make();
    feed(tracker, 10, 1);
    feed(tracker, 20, 0);
    const [start] = feed(tracker, 3, 1);
    expect(start).toMatchObject({ utterance: 1, startSample: 20 * FRAME, speechSample: 30 * FRAME });
    feed(tracker, 7, 1);
    feed(tracker, 20, 0);
    // 8 frames of pad were used by the utterance before, so only 2 of the 10 frames of pre-roll would overlap.
    const again = make({ silenceMs: 160 });
    feed(again, 10, 1);
    feed(again, 5, 0);
    expect(feed(again, 3, 1)[0]).toMatchObject({ startSample: 15 * FRAME });
  });
});
