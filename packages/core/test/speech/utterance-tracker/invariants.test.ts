import { describe, expect, it } from "vitest";
import type { TrackerEvent } from "../../../src/speech/utterance-events.js";
import { UtteranceTracker } from "../../../src/speech/utterance-tracker.js";
import { seededRandom } from "../../../src/testing/index.js";
import { FRAME, feed, make, OPTIONS } from "./support.js";

/** Below the threshold of speech, and above its half. */
const SOFT = OPTIONS.speechThreshold * 0.7;

describe("any course of probabilities", () => {
  it("gives each sample to at most one utterance, loses no confirmed speech, and keeps its promise about safe audio", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = seededRandom(seed);
      const tracker = make({ maxUtteranceMs: 2000 + random() * 6000, minUtteranceMs: random() * 2000 });
      const owned: { from: number; to: number }[] = [];
      const confirmed: number[] = [];
      let open: number | undefined;
      let expected = 0;
      let level = 0;
      let safe = 0;
      const take = (events: readonly TrackerEvent[]) => {
        for (const event of events) {
          expect(event.utterance).toBe(expected);
          if (event.type === "speech_start") {
            expect(open).toBeUndefined();
            open = event.startSample;
            expect(event.startSample).toBeGreaterThanOrEqual(safe);
            expect(event.speechSample).toBeGreaterThanOrEqual(event.startSample);
          } else if (event.type === "utterance_end") {
            expect(event.startSample).toBe(open);
            expect(event.endSample).toBeGreaterThan(event.startSample);
            expect(event.speechEndSample).toBeLessThanOrEqual(event.endSample);
            owned.push({ from: event.startSample, to: event.endSample });
            open = undefined;
            expected++;
          }
        }
      };
      for (let i = 0; i < 3000; i++) {
        // Soft speech, which opens an utterance some frames after its beginning, lies between.
        if (random() < 0.04) level = random() < 0.5 ? 0.97 : random() < 0.5 ? SOFT : 0.1;
        const p = Math.min(1, level + random() * 0.03);
        take(tracker.push(p, random()));
        if (tracker.state === "speech" && p > OPTIONS.speechThreshold) confirmed.push(tracker.sample - FRAME);
        if (random() < 0.002) take(tracker.finalize());
        if (random() < 0.01) tracker.update({ preRollMs: random() * 1000 });
        expect(tracker.safeSample).toBeGreaterThanOrEqual(safe);
        safe = tracker.safeSample;
      }
      take(tracker.end());
      for (let i = 1; i < owned.length; i++) expect(owned[i]!.from).toBeGreaterThanOrEqual(owned[i - 1]!.to);
      let at = 0;
      for (const sample of confirmed) {
        while (at < owned.length && owned[at]!.to <= sample) at++;
        expect(owned[at] && owned[at]!.from <= sample, `speech at ${sample} (seed ${seed})`).toBe(true);
      }
    }
  });
});

describe("a tracker that takes over", () => {
  it("finds the utterances that the first would have found, wherever it takes over", () => {
    const random = seededRandom(7);
    for (let round = 0; round < 60; round++) {
      const course: number[] = [];
      while (course.length < 1500) {
        const level = [0, 0.05, 0.5, 0.9, 1][Math.floor(random() * 5)]!;
        for (let i = Math.floor(random() * 60); i >= 0; i--) course.push(level);
      }
      const takenAt = Math.floor(random() * course.length);
      const first = make();
      const events: TrackerEvent[] = [];
      let resume = { floorSample: 0, firstUtterance: 0 };
      course.forEach((p, i) => {
        events.push(...first.push(p, p / 10));
        if (i === takenAt) resume = { floorSample: first.safeSample, firstUtterance: first.utterance };
      });
      const from = Math.max(0, Math.floor(resume.floorSample / FRAME) - 62);
      const second = new UtteranceTracker(OPTIONS, { ...resume, startSample: from * FRAME });
      const rest = course.slice(from).flatMap((p) => second.push(p, p / 10));
      const ends = (all: TrackerEvent[]) =>
        all.flatMap((event) =>
          event.type === "utterance_end" && event.utterance >= resume.firstUtterance
            ? [[event.utterance, event.startSample, event.endSample]]
            : [],
        );
      expect(ends(rest)).toEqual(ends(events));
    }
  });

  it("says nothing of the sound that is used up, and does not go back behind it", () => {
    const tracker = new UtteranceTracker(OPTIONS, { floorSample: 20 * FRAME });
    expect(feed(tracker, 20, 1)).toEqual([]);
    expect(tracker.safeSample).toBe(20 * FRAME);
    expect(feed(tracker, 3, 1)).toMatchObject([{ type: "speech_start", startSample: 20 * FRAME }]);
  });
});
