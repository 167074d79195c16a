import { describe, expect, it } from "vitest";
import type { TrackerEvent } from "../../../src/speech/utterance-events.js";
import { seededRandom } from "../../../src/testing/index.js";
import { FRAME, feed, make, OPTIONS, types } from "./support.js";

describe("splitting a long utterance", () => {
  const max = OPTIONS.maxUtteranceMs;
  const maxFrames = (max * 16) / FRAME;

  it("splits at the quietest point of the last third and goes on exactly there", () => {
    const tracker = make();
    feed(tracker, 250, 1, 0.1);
    feed(tracker, 5, 1, 0.01);
    const events = feed(tracker, maxFrames - 255, 1, 0.1);
    const at = 252 * FRAME;
    expect(events).toEqual([
      {
        type: "utterance_end",
        utterance: 0,
        startSample: 0,
        endSample: at,
        speechEndSample: at,
        speechSamples: at,
        peakRms: 0.1,
        part: { startSample: 0, endSample: at, speechSamples: at, peakRms: 0.1 },
        atSample: maxFrames * FRAME,
        reason: "maximum",
      },
      { type: "speech_start", utterance: 1, startSample: at, speechSample: at },
    ]);
    expect(tracker.state).toBe("speech");
  });

  it("prefers what is no speech to what is merely quiet", () => {
    const tracker = make();
    feed(tracker, 220, 1, 0.1);
    feed(tracker, 4, 0.1, 0.05);
    feed(tracker, 30, 1, 0.1);
    feed(tracker, 10, 1, 0.001);
    const [end] = feed(tracker, maxFrames - 264, 1, 0.1);
    expect(end).toMatchObject({ type: "utterance_end", reason: "maximum" });
    const split = (end as { endSample: number }).endSample / FRAME;
    expect(split).toBeGreaterThanOrEqual(220);
    expect(split).toBeLessThanOrEqual(224);
  });

  it("does not look for a split before the last third", () => {
    const tracker = make();
    feed(tracker, 100, 1, 0.1);
    feed(tracker, 4, 0.1, 0);
    const [end] = feed(tracker, maxFrames - 104, 1, 0.1);
    expect((end as { endSample: number }).endSample).toBeGreaterThanOrEqual((maxFrames * FRAME * 2) / 3);
  });

  it("simply ends an utterance that reaches its length in silence", () => {
    const tracker = make({ silenceMs: 5000 });
    feed(tracker, maxFrames - 50, 1);
    const events = feed(tracker, 60, 0);
    expect(types(events)).toEqual(["silence_start", "utterance_end"]);
    expect(events[1]).toMatchObject({ reason: "maximum", endSample: (maxFrames - 50 + 8) * FRAME });
    expect(tracker.state).toBe("idle");
  });

  it("never makes an utterance longer than the maximum out of endless noise", () => {
    const tracker = make();
    const random = seededRandom(5);
    const ends: Extract<TrackerEvent, { type: "utterance_end" }>[] = [];
    for (let i = 0; i < 5000; i++) {
      for (const event of tracker.push(0.96 + random() * 0.04, random())) {
        if (event.type === "utterance_end") ends.push(event);
      }
    }
    expect(ends.length).toBeGreaterThan(15);
    for (const end of ends) expect(end.endSample - end.startSample).toBeLessThanOrEqual(max * 16);
  });
});
