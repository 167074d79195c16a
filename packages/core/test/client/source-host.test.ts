import { describe, expect, it } from "vitest";
import { SpeakerTimeline } from "../../src/client/text/speaker-timeline.js";
import type { ServerMessageOf, SourceHost } from "../../src/index.js";
import { createHarness, exchange, microphoneOf } from "./support/harness.js";

/** A microphone that can ask its recording for things. */
function hosted() {
  const source = microphoneOf();
  let host: SourceHost | undefined;
  const attach = (given: SourceHost) => {
    host = given;
  };
  return { source: Object.assign(source, { attach }), host: () => host! };
}

describe("a source that loses its device", () => {
  it("pauses the recording, which ends the utterance, until the device is back", async () => {
    const { client, sessions, finals } = createHarness();
    const { source, host } = hosted();
    await client.start(source);
    source.speak(300);
    await exchange();
    host().setAvailable(false);
    await exchange();
    expect(client.getSnapshot().status).toBe("paused");
    expect(finals()).toEqual(["0-300"]);
    host().setAvailable(true);
    source.speak(200);
    await exchange();
    expect(client.getSnapshot().status).toBe("listening");
    expect(await client.stop()).toBe("0-300 300-500");
    expect(sessions[0]?.violations).toEqual([]);
  });

  it("does not end a pause of the user's, nor does the user end its", async () => {
    const { client } = createHarness();
    const { source, host } = hosted();
    await client.start(source);
    client.pause();
    host().setAvailable(false);
    host().setAvailable(true);
    expect(client.getSnapshot().status).toBe("paused");
    client.resume();
    expect(client.getSnapshot().status).toBe("listening");
    host().setAvailable(false);
    client.resume();
    expect(client.getSnapshot().status).toBe("paused");
    await client.close();
    host().setAvailable(true);
    expect(client.getSnapshot().status).toBe("closed");
  });
});

describe("a source that leaves out silence", () => {
  it("ends the utterance there, and later times are the speaker's", async () => {
    const { client, events, sessions } = createHarness();
    const { source, host } = hosted();
    await client.start(source);
    source.speak(320);
    await exchange();
    host().skip(16_000);
    source.speak(160);
    await exchange();
    expect(await client.stop()).toBe("0-320 320-480");
    const finals = events.filter((event) => event.type === "final");
    expect(finals.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
      [0, 20],
      [1020, 1030],
    ]);
    expect(client.getSnapshot().segments.map(({ startMs }) => startMs)).toEqual([0, 1020]);
    expect(sessions[0]?.violations).toEqual([]);
  });
});

describe("SpeakerTimeline", () => {
  const final = (startMs: number, endMs: number, words?: [number, number][]): ServerMessageOf<"final"> => ({
    type: "final",
    utterance: 0,
    text: "a",
    finalizedSamples: 0,
    language: "en",
    confidence: 1,
    startMs,
    endMs,
    ...(words && { words: words.map(([from, to]) => ({ text: "a", startMs: from, endMs: to, confidence: 1 })) }),
  });

  it("gives messages back as they are while nothing was left out", () => {
    const message = final(1, 2);
    expect(new SpeakerTimeline(16_000).localize(message)).toBe(message);
  });

  it("adds up what was left out before a time; a boundary belongs to the side it bounds", () => {
    const timeline = new SpeakerTimeline(1000);
    timeline.skip(100, 1000);
    timeline.skip(200, 500);
    expect(timeline.localize(final(0, 100))).toMatchObject({ startMs: 0, endMs: 100 });
    expect(timeline.localize(final(100, 200))).toMatchObject({ startMs: 1100, endMs: 1200 });
    expect(timeline.localize(final(200, 210, [[200, 205]]))).toMatchObject({
      startMs: 1700,
      endMs: 1710,
      words: [{ startMs: 1700, endMs: 1705 }],
    });
    expect(timeline.localize({ type: "speech_start", utterance: 0, atMs: 100 }).atMs).toBe(1100);
    expect(timeline.localize({ type: "speech_end", utterance: 0, atMs: 100 }).atMs).toBe(100);
    expect(
      timeline.localize({ ...final(0, 1), type: "partial", revision: 0, committed: "", tentative: "" }),
    ).toMatchObject({
      startMs: 0,
      endMs: 1,
    });
  });
});
