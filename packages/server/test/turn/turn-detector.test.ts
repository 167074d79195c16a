import { FakeClock, settle } from "@stt/core/testing";
import { describe, expect, it } from "vitest";
import { silentLog } from "../../src/observability/log.js";
import type { TurnOutcome } from "../../src/observability/metrics.js";
import { QueuedTurnDetector, type TurnModel } from "../../src/turn/turn-detector.js";

const RETRY_MS = 5000;

/** Answers when told to: with the first sample of what it hears. */
class ScriptedModel implements TurnModel {
  readonly heard: number[] = [];
  closed = false;
  #answers: { resolve(p: number): void; reject(error: Error): void }[] = [];

  ask(audio: Float32Array): Promise<number> {
    this.heard.push(audio[0]!);
    return new Promise((resolve, reject) => this.#answers.push({ resolve, reject }));
  }

  async answer(): Promise<void> {
    await settle();
    this.#answers.shift()!.resolve(this.heard.at(-1)!);
    await settle();
  }

  async fail(): Promise<void> {
    this.#answers.shift()!.reject(new Error("gone"));
    await settle();
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

function create(open?: () => Promise<TurnModel>) {
  const clock = new FakeClock();
  const model = new ScriptedModel();
  const outcomes: TurnOutcome[] = [];
  const detector = new QueuedTurnDetector({
    open: open ?? (async () => model),
    clock,
    log: silentLog,
    observe: (outcome) => outcomes.push(outcome),
    retryMs: RETRY_MS,
  });
  const ask = (mark: number, isLive = true) => detector.ask({ audio: Float32Array.of(mark), isLive });
  return { clock, model, outcomes, detector, ask };
}

describe("questions of several sessions", () => {
  it("are answered one at a time, live speakers before files", async () => {
    const { model, ask } = create();
    const [first, file, second] = [ask(0.125), ask(0.25, false), ask(0.5)];
    for (let i = 0; i < 3; i++) await model.answer();
    expect(model.heard).toEqual([0.125, 0.5, 0.25]);
    expect(await Promise.all([first, file, second].map(({ probability }) => probability))).toEqual([0.125, 0.25, 0.5]);
  });

  it("have no answer where too many wait", async () => {
    const { model, ask, outcomes } = create();
    const questions = Array.from({ length: 20 }, (_, i) => ask(i));
    expect(await questions.at(-1)!.probability).toBeUndefined();
    expect(outcomes.every((outcome) => outcome === "none")).toBe(true);
    const refused = outcomes.length;
    for (let i = 0; i < 20 - refused; i++) await model.answer();
    expect(outcomes.filter((outcome) => outcome === "answered")).toHaveLength(20 - refused);
    expect(refused).toBeGreaterThan(5);
  });

  it("are not heard once nobody wants to know", async () => {
    const { model, ask, outcomes } = create();
    ask(1);
    const unwanted = ask(2);
    unwanted.cancel();
    unwanted.cancel();
    expect(await unwanted.probability).toBeUndefined();
    await model.answer();
    expect(model.heard).toEqual([1]);
    expect(outcomes).toEqual(["cancelled", "answered"]);
  });
});

describe("a model that fails", () => {
  it("leaves questions without an answer, and is opened again later", async () => {
    const models = [new ScriptedModel(), new ScriptedModel()];
    let opened = 0;
    const { clock, ask } = create(async () => models[opened++]!);
    const [running, waiting] = [ask(1), ask(2)];
    await settle();
    await models[0]!.fail();
    expect(await Promise.all([running.probability, waiting.probability])).toEqual([undefined, undefined]);
    expect(models[0]!.closed).toBe(true);
    expect(await ask(3).probability).toBeUndefined();
    await clock.advanceAsync(RETRY_MS);
    const after = ask(4);
    await models[1]!.answer();
    expect(await after.probability).toBe(4);
  });

  it("that never opens costs no session anything", async () => {
    const { clock, ask } = create(() => Promise.reject(new Error("no file")));
    expect(await ask(1).probability).toBeUndefined();
    await clock.advanceAsync(RETRY_MS);
    expect(await ask(1).probability).toBeUndefined();
  });
});

it("is closed with questions under way, which have no answer", async () => {
  const { detector, model, ask } = create();
  const waiting = [ask(1), ask(2)];
  await settle();
  const closed = detector.close();
  expect(await waiting[1]!.probability).toBeUndefined();
  await closed;
  expect(model.closed).toBe(true);
  expect(await ask(3).probability).toBeUndefined();
});
