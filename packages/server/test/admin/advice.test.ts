/** What an operator is told first. */
import { describe, expect, it } from "vitest";
import { type AdviceFacts, adviseOn } from "../../src/admin/advice.js";

const LOAD = {
  ready: true,
  sessions: 0,
  speaking: 0,
  capacity: 6,
  load: 0,
  lanes: 2,
  running: 0,
  queued: 0,
  finalWaitMs: 0,
};
const SCHEDULER = {
  lanes: 2,
  running: 0,
  queued: 0,
  busy: 0,
  finalWaitMs: 0,
  // 2 lanes, 70 % of them: 3.7 people.
  finalCostMs: 380,
  finalMs: 900,
  partialMs: 300,
};
const ENGINE = { name: "whisper.cpp", model: "small", requestedDevice: "auto", actualDevice: "cpu" } as const;
const RECENT = { finalP95Ms: null, finalWorstMs: null, refused: 0 };

interface Changes extends Omit<Partial<AdviceFacts>, "load" | "scheduler" | "engine" | "config" | "recent"> {
  load?: Partial<AdviceFacts["load"]>;
  scheduler?: Partial<NonNullable<AdviceFacts["scheduler"]>>;
  engine?: Partial<NonNullable<AdviceFacts["engine"]>>;
  config?: Partial<AdviceFacts["config"]>;
  recent?: Partial<AdviceFacts["recent"]>;
}

/** Advice on a server that runs small on two lanes, idle, but for what is said. */
function advise({ load, scheduler, engine, config, recent, ...others }: Changes = {}) {
  return adviseOn({
    draining: false,
    liveSpeakers: 0,
    switchesModels: true,
    gpus: [],
    ...others,
    load: { ...LOAD, ...load },
    scheduler: { ...SCHEDULER, ...scheduler },
    engine: { ...ENGINE, ...engine },
    config: { maxSessions: 0, device: "auto", ...config },
    recent: { ...RECENT, ...recent },
  });
}

describe("the advice to an operator", () => {
  it("is none while nobody speaks, and says how many may", () => {
    expect(advise()).toEqual({ verdict: "idle", speaking: 0, speakers: 3, ...RECENT, maxSessions: 0, remedies: [] });
  });

  it("does not say how many may speak before anything was measured", () => {
    expect(advise({ scheduler: { finalCostMs: 0 } })).toMatchObject({ verdict: "idle", speakers: null });
  });

  it("is none while those who speak are served in time", () => {
    const recent = { finalP95Ms: 600, finalWorstMs: 800 };
    expect(advise({ liveSpeakers: 2, load: { load: 0.57 }, recent })).toMatchObject({
      verdict: "comfortable",
      speaking: 2,
      finalWorstMs: 800,
      remedies: [],
    });
  });

  it("near the limit names the best model that would hold one more, and another server", () => {
    expect(advise({ liveSpeakers: 3, load: { load: 0.86 } })).toMatchObject({
      verdict: "near",
      // base takes a third of the time of small.
      remedies: [{ do: "use_model", model: "base", speakers: 12 }, { do: "add_server" }],
    });
  });

  it("over the limit names the lightest model where none would hold all, and keeps to the language of the present one", () => {
    const engine = { model: "small.en-q5_1" };
    expect(advise({ liveSpeakers: 40, load: { load: 1 }, engine })).toMatchObject({
      verdict: "over",
      remedies: [{ do: "use_model", model: "tiny.en", speakers: 22 }, { do: "add_server" }],
    });
  });

  it("is over the limit also with few who speak, where finals come far too late", () => {
    const recent = { finalP95Ms: 3000, finalWorstMs: 4000 };
    expect(advise({ liveSpeakers: 1, recent }).verdict).toBe("over");
  });

  it("has no model to take where there is none lighter, none known, or none can be switched", () => {
    const full = { liveSpeakers: 9, load: { load: 1 } };
    for (const own of [{ engine: { model: "tiny" } }, { engine: { model: "my-own" } }, { switchesModels: false }])
      expect(advise({ ...full, ...own })).toMatchObject({ verdict: "over", remedies: [{ do: "add_server" }] });
  });

  it("says late where finals are late and the machine is not full", () => {
    const recent = { finalP95Ms: 1000, finalWorstMs: 1400 };
    expect(advise({ liveSpeakers: 1, load: { load: 0.3 }, recent })).toMatchObject({
      verdict: "late",
      remedies: [{ do: "use_model", model: "base" }],
    });
  });

  it("says it where even one speaker is too much, before anybody has spoken", () => {
    const scheduler = { lanes: 1, finalCostMs: 1000 };
    expect(advise({ scheduler, engine: { model: "medium" } })).toMatchObject({
      verdict: "too_slow",
      speakers: 0,
      // small takes 29 % of the time of medium: 0.7 people become 2.4.
      remedies: [{ do: "use_model", model: "small", speakers: 2 }],
    });
  });

  it("tells of the refused: by the machine, or by MAX_SESSIONS alone", () => {
    const recent = { refused: 3 };
    expect(advise({ liveSpeakers: 3, load: { load: 0.86 }, recent })).toMatchObject({
      verdict: "refusing",
      refused: 3,
      remedies: [{ do: "use_model", model: "base" }, { do: "add_server" }],
    });
    const config = { maxSessions: 4 };
    expect(advise({ liveSpeakers: 1, load: { sessions: 4, load: 1 }, config, recent })).toMatchObject({
      verdict: "refusing_by_limit",
      maxSessions: 4,
      remedies: [{ do: "change", variable: "MAX_SESSIONS", value: "0" }],
    });
    // With a limit, and full of speech all the same.
    expect(advise({ liveSpeakers: 3, load: { sessions: 4, load: 1 }, config, recent }).verdict).toBe("refusing");
  });

  it("tells a limit on sessions that is nearly reached from a machine that is nearly full", () => {
    const config = { maxSessions: 10 };
    expect(advise({ load: { sessions: 9, load: 0.9 }, config })).toMatchObject({
      verdict: "near_limit",
      remedies: [{ do: "change", variable: "MAX_SESSIONS", value: "0" }],
    });
    expect(advise({ load: { sessions: 9, load: 0.9 }, scheduler: { busy: 0.9 }, config }).verdict).toBe("near");
  });

  it("offers the model that comes with the server where it runs on its test model", () => {
    expect(advise({ engine: { model: "micro" }, liveSpeakers: 9 })).toMatchObject({
      verdict: "test_model",
      remedies: [{ do: "use_model", model: "base", speakers: null }],
    });
  });

  it("tells of a GPU that stands idle, by a build that does not know it", () => {
    const gpus = [{ name: "NVIDIA L4" }];
    expect(advise({ gpus })).toMatchObject({
      verdict: "gpu_unused",
      gpu: "NVIDIA L4",
      remedies: [{ do: "build_for_gpu" }],
    });
    expect(advise({ gpus, engine: { actualDevice: "cuda" } }).verdict).toBe("idle");
    // Decoded elsewhere.
    expect(advise({ gpus, engine: { name: "remote" } }).verdict).toBe("idle");
  });

  it("leaves DEVICE=cpu alone for as long as the CPU does", () => {
    const cpu = { gpus: [{ name: "NVIDIA L4" }], config: { device: "cpu" as const } };
    expect(advise(cpu).verdict).toBe("idle");
    expect(advise({ ...cpu, liveSpeakers: 9, load: { load: 1 } }).remedies).toEqual([
      { do: "restart_with", variable: "DEVICE", value: "auto" },
      { do: "use_model", model: "base", speakers: 12 },
      { do: "add_server" },
    ]);
  });

  it("tells of a GPU that was asked for and is not there", () => {
    expect(advise({ config: { device: "cuda" }, engine: { requestedDevice: "cuda" } })).toMatchObject({
      verdict: "gpu_missing",
      remedies: [{ do: "restart_with", variable: "DEVICE", value: "auto" }],
    });
  });

  it("tells of the beginning and the end before anything else", () => {
    const busy = { liveSpeakers: 9, recent: { refused: 3 } };
    expect(advise({ ...busy, load: { ready: false, reason: "models are loading" } })).toMatchObject({
      verdict: "not_ready",
      remedies: [],
    });
    expect(advise({ ...busy, draining: true, load: { ready: false } }).verdict).toBe("draining");
  });
});
