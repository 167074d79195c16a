import { FakeEngine } from "@stt/core/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { CurrentEngine, SharedEngine } from "../../src/engines/current-engine.js";
import { EnginePool } from "../../src/engines/engine-pool.js";
import { createWhisperEngine } from "../../src/engines/whisper/create-whisper-engine.js";
import type { SupervisedEngine } from "../../src/engines/whisper/supervised-engine.js";
import { visibleGpus } from "../../src/machine/visible-gpus.js";
import { folded, memoryLog, microModel, sample } from "../engines/support.js";

/** An engine whose calls end when the test says so. */
function heldEngine(name: string) {
  const ends: (() => void)[] = [];
  const fake = new FakeEngine();
  const engine = {
    info: { ...fake.info, model: name, concurrency: 2 },
    unavailable: undefined as string | undefined,
    closed: false,
    transcribe: (async () => {
      await new Promise<void>((resolve) => ends.push(resolve));
      return { text: name, language: "en", segments: [], audioMs: 0, computeMs: 0 };
    }) as FakeEngine["transcribe"],
    async close() {
      engine.closed = true;
    },
  };
  return { engine, ends };
}

const silence = new Float32Array(16_000);
const options = { language: "en" };

describe("the engine in use", () => {
  it("can be replaced while calls run: they end where they began, then the old one is closed", async () => {
    const [a, b] = [heldEngine("a"), heldEngine("b")];
    const current = new CurrentEngine(new SharedEngine(a.engine));
    const before = current.transcribe(silence, options);
    const closed = current.replace(new SharedEngine(b.engine));
    const after = current.transcribe(silence, options);
    expect([current.info.model, a.engine.closed]).toEqual(["b", false]);
    b.ends[0]!();
    a.ends[0]!();
    expect([(await before).text, (await after).text]).toEqual(["a", "b"]);
    await closed;
    expect([a.engine.closed, b.engine.closed]).toEqual([true, false]);
  });

  it("is closed only when the other slot has left it too", async () => {
    const [a, b] = [heldEngine("a"), heldEngine("b")];
    const shared = new SharedEngine(a.engine);
    const [final, partial] = [new CurrentEngine(shared), new CurrentEngine(shared)];
    const next = new SharedEngine(b.engine);
    void final.replace(next);
    expect(a.engine.closed).toBe(false);
    await partial.replace(next);
    expect(a.engine.closed).toBe(true);
  });
});

describe("a pool of engines", () => {
  it("gives a call to the engine that is least busy, and adds up what they can do", async () => {
    const members = [heldEngine("a"), heldEngine("b"), heldEngine("c")];
    const pool = new EnginePool(members.map(({ engine }) => engine));
    expect(pool.info.concurrency).toBe(6);
    const calls = Array.from({ length: 6 }, () => pool.transcribe(silence, options));
    expect(members.map(({ ends }) => ends.length)).toEqual([2, 2, 2]);
    members[1]!.ends.shift()!();
    await calls[1];
    void pool.transcribe(silence, options);
    expect(members.map(({ ends }) => ends.length)).toEqual([2, 2, 2]);
  });

  it("leaves out an engine that is away until it is back, and is away itself only when all are", () => {
    const members = [heldEngine("a"), heldEngine("b")];
    const pool = new EnginePool(members.map(({ engine }) => engine));
    members[0]!.engine.unavailable = "it is being loaded again";
    for (let i = 0; i < 3; i++) void pool.transcribe(silence, options);
    expect(members.map(({ ends }) => ends.length)).toEqual([0, 3]);
    expect(pool.unavailable).toBeUndefined();
    members[0]!.engine.unavailable = undefined;
    void pool.transcribe(silence, options);
    expect(members[0]!.ends).toHaveLength(1);
    for (const { engine } of members) engine.unavailable = "gone";
    expect(pool.unavailable).toBe("gone");
  });

  it("survives the death of one of two real inference processes", async () => {
    const log = memoryLog();
    const open = () =>
      createWhisperEngine({
        modelPath: microModel,
        modelName: "micro",
        device: "cpu",
        threads: 1,
        concurrency: 1,
        log,
      });
    const workers = (await Promise.all([open(), open()])) as SupervisedEngine[];
    const pool = new EnginePool(workers);
    onTestFinished(() => pool.close());
    const { audio, text, language } = sample("en_01");
    const say = async () => folded((await pool.transcribe(audio, { language })).text);
    expect(await Promise.all([say(), say()])).toEqual([folded(text), folded(text)]);
    const calls = [say(), say(), say(), say()];
    process.kill(workers[0]!.workerPid!, "SIGKILL");
    for (const heard of await Promise.all(calls)) expect(heard).toBe(folded(text));
    await expect.poll(() => workers[0]!.unavailable, { timeout: 10_000 }).toBeUndefined();
  }, 30_000);
});

describe("the GPUs that may be used", () => {
  it.each([
    [2, undefined, ["0", "1"]],
    [4, "2,0", ["2", "0"]],
    [4, "", []],
    [4, "-1", []],
    [2, "0,7,1", ["0"]],
    [2, "1,1", ["1"]],
    [2, "GPU-8a3c, GPU-99ff", ["GPU-8a3c", "GPU-99ff"]],
    [0, undefined, []],
  ])("of %i with CUDA_VISIBLE_DEVICES=%s are %j", (present, visible, usable) => {
    expect(visibleGpus(present, visible)).toEqual(usable);
  });
});
