import { isSttError } from "@stt/core";
import { FakeClock, settle } from "@stt/core/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { type JobHandle, type JobKind, Scheduler } from "../../src/scheduler/scheduler.js";

let clock: FakeClock;
let order: string[];

beforeEach(() => {
  clock = new FakeClock();
  order = [];
});

/** A job of so many milliseconds on the fake clock that stops at once when aborted. */
function submit(
  scheduler: Scheduler,
  owner: string,
  kind: JobKind,
  ms = 100,
  name = `${owner}:${kind}`,
): JobHandle<string> {
  return scheduler.submit({
    kind,
    owner,
    audioMs: 1000,
    run: (signal) =>
      new Promise((resolve, reject) => {
        order.push(name);
        const cancel = clock.setTimer(ms, () => resolve(name));
        signal.addEventListener("abort", () => {
          cancel();
          reject(signal.reason);
        });
      }),
  });
}

async function outcome(handle: JobHandle<string>): Promise<string> {
  return handle.result.then(
    (value) => value,
    (error) => (isSttError(error) ? error.code : "unexpected"),
  );
}

describe("what runs first", () => {
  it("is a final, then a speculative final, then a first partial, then a later one", async () => {
    const scheduler = new Scheduler({ lanes: 1, clock });
    submit(scheduler, "z", "final");
    submit(scheduler, "a", "partial");
    submit(scheduler, "b", "first-partial");
    submit(scheduler, "c", "speculative");
    submit(scheduler, "d", "final");
    await clock.advanceAsync(1000);
    expect(order).toEqual(["z:final", "d:final", "c:speculative", "b:first-partial", "a:partial"]);
  });

  it("is a speculative final once it is promoted", async () => {
    const scheduler = new Scheduler({ lanes: 1, clock });
    submit(scheduler, "z", "final");
    submit(scheduler, "a", "speculative");
    const promoted = submit(scheduler, "b", "speculative");
    promoted.promote("final");
    await clock.advanceAsync(1000);
    expect(order).toEqual(["z:final", "b:speculative", "a:speculative"]);
  });

  it("cannot be made less urgent", () => {
    const scheduler = new Scheduler({ lanes: 1, clock });
    const handle = submit(scheduler, "a", "final");
    handle.promote("partial");
    expect(handle.kind).toBe("final");
  });

  it("is the owner that was served least lately, so that a busy one delays the others by one job at most", async () => {
    const scheduler = new Scheduler({ lanes: 1, clock });
    for (let i = 0; i < 5; i++) submit(scheduler, "noisy", "final", 100, `noisy${i}`);
    await clock.advanceAsync(150);
    submit(scheduler, "quiet", "final", 100, "quiet");
    await clock.advanceAsync(1000);
    expect(order).toEqual(["noisy0", "noisy1", "quiet", "noisy2", "noisy3", "noisy4"]);
  });

  it("is even a partial once it has waited long enough", async () => {
    const scheduler = new Scheduler({ lanes: 1, clock, ageingMs: 500 });
    submit(scheduler, "first", "final");
    const starved = submit(scheduler, "starved", "partial");
    // There is always another final waiting.
    submit(scheduler, "second", "final");
    for (let i = 0; i < 40; i++) {
      submit(scheduler, `f${i}`, "final", 100);
      await clock.advanceAsync(100);
    }
    expect(await outcome(starved)).toBe("starved:partial");
    expect(order.indexOf("starved:partial")).toBeLessThan(25);
  });

  it("uses every lane", async () => {
    const scheduler = new Scheduler({ lanes: 2, clock });
    submit(scheduler, "a", "final");
    submit(scheduler, "b", "final");
    submit(scheduler, "c", "final");
    await settle();
    expect(order).toEqual(["a:final", "b:final"]);
    expect(scheduler.load()).toMatchObject({ running: 2, queued: 1 });
  });
});

describe("a partial", () => {
  it("that waits is replaced by a newer one of its owner", async () => {
    const scheduler = new Scheduler({ lanes: 1, clock });
    submit(scheduler, "z", "final");
    const older = submit(scheduler, "a", "partial", 100, "older");
    submit(scheduler, "a", "partial", 100, "newer");
    await clock.advanceAsync(1000);
    expect(await outcome(older)).toBe("aborted");
    expect(order).toEqual(["z:final", "newer"]);
  });

  it("that runs is stopped for a final", async () => {
    const scheduler = new Scheduler({ lanes: 1, clock });
    const partial = submit(scheduler, "a", "partial", 5000);
    submit(scheduler, "b", "final");
    await clock.advanceAsync(100);
    expect(await outcome(partial)).toBe("aborted");
    expect(order).toEqual(["a:partial", "b:final"]);
  });

  it("that is nearly done is left to finish", async () => {
    const scheduler = new Scheduler({ lanes: 1, clock, preemptWorthMs: 30 });
    submit(scheduler, "a", "partial", 100);
    await clock.advanceAsync(100);
    const partial = submit(scheduler, "a", "partial", 100, "second");
    await clock.advanceAsync(80);
    submit(scheduler, "b", "final");
    await clock.advanceAsync(200);
    expect(await outcome(partial)).toBe("second");
  });

  it("is not stopped when there are no more finals than partials being stopped", async () => {
    const scheduler = new Scheduler({ lanes: 2, clock });
    submit(scheduler, "a", "partial", 5000);
    const second = submit(scheduler, "b", "partial", 5000);
    let stopped = 0;
    second.result.catch(() => stopped++);
    submit(scheduler, "c", "final", 50);
    await clock.advanceAsync(20);
    expect(order.filter((name) => name.includes("final"))).toHaveLength(1);
    expect(scheduler.load().running).toBe(2);
    expect(stopped).toBeLessThanOrEqual(1);
  });
});

describe("a cancelled job", () => {
  it("never runs when it was still waiting", async () => {
    const scheduler = new Scheduler({ lanes: 1, clock });
    submit(scheduler, "z", "final");
    const waiting = submit(scheduler, "a", "final");
    waiting.cancel();
    await clock.advanceAsync(1000);
    expect(await outcome(waiting)).toBe("aborted");
    expect(order).toEqual(["z:final"]);
  });

  it("keeps its lane until the engine has really stopped", async () => {
    const scheduler = new Scheduler({ lanes: 1, clock });
    const slowToStop = scheduler.submit({
      kind: "final",
      owner: "a",
      audioMs: 1000,
      run: (signal) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => clock.setTimer(70, () => reject(signal.reason)));
        }),
    });
    submit(scheduler, "b", "final");
    slowToStop.cancel();
    await clock.advanceAsync(60);
    expect(order).toEqual([]);
    await clock.advanceAsync(20);
    expect(order).toEqual(["b:final"]);
  });
});

describe("a failed job", () => {
  it("fails alone: the next one runs", async () => {
    const scheduler = new Scheduler({ lanes: 1, clock });
    const failed = scheduler.submit({
      kind: "final",
      owner: "a",
      audioMs: 1000,
      run: () => Promise.reject(new Error("broken")),
    });
    const thrown = scheduler.submit({
      kind: "final",
      owner: "a",
      audioMs: 1000,
      run: () => {
        throw new Error("thrown");
      },
    });
    const next = submit(scheduler, "b", "final");
    await expect(failed.result).rejects.toThrow("broken");
    await expect(thrown.result).rejects.toThrow("thrown");
    await clock.advanceAsync(100);
    expect(await outcome(next)).toBe("b:final");
  });
});

describe("a closed scheduler", () => {
  it("rejects what runs, what waits and what comes", async () => {
    const scheduler = new Scheduler({ lanes: 1, clock });
    const handles = [submit(scheduler, "a", "final"), submit(scheduler, "b", "final")];
    scheduler.close();
    handles.push(submit(scheduler, "c", "final"));
    expect(await Promise.all(handles.map(outcome))).toEqual(["aborted", "aborted", "aborted"]);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe("load", () => {
  it("tells how busy the lanes were and how long finals waited", async () => {
    const scheduler = new Scheduler({ lanes: 1, clock });
    submit(scheduler, "a", "final", 1000);
    submit(scheduler, "b", "final", 1000);
    await clock.advanceAsync(2000);
    const load = scheduler.load();
    expect(load.finalMs).toBe(1000);
    expect(load.finalWaitMs).toBeGreaterThan(0);
    expect(load.busy).toBeGreaterThan(0.15);
    await clock.advanceAsync(60_000);
    expect(scheduler.load().busy).toBeLessThan(0.01);
  });
});

describe("a batch job", () => {
  it("runs after everything live", async () => {
    const scheduler = new Scheduler({ lanes: 1, clock });
    submit(scheduler, "z", "final");
    submit(scheduler, "file", "batch");
    submit(scheduler, "a", "partial");
    submit(scheduler, "b", "final");
    await clock.advanceAsync(1000);
    expect(order).toEqual(["z:final", "b:final", "a:partial", "file:batch"]);
  });

  it.each(["final", "speculative", "first-partial", "partial"] as const)(
    "that runs gives its lane to a %s, and is done afterwards",
    async (kind) => {
      const scheduler = new Scheduler({ lanes: 1, clock });
      const batch = submit(scheduler, "file", "batch", 5000);
      await clock.advanceAsync(1000);
      submit(scheduler, "speaker", kind);
      await clock.advanceAsync(100);
      expect(order).toEqual(["file:batch", `speaker:${kind}`, "file:batch"]);
      await clock.advanceAsync(5000);
      expect(await outcome(batch)).toBe("file:batch");
    },
  );

  it("gives way before a partial does", async () => {
    const scheduler = new Scheduler({ lanes: 2, clock });
    const partial = submit(scheduler, "speaker", "partial", 500);
    submit(scheduler, "file", "batch", 5000);
    submit(scheduler, "other", "final", 100);
    await clock.advanceAsync(500);
    expect(order).toEqual(["speaker:partial", "file:batch", "other:final", "file:batch"]);
    expect(await outcome(partial)).toBe("speaker:partial");
  });

  it("is not stopped by another batch job", async () => {
    const scheduler = new Scheduler({ lanes: 1, clock });
    submit(scheduler, "file", "batch", 500);
    submit(scheduler, "other", "batch", 500);
    await clock.advanceAsync(1000);
    expect(order).toEqual(["file:batch", "other:batch"]);
  });

  it("gets its lane by age in the end, and keeps it", async () => {
    const scheduler = new Scheduler({ lanes: 1, clock });
    const batch = submit(scheduler, "file", "batch", 3000);
    // There is always another final waiting.
    for (let i = 0; i < 600; i++) {
      submit(scheduler, `f${i}`, "final", 100);
      await clock.advanceAsync(100);
    }
    expect(await outcome(batch)).toBe("file:batch");
  });

  it("can be cancelled while it makes room", async () => {
    const scheduler = new Scheduler({ lanes: 1, clock });
    const batch = scheduler.submit({
      kind: "batch",
      owner: "file",
      audioMs: 1000,
      run: (signal) =>
        new Promise((_, reject) => {
          order.push("file");
          signal.addEventListener("abort", () => clock.setTimer(50, () => reject(signal.reason)));
        }),
    });
    submit(scheduler, "speaker", "final");
    batch.cancel();
    await clock.advanceAsync(1000);
    await expect(batch.result).rejects.toThrow();
    expect(order).toEqual(["file", "speaker:final"]);
  });

  it("does not count into what a partial or a final costs", async () => {
    const scheduler = new Scheduler({ lanes: 1, clock });
    submit(scheduler, "file", "batch", 5000);
    await clock.advanceAsync(5000);
    expect(scheduler.load()).toMatchObject({ finalMs: 0, partialMs: 0, finalCostMs: 0 });
  });
});

describe("lanes of one job", () => {
  /** As `submit`, and notes how many lanes each job was given. */
  function wide(scheduler: Scheduler, owner: string, kind: JobKind, ms = 100) {
    return scheduler.submit({
      kind,
      owner,
      audioMs: 1000,
      run: (signal, lanes) =>
        new Promise((resolve, reject) => {
          order.push(`${owner}:${kind} on ${lanes}`);
          const cancel = clock.setTimer(ms, () => resolve(owner));
          signal.addEventListener("abort", () => {
            cancel();
            reject(signal.reason);
          });
        }),
    });
  }

  it("are all it can use while one owner's speech alone is to be decoded", async () => {
    const scheduler = new Scheduler({ lanes: 4, mostLanes: () => 3, clock });
    wide(scheduler, "a", "partial");
    await clock.advanceAsync(100);
    expect(order).toEqual(["a:partial on 3"]);
  });

  it("are shared by all who wait or are being decoded", async () => {
    const scheduler = new Scheduler({ lanes: 4, mostLanes: () => 4, clock });
    wide(scheduler, "a", "final");
    wide(scheduler, "b", "final");
    wide(scheduler, "c", "final");
    await clock.advanceAsync(100);
    wide(scheduler, "d", "final");
    await clock.advanceAsync(100);
    expect(order).toEqual(["a:final on 4", "b:final on 2", "c:final on 2", "d:final on 2"]);
  });

  it("are what is free where that is less", async () => {
    const scheduler = new Scheduler({ lanes: 4, mostLanes: () => 3, clock });
    wide(scheduler, "a", "final");
    wide(scheduler, "a", "partial");
    expect(order).toEqual(["a:final on 3", "a:partial on 1"]);
  });

  it("are given up for a final of another owner", async () => {
    const scheduler = new Scheduler({ lanes: 2, mostLanes: () => 2, clock });
    wide(scheduler, "a", "partial");
    await clock.advanceAsync(100);
    const partial = wide(scheduler, "a", "partial");
    wide(scheduler, "b", "final");
    await clock.advanceAsync(10);
    await expect(partial.result).rejects.toMatchObject({ code: "aborted" });
    expect(order.at(-1)).toBe("b:final on 2");
  });

  it("are for the beginning of a file only", async () => {
    const scheduler = new Scheduler({ lanes: 2, mostLanes: () => 2, clock });
    for (let i = 0; i < 3; i++) wide(scheduler, "file", "batch");
    await clock.advanceAsync(100);
    expect(order).toEqual(["file:batch on 2", "file:batch on 1", "file:batch on 1"]);
  });

  it("all count as busy, and as what speech costs", async () => {
    const scheduler = new Scheduler({ lanes: 2, mostLanes: () => 2, clock });
    wide(scheduler, "a", "final", 200);
    await clock.advanceAsync(200);
    expect(scheduler.load()).toMatchObject({ finalMs: 400, finalCostMs: 400 });
  });
});
