/** What the console's graphs are drawn from. */
import { FakeClock } from "@stt/core/testing";
import { describe, expect, it } from "vitest";
import { History, type Reading, SERIES } from "../../src/observability/history.js";
import { Sampler, type SamplerOptions } from "../../src/observability/sampler.js";

const LOAD = {
  ready: true,
  sessions: 3,
  speaking: 1,
  capacity: 8,
  load: 0.375,
  lanes: 1,
  running: 1,
  queued: 2,
  finalWaitMs: 40,
};

function readingOf(sessions: number | null): Reading {
  return { ...(Object.fromEntries(SERIES.map((name) => [name, null])) as Reading), sessions };
}

function rig(options: Partial<SamplerOptions> = {}) {
  const clock = new FakeClock(1000);
  const server = { cpuMs: 0, rssBytes: 100 };
  const sampler = new Sampler({
    clock,
    load: () => LOAD,
    inference: async () => ({}),
    gpus: () => [],
    model: () => "base",
    server: () => ({ ...server }),
    wallClock: () => 1_700_000_000_000 + clock.now(),
    cores: 4,
    ...options,
  });
  return {
    clock,
    server,
    sampler,
    newest: (name: (typeof SERIES)[number]) => sampler.history.since().series[name].at(-1),
  };
}

describe("the history", () => {
  it("keeps the newest samples, oldest first, when its ring has gone round", () => {
    const history = new History(5000, 3);
    for (let i = 1; i <= 5; i++) history.add(readingOf(i), 1000 * i);
    expect(history.since()).toMatchObject({ at: [3000, 4000, 5000], stepMs: 5000, capacity: 3 });
    expect(history.since().series.sessions).toEqual([3, 4, 5]);
  });

  it("gives what came after a cursor, and all that is left when the cursor fell behind", () => {
    const history = new History(5000, 3);
    for (let i = 1; i <= 5; i++) history.add(readingOf(i), i);
    expect(history.since(4).series.sessions).toEqual([5]);
    expect(history.since(history.count).at).toEqual([]);
    expect(history.since(1).series.sessions).toEqual([3, 4, 5]);
  });

  it("tells what was not measured from nothing", () => {
    const history = new History(5000, 3);
    history.add(readingOf(null), 1);
    history.add(readingOf(0), 2);
    expect(history.since().series.sessions).toEqual([null, 0]);
  });
});

describe("the sampler", () => {
  it("takes a sample at every step until it is closed, with its time of day", async () => {
    const { clock, sampler } = rig();
    sampler.start();
    await clock.advanceAsync(4999);
    expect(sampler.history.count).toBe(0);
    await clock.advanceAsync(10_001);
    expect(sampler.history.since().at).toEqual([1_700_000_006_000, 1_700_000_011_000, 1_700_000_016_000]);
    expect(sampler.history.since().series.queued).toEqual([2, 2, 2]);
    sampler.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it("gives the share of all cores that the processes used between two samples", async () => {
    let inferenceCpuMs = 7000;
    const { clock, server, sampler, newest } = rig({
      inference: async () => ({ cpuMs: inferenceCpuMs, rssBytes: 300 }),
    });
    sampler.start();
    await clock.advanceAsync(5000);
    expect(newest("serverCpu")).toBeNull();
    server.cpuMs += 5000;
    await clock.advanceAsync(5000);
    // One of four cores for the whole step; what another process answers is of the sample before.
    expect(newest("serverCpu")).toBe(0.25);
    expect(newest("inferenceCpu")).toBe(0);
    inferenceCpuMs += 10_000;
    await clock.advanceAsync(10_000);
    expect(newest("inferenceCpu")).toBe(0.5);
    // The process was replaced: its time starts at nothing, which is no negative share.
    inferenceCpuMs = 10;
    await clock.advanceAsync(10_000);
    expect(newest("inferenceCpu")).toBeNull();
    expect(newest("inferenceRssBytes")).toBe(300);
    sampler.close();
  });

  it("goes on while the inference process does not answer", async () => {
    const { clock, sampler, newest } = rig({ inference: () => new Promise(() => {}) });
    sampler.start();
    await clock.advanceAsync(20_000);
    expect(sampler.history.count).toBe(4);
    expect(newest("inferenceRssBytes")).toBeNull();
    sampler.close();
  });

  it("gives latencies of the last two minutes, their 95th percentile, and nothing after silence", async () => {
    const { clock, sampler, newest } = rig();
    sampler.start();
    for (let ms = 1; ms <= 100; ms++) sampler.finalLatency(ms);
    sampler.firstPartial(321);
    await clock.advanceAsync(5000);
    expect(newest("finalLatencyMs")).toBe(95);
    expect(newest("firstPartialMs")).toBe(321);
    await clock.advanceAsync(120_000);
    expect(newest("finalLatencyMs")).toBeNull();
    sampler.close();
  });

  it("knows the longest wait of the last two minutes, and who found no place in the last ten", async () => {
    const { clock, sampler } = rig();
    expect(sampler.recent()).toEqual({ finalP95Ms: null, finalWorstMs: null, refused: 0 });
    for (let ms = 1; ms <= 100; ms++) sampler.finalLatency(ms);
    sampler.rejected("capacity");
    sampler.rejected("capacity");
    // Who has no key would find no place on any server.
    sampler.rejected("unauthorized");
    expect(sampler.recent()).toEqual({ finalP95Ms: 95, finalWorstMs: 100, refused: 2 });
    await clock.advanceAsync(120_000);
    expect(sampler.recent()).toEqual({ finalP95Ms: null, finalWorstMs: null, refused: 2 });
    sampler.rejected("capacity");
    await clock.advanceAsync(480_000);
    expect(sampler.recent().refused).toBe(1);
    sampler.forgetRefusals();
    expect(sampler.recent().refused).toBe(0);
  });

  it("weighs the real-time factor by audio, and counts neither partials nor what was given up", async () => {
    const { clock, sampler, newest } = rig();
    const report = { waitedMs: 0, owner: "a", failed: false } as unknown as Parameters<Sampler["job"]>[0];
    sampler.start();
    sampler.job({ ...report, kind: "final", ms: 1000, audioMs: 9000, completed: true });
    sampler.job({ ...report, kind: "speculative", ms: 1000, audioMs: 1000, completed: true });
    sampler.job({ ...report, kind: "partial", ms: 5000, audioMs: 1000, completed: true });
    sampler.job({ ...report, kind: "final", ms: 5000, audioMs: 1000, completed: false });
    await clock.advanceAsync(5000);
    expect(newest("realtimeFactor")).toBe(0.2);
    expect(sampler.speedOf("base")).toBe(0.2);
    expect(sampler.speedOf("small")).toBeUndefined();
    sampler.close();
  });

  it("adds up several GPUs, and shows the busiest", async () => {
    const card = { name: "A", totalMiB: 1000, freeMiB: 900, usedMiB: 100 };
    const { clock, sampler, newest } = rig({
      gpus: () => [
        { ...card, utilisation: 0.2 },
        { ...card, usedMiB: 300, utilisation: 0.9 },
      ],
    });
    sampler.start();
    await clock.advanceAsync(5000);
    expect(newest("gpuUsedBytes")).toBe(400 * 2 ** 20);
    expect(newest("gpuTotalBytes")).toBe(2000 * 2 ** 20);
    expect(newest("gpuUtilisation")).toBe(0.9);
    sampler.close();
  });

  it("goes on after a restart where the archive ended, with a gap for the time between", async () => {
    const before = rig();
    before.sampler.start();
    await before.clock.advanceAsync(60_000);
    const text = before.sampler.archive.toText();
    before.sampler.close();
    const endedAt = 1_700_000_000_000 + before.clock.now();

    const restartedAt = endedAt + 30_000;
    const { sampler } = rig({ wallClock: () => restartedAt });
    sampler.archive.read(text, restartedAt);
    sampler.recall();
    const { at, series } = sampler.history.since();
    expect(at.at(-1)).toBeGreaterThanOrEqual(restartedAt - 5000);
    expect(new Set(at.slice(1).map((time, i) => time - at[i]!))).toEqual(new Set([5000]));
    const known = at.filter((_, i) => series.load[i] !== null);
    expect(Math.abs(known[0]! - (endedAt - 60_000))).toBeLessThanOrEqual(20_000);
    expect(known.at(-1)).toBeLessThanOrEqual(endedAt + 20_000);
    expect(series.load.at(-1)).toBeNull();
    expect(series.load.find((value) => value !== null)).toBe(LOAD.load);
  });

  it("recalls nothing of an archive that is older than its minutes, or empty", () => {
    const { sampler } = rig();
    sampler.recall();
    expect(sampler.history.count).toBe(0);
    sampler.archive.add(readingOf(1), 1_700_000_000_000 - 3_600_000);
    sampler.recall();
    expect(sampler.history.count).toBe(0);
  });
});
