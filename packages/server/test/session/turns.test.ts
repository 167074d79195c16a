import { silenceSamples, toneSamples } from "@stt/core/testing";
import { describe, expect, it } from "vitest";
import { SessionRig } from "../support/session-rig.js";

const speech = (ms: number) => toneSamples(300, ms);
const silence = (ms: number) => silenceSamples(ms);

describe("a turn", () => {
  it("ends with the text of its final, right before it", async () => {
    const rig = new SessionRig({ engine: { answers: "hello there" }, settings: { silenceMs: 700, minUtteranceMs: 0 } });
    await rig.hear(speech(1500));
    await rig.hear(silence(900));
    const [final] = rig.of("final");
    expect(rig.of("turn")).toEqual([
      { type: "turn", event: "end", utterance: 0, text: "Hello there.", atMs: final!.endMs },
    ]);
    const types = rig.events.map(({ type }) => type);
    expect(types.indexOf("turn")).toBe(types.indexOf("final") - 1);
  });

  it("does not end where it is cut at its greatest length", async () => {
    const rig = new SessionRig({
      engine: { answers: "on and on" },
      settings: { maxUtteranceMs: 2000, silenceMs: 700 },
    });
    await rig.hear(speech(3000));
    await rig.hear(silence(1200));
    const finals = rig.of("final");
    expect(finals.map(({ continues = false }) => continues)).toEqual([true, false]);
    expect(rig.of("turn").map(({ utterance }) => utterance)).toEqual([finals[1]!.utterance]);
  });
});
