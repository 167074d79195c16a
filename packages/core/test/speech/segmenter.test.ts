import { describe, expect, it } from "vitest";
import { Segmenter, type SegmenterEvent, type SegmenterOptions } from "../../src/speech/segmenter.js";
import { seededRandom } from "../../src/testing/index.js";

const FRAME = 512;
const OPTIONS: SegmenterOptions = {
  speechThreshold: 0.95,
  silenceThreshold: 0.8,
  minSpeechMs: 96, // 3 frames
  preRollMs: 320, // 10 frames
  silenceMs: 640, // 20 frames
  silenceConfirmMs: 160, // 5 frames
  minUtteranceMs: 0,
  maxUtteranceMs: 9600, // 300 frames
  speechPadMs: 256, // 8 frames
};

const make = (options: Partial<SegmenterOptions> = {}) => new Segmenter({ ...OPTIONS, ...options });

/** Frames of one probability; loudness follows it unless given. */
function feed(segmenter: Segmenter, frames: number, probability: number, rms = probability / 10): SegmenterEvent[] {
  const events: SegmenterEvent[] = [];
  for (let i = 0; i < frames; i++) events.push(...segmenter.push(probability, rms));
  return events;
}

const types = (events: readonly SegmenterEvent[]) => events.map((event) => event.type);

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

describe("splitting a long utterance", () => {
  const max = OPTIONS.maxUtteranceMs;
  const maxFrames = (max * 16) / FRAME;

  it("splits at the quietest point of the last third and goes on exactly there", () => {
    const segmenter = make();
    feed(segmenter, 250, 1, 0.1);
    feed(segmenter, 5, 1, 0.01);
    const events = feed(segmenter, maxFrames - 255, 1, 0.1);
    const at = 252 * FRAME;
    expect(events).toEqual([
      {
        type: "utterance_end",
        utterance: 0,
        startSample: 0,
        endSample: at,
        speechEndSample: at,
        speechSamples: at,
        atSample: maxFrames * FRAME,
        reason: "maximum",
      },
      { type: "speech_start", utterance: 1, startSample: at, speechSample: at },
    ]);
    expect(segmenter.state).toBe("speech");
  });

  it("prefers what is no speech to what is merely quiet", () => {
    const segmenter = make();
    feed(segmenter, 220, 1, 0.1);
    feed(segmenter, 4, 0.1, 0.05);
    feed(segmenter, 30, 1, 0.1);
    feed(segmenter, 10, 1, 0.001);
    const [end] = feed(segmenter, maxFrames - 264, 1, 0.1);
    expect(end).toMatchObject({ type: "utterance_end", reason: "maximum" });
    const split = (end as { endSample: number }).endSample / FRAME;
    expect(split).toBeGreaterThanOrEqual(220);
    expect(split).toBeLessThanOrEqual(224);
  });

  it("does not look for a split before the last third", () => {
    const segmenter = make();
    feed(segmenter, 100, 1, 0.1);
    feed(segmenter, 4, 0.1, 0);
    const [end] = feed(segmenter, maxFrames - 104, 1, 0.1);
    expect((end as { endSample: number }).endSample).toBeGreaterThanOrEqual((maxFrames * FRAME * 2) / 3);
  });

  it("simply ends an utterance that reaches its length in silence", () => {
    const segmenter = make({ silenceMs: 5000 });
    feed(segmenter, maxFrames - 50, 1);
    const events = feed(segmenter, 60, 0);
    expect(types(events)).toEqual(["silence_start", "utterance_end"]);
    expect(events[1]).toMatchObject({ reason: "maximum", endSample: (maxFrames - 50 + 8) * FRAME });
    expect(segmenter.state).toBe("idle");
  });

  it("never makes an utterance longer than the maximum out of endless noise", () => {
    const segmenter = make();
    const random = seededRandom(5);
    const ends: Extract<SegmenterEvent, { type: "utterance_end" }>[] = [];
    for (let i = 0; i < 5000; i++) {
      for (const event of segmenter.push(0.96 + random() * 0.04, random())) {
        if (event.type === "utterance_end") ends.push(event);
      }
    }
    expect(ends.length).toBeGreaterThan(15);
    for (const end of ends) expect(end.endSample - end.startSample).toBeLessThanOrEqual(max * 16);
  });
});

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

describe("any course of probabilities", () => {
  it("gives each sample to at most one utterance, loses no confirmed speech, and keeps its promise about safe audio", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = seededRandom(seed);
      const segmenter = make({ maxUtteranceMs: 2000 + random() * 6000, minUtteranceMs: random() * 2000 });
      const owned: { from: number; to: number }[] = [];
      const confirmed: number[] = [];
      let open: number | undefined;
      let expected = 0;
      let level = 0;
      let safe = 0;
      const take = (events: readonly SegmenterEvent[]) => {
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
        if (random() < 0.04) level = random() < 0.6 ? 0.97 : 0.1;
        const p = Math.min(1, level + random() * 0.03);
        take(segmenter.push(p, random()));
        if (segmenter.state === "speech" && p > OPTIONS.speechThreshold) confirmed.push(segmenter.sample - FRAME);
        if (random() < 0.002) take(segmenter.finalize());
        if (random() < 0.01) segmenter.update({ preRollMs: random() * 1000 });
        expect(segmenter.safeSample).toBeGreaterThanOrEqual(safe);
        safe = segmenter.safeSample;
      }
      take(segmenter.end());
      for (let i = 1; i < owned.length; i++) expect(owned[i]!.from).toBeGreaterThanOrEqual(owned[i - 1]!.to);
      let at = 0;
      for (const sample of confirmed) {
        while (at < owned.length && owned[at]!.to <= sample) at++;
        expect(owned[at] && owned[at]!.from <= sample, `speech at ${sample} (seed ${seed})`).toBe(true);
      }
    }
  });
});

describe("a segmenter that takes over", () => {
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
      const events: SegmenterEvent[] = [];
      let resume = { floorSample: 0, firstUtterance: 0 };
      course.forEach((p, i) => {
        events.push(...first.push(p, p / 10));
        if (i === takenAt) resume = { floorSample: first.safeSample, firstUtterance: first.utterance };
      });
      const from = Math.max(0, Math.floor(resume.floorSample / FRAME) - 62);
      const second = new Segmenter(OPTIONS, { ...resume, startSample: from * FRAME });
      const rest = course.slice(from).flatMap((p) => second.push(p, p / 10));
      const ends = (all: SegmenterEvent[]) =>
        all.flatMap((event) =>
          event.type === "utterance_end" && event.utterance >= resume.firstUtterance
            ? [[event.utterance, event.startSample, event.endSample]]
            : [],
        );
      expect(ends(rest)).toEqual(ends(events));
    }
  });

  it("says nothing of the sound that is used up, and does not go back behind it", () => {
    const segmenter = new Segmenter(OPTIONS, { floorSample: 20 * FRAME });
    expect(feed(segmenter, 20, 1)).toEqual([]);
    expect(segmenter.safeSample).toBe(20 * FRAME);
    expect(feed(segmenter, 3, 1)).toMatchObject([{ type: "speech_start", startSample: 20 * FRAME }]);
  });
});
