import { describe, expect, it } from "vitest";
import { SpeakerTimeline } from "../../src/client/text/speaker-timeline.js";
import { exchange, FIRST_DELAY_MS, pcm, startedHarness } from "./support/harness.js";

const eager = (text: string) => ({ type: "turn", event: "eager_end", utterance: 0, text, atMs: 20 }) as const;
const resumed = { type: "turn", event: "resumed", utterance: 0, atMs: 30 } as const;
const end = { type: "turn", event: "end", utterance: 0, text: "all of it", atMs: 40 } as const;
const final = { utterance: 0, startMs: 0, endMs: 40, language: "en", confidence: 1, finalizedSamples: 640 } as const;

const speaking = async () => {
  const harness = await startedHarness({}, { utteranceSamples: 1e9 });
  harness.client.push(pcm(800));
  await exchange();
  const turns = () => harness.events.filter((event) => event.type === "turn").map(({ event }) => event);
  return { ...harness, turns };
};

describe("turn events", () => {
  it("come as the server sends them", async () => {
    const { client, session, turns } = await speaking();
    for (const message of [eager("all"), resumed, eager("all of it"), end]) session.send(message);
    session.send({ type: "final", ...final, text: "all of it" });
    await exchange();
    expect(turns()).toEqual(["eager_end", "resumed", "eager_end", "end"]);
    await client.close();
  });

  it("of a server that takes over say nothing twice, and resume nobody who had not paused", async () => {
    const { client, clock, cut, session, sessions, turns } = await speaking();
    session.send(eager("all"));
    await exchange();
    cut();
    await clock.advanceAsync(FIRST_DELAY_MS);
    await exchange();
    const next = sessions[1]!;
    for (const message of [eager("all"), resumed, resumed, end, end]) next.send(message);
    next.send({ type: "final", ...final, text: "all of it" });
    await exchange();
    expect(turns()).toEqual(["eager_end", "resumed", "end"]);
    await client.close();
  });

  it("have the speaker's times where a source left out silence", () => {
    const timeline = new SpeakerTimeline(16_000);
    timeline.skip(480, 16_000); // a second, after 30 ms
    expect(timeline.localize(resumed).atMs).toBe(1030);
    expect(timeline.localize({ ...end, atMs: 30 }).atMs).toBe(30);
  });
});
