import { silenceSamples, toneSamples } from "@stt/core/testing";
import { describe, expect, it } from "vitest";
import { SessionRig } from "../support/session-rig.js";

const speech = (ms: number) => toneSamples(300, ms);
const silence = (ms: number) => silenceSamples(ms);
const manual = { endpointing: "manual", minUtteranceMs: 0, silenceMs: 500, idleAudioMs: 2000 } as const;

describe("manual endpointing", () => {
  it("leaves an utterance open through silence and through a pause of the client", async () => {
    const rig = new SessionRig({ engine: { answers: "one two" }, settings: manual });
    await rig.hear(speech(1000));
    await rig.hear(silence(5000));
    await rig.clock.advanceAsync(10_000);
    expect(rig.of("speech_end")).toEqual([]);
    await rig.hear(speech(1000));
    rig.session.finalize();
    await rig.hear(silence(100));
    expect(rig.of("final")).toMatchObject([{ utterance: 0, text: "One two." }]);
  });

  it("bounds an utterance by the greatest length all the same", async () => {
    const rig = new SessionRig({ engine: { answers: "on" }, settings: { ...manual, maxUtteranceMs: 3000 } });
    await rig.hear(speech(5000));
    expect(rig.of("speech_end").length).toBeGreaterThanOrEqual(1);
  });

  it("tells when a command has taken effect, after the utterance it ended", async () => {
    const rig = new SessionRig({ engine: { answers: "one" }, settings: manual });
    const order: string[] = [];
    await rig.hear(speech(1000));
    rig.session.finalize(() => order.push(`after ${rig.of("speech_end").length}`));
    rig.session.cancel(() => order.push("cancelled"));
    await rig.hear(silence(100));
    expect(order).toEqual(["after 1", "cancelled"]);
  });
});
