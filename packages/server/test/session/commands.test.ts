import { silenceSamples, toneSamples } from "@stt/core/testing";
import { describe, expect, it } from "vitest";
import { SessionRig } from "../support/session-rig.js";

describe("a command of the client", () => {
  it("tells when it has taken effect: after the audio before it, and after the utterance it ended", async () => {
    const rig = new SessionRig({ engine: { answers: "one" } });
    const order: string[] = [];
    await rig.hear(toneSamples(300, 1000));
    rig.session.finalize();
    void rig.session.caughtUp().then(() => order.push(`finalized, ${rig.of("speech_end").length} ended`));
    rig.session.cancel();
    void rig.session.caughtUp().then(() => order.push("cancelled"));
    await rig.hear(silenceSamples(100));
    expect(order).toEqual(["finalized, 1 ended", "cancelled"]);
    expect(rig.of("final")).toMatchObject([{ text: "One." }]);
  });
});
