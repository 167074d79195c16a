/** What the scheduler says of its load, and of what it can carry. */
import { FakeClock } from "@stt/core/testing";
import { describe, expect, it } from "vitest";
import { serverLoad } from "../../src/observability/server-load.js";
import { speakerCapacity } from "../../src/scheduler/capacity.js";
import { LoadMeter } from "../../src/scheduler/load-meter.js";

/** Whisper's encoder takes the same time for one second as for thirty: short utterances cost a multiple of long ones. */
const costOf = (audioMs: number) => 150 + 0.01 * audioMs;

function capacities(utterances: readonly number[]): number[] {
  const meter = new LoadMeter(new FakeClock(), 2);
  meter.learnCost(costOf(4000), 4000);
  return utterances.map((audioMs) => {
    meter.finished("final", "a", costOf(audioMs), audioMs, true);
    return speakerCapacity(meter.snapshot(0, 0));
  });
}

describe("the capacity", () => {
  it.each([
    ["short and long utterances by turns", [1000, 12_000]],
    ["a few commands, then a dictation", [800, 800, 800, 15_000, 15_000]],
    ["sentences", [3000, 4000, 6000]],
  ])("is steady within a fifth once a minute was spoken: %s", (_, pattern) => {
    const all = capacities(Array.from({ length: 200 }, (_, i) => pattern[i % pattern.length]!));
    const later = all.slice(20);
    const middle = later.toSorted((a, b) => a - b)[later.length / 2]!;
    for (const each of later) expect(Math.abs(each - middle) / middle).toBeLessThanOrEqual(0.2);
    expect(new Set(later).size).toBeLessThanOrEqual(2);
  });

  it("is not overturned by the first utterance, nor by one that was slow", () => {
    const meter = new LoadMeter(new FakeClock(), 2);
    meter.learnCost(40, 2000);
    const before = speakerCapacity(meter.snapshot(0, 0));
    meter.finished("final", "a", 300, 1500, true);
    expect(speakerCapacity(meter.snapshot(0, 0))).toBeGreaterThan(before / 2);
    for (let i = 0; i < 60; i++) meter.finished("final", "a", 60, 3000, true);
    const settled = speakerCapacity(meter.snapshot(0, 0));
    meter.finished("final", "a", 2000, 3000, true);
    expect(speakerCapacity(meter.snapshot(0, 0))).toBeGreaterThanOrEqual(0.8 * settled);
  });

  it("follows a machine that has become slower for good", () => {
    const meter = new LoadMeter(new FakeClock(), 2);
    for (let i = 0; i < 100; i++) meter.finished("final", "a", 100, 5000, true);
    expect(speakerCapacity(meter.snapshot(0, 0))).toBe(70);
    for (let i = 0; i < 200; i++) meter.finished("final", "a", 400, 5000, true);
    expect(speakerCapacity(meter.snapshot(0, 0))).toBeGreaterThanOrEqual(17);
    expect(speakerCapacity(meter.snapshot(0, 0))).toBeLessThanOrEqual(21);
  });

  it("follows another model at once, by a guess that the first minute puts right", () => {
    const meter = new LoadMeter(new FakeClock(), 2);
    for (let i = 0; i < 100; i++) meter.finished("final", "a", 1000, 5000, true);
    expect(speakerCapacity(meter.snapshot(0, 0))).toBe(7);
    meter.changeCost(0.25);
    expect(speakerCapacity(meter.snapshot(0, 0))).toBe(28);
    expect(meter.expectedMs("final")).toBeCloseTo(250, 0);
    for (let i = 0; i < 12; i++) meter.finished("final", "a", 500, 5000, true);
    expect(speakerCapacity(meter.snapshot(0, 0))).toBeLessThanOrEqual(18);
  });

  it("is never below the sessions that are served", () => {
    const scheduler = new LoadMeter(new FakeClock(), 1);
    scheduler.learnCost(100, 1000);
    const input = { readiness: { ready: true }, sessions: 9, speaking: 3, liveSpeakers: 1, maxSessions: 0 };
    const load = serverLoad({ ...input, scheduler: scheduler.snapshot(0, 0) });
    expect(load).toMatchObject({ sessions: 9, speaking: 3, capacity: 9 });
    // One person of the seven that fit, and two files that can wait.
    expect(load.load).toBeCloseTo(1 / 7, 2);
  });
});

describe("files", () => {
  it("do not count as load of live speech", () => {
    const meter = new LoadMeter(new FakeClock(), 1);
    meter.finished("batch", "file", 60_000, 30_000, true);
    expect(meter.snapshot(0, 0)).toMatchObject({ busy: 0, finalCostMs: 0 });
    meter.finished("partial", "a", 5000, 3000, true);
    expect(meter.snapshot(0, 0).busy).toBeCloseTo(0.5, 2);
  });
});
