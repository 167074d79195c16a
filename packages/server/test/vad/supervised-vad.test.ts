import { SttError, VAD_FRAME_SAMPLES } from "@stt/core";
import { FakeClock, FakeVad, settle } from "@stt/core/testing";
import { describe, expect, it } from "vitest";
import { silentLog } from "../../src/observability/log.js";
import { SupervisedVad } from "../../src/vad/supervised-vad.js";

const broken = new SttError("engine_failed", "the thread died");

function listener() {
  const heard = { probabilities: [] as number[], errors: [] as string[] };
  return {
    heard,
    onProbability: (probability: number) => void heard.probabilities.push(probability),
    onError: (error: SttError) => void heard.errors.push(error.message),
  };
}

async function rig(outcomes: (FakeVad | Error)[]) {
  const clock = new FakeClock();
  const vad = await SupervisedVad.open({
    clock,
    log: silentLog,
    open: async () => {
      const next = outcomes.shift();
      if (next instanceof FakeVad) return next;
      throw next ?? new Error("opened too often");
    },
  });
  return { vad, clock };
}

describe("a detector that fails", () => {
  it("tells its streams once, is closed, and is replaced", async () => {
    const [first, second] = [new FakeVad(), new FakeVad()];
    const { vad } = await rig([first, second]);
    const [a, b] = [listener(), listener()];
    vad.createStream(a);
    vad.createStream(b);
    first.fail(broken);
    expect([a.heard.errors, b.heard.errors]).toEqual([["the thread died"], ["the thread died"]]);
    await settle();
    expect(first.closed).toBe(true);
    const c = listener();
    vad.createStream(c).push(new Float32Array(VAD_FRAME_SAMPLES));
    expect(c.heard.probabilities).toEqual([0]);
    expect(second.openStreams).toBe(1);
  });

  it("refuses streams, retryably, until another one opens", async () => {
    const first = new FakeVad();
    const { vad, clock } = await rig([first, new Error("no memory"), new FakeVad()]);
    vad.createStream(listener());
    first.fail(broken);
    await settle();
    expect(() => vad.createStream(listener())).toThrow(
      expect.objectContaining({ code: "engine_failed", retryable: true }),
    );
    await clock.advanceAsync(1000);
    expect(() => vad.createStream(listener())).not.toThrow();
  });

  it("is not replaced after close, and leaves no timer", async () => {
    const first = new FakeVad();
    const { vad, clock } = await rig([first, new Error("no memory")]);
    vad.createStream(listener());
    first.fail(broken);
    await settle();
    await vad.close();
    expect(clock.pendingTimers).toBe(0);
  });
});
