import { FakeClock } from "@stt/core/testing";
import { describe, expect, it } from "vitest";
import { partialCadenceMs } from "../../src/scheduler/cadence.js";
import { LagMeter } from "../../src/scheduler/lag-meter.js";

const load = { lanes: 2, running: 0, queued: 0, busy: 0, finalWaitMs: 0, finalCostMs: 20, finalMs: 40, partialMs: 12 };

describe("the cadence of live text", () => {
  it("is the least one while few speak and the machine keeps up", () => {
    expect(partialCadenceMs(load, 1)).toBe(150);
    expect(partialCadenceMs(load, 1, 15)).toBe(150);
  });

  it("leaves one who speaks alone seven tenths of a lane", () => {
    expect(partialCadenceMs({ ...load, partialMs: 350 }, 1)).toBeCloseTo(500);
    expect(partialCadenceMs({ ...load, partialMs: 240 }, 4)).toBe(800);
  });

  it("is shared by all who speak, and stretched while finals wait", () => {
    expect(partialCadenceMs(load, 30)).toBe(300);
    expect(partialCadenceMs({ ...load, finalWaitMs: 250 }, 30)).toBe(600);
  });

  it("makes room for voice activity detection that lags, up to a limit", () => {
    expect(partialCadenceMs(load, 1, 60)).toBe(450);
    expect(partialCadenceMs(load, 1, 5000)).toBe(1200);
  });
});

describe("the lag meter", () => {
  it("follows within a second or so, however many measure, and fades when nobody does", () => {
    const clock = new FakeClock();
    const meter = new LagMeter(clock);
    for (let i = 0; i < 200; i++) {
      clock.advance(10);
      meter.observe(100);
    }
    expect(meter.valueMs).toBeGreaterThan(95);
    for (let i = 0; i < 100; i++) {
      clock.advance(10);
      for (let many = 0; many < 20; many++) meter.observe(10);
    }
    expect(meter.valueMs).toBeLessThan(25);
    clock.advance(60_000);
    expect(meter.valueMs).toBeLessThan(1);
  });
});
