import { FakeClock, settle } from "@stt/core/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { FreeCores } from "../../src/machine/free-cores.js";

let clock: FakeClock;
let ownMs: number;
let allMs: number;
let cores: FreeCores;

beforeEach(() => {
  clock = new FakeClock();
  ownMs = 0;
  allMs = 0;
  cores = new FreeCores({ clock, ownMs: async () => ownMs, allMs: () => ({ ms: allMs, cores: 4 }) });
});

/** So much passes, in which we and others use so many cores. */
async function pass(ms: number, { own = 0, others = 0 }) {
  await clock.advanceAsync(ms);
  ownMs += own * ms;
  allMs += (own + others) * ms;
  cores.get();
  await settle();
}

describe("cores that other programs leave", () => {
  it("are not known at first", () => {
    expect(cores.get()).toBe(Number.POSITIVE_INFINITY);
  });

  it("are all of them while we alone are busy", async () => {
    await pass(0, {});
    await pass(2000, { own: 3 });
    expect(cores.get()).toBe(4);
  });

  it("are fewer by what others use", async () => {
    await pass(0, {});
    await pass(2000, { own: 2, others: 1.5 });
    expect(cores.get()).toBe(2.5);
  });

  it("follow within two seconds", async () => {
    await pass(0, {});
    await pass(2000, { others: 3 });
    await pass(1000, { others: 0 });
    expect(cores.get()).toBe(1);
    await pass(1000, { others: 0 });
    await pass(2000, { others: 0 });
    expect(cores.get()).toBe(4);
  });

  it("are not known any more after a while in which nobody asked", async () => {
    await pass(0, {});
    await pass(2000, { others: 3 });
    await pass(20_000, { others: 1 });
    // Nor does the long time that has passed say anything of now.
    expect(cores.get()).toBe(Number.POSITIVE_INFINITY);
  });

  it("stay as they were where our own time cannot be told", async () => {
    const broken = new FreeCores({
      clock,
      ownMs: () => Promise.reject(new Error("gone")),
      allMs: () => ({ ms: 0, cores: 4 }),
    });
    broken.get();
    await settle();
    expect(broken.get()).toBe(Number.POSITIVE_INFINITY);
  });
});
