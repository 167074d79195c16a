import { describe, expect, it } from "vitest";
import type { SpeechPart, TrackerEvent } from "../../../src/speech/utterance-events.js";
import { seededRandom } from "../../../src/testing/index.js";
import { FRAME, feed, make, types } from "./support.js";

// 320 ms are 10 frames, 1280 ms are 40.
const PARTS = { partPauseMs: 320, partMinMs: 1280, partMaxMs: 6400, leadInMs: 64, preRollMs: 320 };

const partsOf = (events: readonly TrackerEvent[]): SpeechPart[] =>
  events.flatMap((event) => (event.type === "part_end" || event.type === "utterance_end" ? [event.part] : []));

describe("the parts of an utterance", () => {
  it("end at a pause that is long enough, once speech goes on, with the silence that a decoder hears behind speech", () => {
    const tracker = make(PARTS);
    feed(tracker, 60, 1);
    expect(types(feed(tracker, 12, 0))).toEqual(["silence_start"]);
    const [part, resumed] = feed(tracker, 1, 1);
    expect(part).toEqual({
      type: "part_end",
      utterance: 0,
      part: { startSample: 0, endSample: 68 * FRAME, speechSamples: 60 * FRAME, peakRms: 0.1 },
    });
    expect(resumed).toMatchObject({ type: "silence_end", utterance: 0, atSample: 72 * FRAME });
    feed(tracker, 9, 1, 0.3);
    const end = feed(tracker, 30, 0).find((event) => event.type === "utterance_end");
    expect(end).toMatchObject({
      startSample: 0,
      endSample: 90 * FRAME,
      speechSamples: 70 * FRAME,
      // 64 ms of silence before the sound: two frames.
      part: { startSample: 70 * FRAME, endSample: 90 * FRAME, speechSamples: 10 * FRAME, peakRms: 0.3 },
    });
  });

  it("go on over a pause that is too short, and over one that comes too soon", () => {
    const tracker = make(PARTS);
    feed(tracker, 60, 1);
    feed(tracker, 9, 0);
    expect(types(feed(tracker, 10, 1))).toEqual(["silence_end"]);
    const early = make(PARTS);
    feed(early, 20, 1);
    feed(early, 12, 0);
    expect(types(feed(early, 10, 1))).toEqual(["silence_end"]);
  });

  it("end at the quietest point where nobody pauses, without a gap", () => {
    const tracker = make(PARTS);
    const events = [...feed(tracker, 180, 1, 0.2), ...feed(tracker, 5, 1, 0.01), ...feed(tracker, 20, 1, 0.2)];
    expect(types(events)).toEqual(["speech_start", "part_end"]);
    const [first] = partsOf(events);
    expect(first!.endSample).toBe(182 * FRAME);
    expect(first!.speechSamples).toBe(182 * FRAME);
    const [last] = partsOf(feed(tracker, 40, 0));
    expect(last!.startSample).toBe(182 * FRAME);
    expect(last!.speechSamples).toBe((205 - 182) * FRAME);
  });

  it("are one, the whole utterance, unless asked for", () => {
    const tracker = make();
    const events = [
      ...feed(tracker, 120, 1),
      ...feed(tracker, 15, 0),
      ...feed(tracker, 120, 1),
      ...feed(tracker, 30, 0),
    ];
    expect(types(events)).toEqual(["speech_start", "silence_start", "silence_end", "silence_start", "utterance_end"]);
    const end = events.find((event) => event.type === "utterance_end")!;
    expect(end.part).toEqual({
      startSample: end.startSample,
      endSample: end.endSample,
      speechSamples: end.speechSamples,
      peakRms: end.peakRms,
    });
  });

  it("follow each other, hold all speech, and stay within the utterance, whatever is said", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = seededRandom(seed);
      const tracker = make({ ...PARTS, maxUtteranceMs: 8000 + random() * 4000 });
      let parts: SpeechPart[] = [];
      let level = 0;
      let ended = 0;
      let several = 0;
      const confirmed: number[] = [];
      for (let i = 0; i < 4000; i++) {
        if (random() < 0.03) level = random() < 0.7 ? 0.97 : 0.1;
        const p = Math.min(1, level + random() * 0.03);
        for (const event of tracker.push(p, random())) {
          parts.push(...partsOf([event]));
          if (event.type !== "utterance_end") continue;
          ended++;
          if (parts.length > 1) several++;
          expect(parts[0]!.startSample).toBe(event.startSample);
          expect(parts.at(-1)!.endSample).toBe(event.endSample);
          for (const [n, part] of parts.entries()) {
            expect(part.endSample).toBeGreaterThan(part.startSample);
            if (n > 0) expect(part.startSample).toBeGreaterThanOrEqual(parts[n - 1]!.startSample);
          }
          const within = confirmed.filter((at) => at >= event.startSample && at < event.endSample);
          for (const at of within) {
            expect(
              parts.some((part) => at >= part.startSample && at < part.endSample),
              `seed ${seed}: ${at}`,
            ).toBe(true);
          }
          const speech = parts.reduce((sum, part) => sum + part.speechSamples, 0);
          expect(speech).toBe(event.speechSamples);
          parts = [];
        }
        if (tracker.state === "speech" && p > 0.95) confirmed.push(tracker.sample - FRAME);
      }
      expect(ended).toBeGreaterThan(3);
      expect(several).toBeGreaterThan(0);
    }
  });
});
