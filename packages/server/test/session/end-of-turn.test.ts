import { turnWaitMs } from "@stt/core";
import { concatSamples, silenceSamples, toneSamples } from "@stt/core/testing";
import { describe, expect, it } from "vitest";
import type { SessionSettings } from "../../src/settings/session-settings.js";
import type { FakeTurnDetectorOptions } from "../support/fake-turn-detector.js";
import { SessionRig } from "../support/session-rig.js";

const speech = (ms: number) => toneSamples(300, ms);
const silence = (ms: number) => silenceSamples(ms);
const FRAME_MS = 32;
const USUAL_MS = 1500;
const GREATEST_MS = 2500;
const [SURE, LIKELY, UNLIKELY] = [0.99, 0.7, 0.1];
const policy = { eagerness: "medium", maxSilenceMs: GREATEST_MS, language: "en" } as const;
const waitAfter = (probability: number) => turnWaitMs(probability, 3000, policy)!;

function rigWith(turns: Omit<FakeTurnDetectorOptions, "clock">, settings: Partial<SessionSettings> = {}) {
  return new SessionRig({
    engine: { answers: "that is all" },
    settings: { endOfTurn: "model", silenceMs: USUAL_MS, minUtteranceMs: 0, ...policy, ...settings },
    turns,
  });
}

/** How much silence ended the utterance, to the frame. */
async function silenceToEnd(rig: SessionRig, speechMs = 1600): Promise<number> {
  await rig.hear(speech(speechMs));
  for (let waited = 0; waited < 4000; waited += 20) {
    await rig.hear(silence(20));
    if (rig.of("speech_end").length > 0) return waited + 20;
  }
  return Number.POSITIVE_INFINITY;
}

describe("the end of a turn that a model hears", () => {
  it.each([SURE, LIKELY, UNLIKELY])("comes after the wait of its answer: %s", async (probability) => {
    const waited = await silenceToEnd(rigWith({ answers: [probability] }));
    expect(waited).toBeGreaterThanOrEqual(waitAfter(probability));
    expect(waited).toBeLessThanOrEqual(waitAfter(probability) + 2 * FRAME_MS);
  });

  it.each<[string, Omit<FakeTurnDetectorOptions, "clock">, Partial<SessionSettings>, number]>([
    ["there is no answer", { answers: [undefined] }, {}, 1600],
    ["the answer does not come in time", { answers: ["never"] }, {}, 1600],
    ["little was said, and it sounds unfinished", { answers: [UNLIKELY] }, {}, 600],
    ["the session goes by silence", { answers: [SURE] }, { endOfTurn: "silence" }, 1600],
    ["the model does not know the language", { answers: [SURE] }, { language: "el" }, 1600],
  ])("comes by the usual silence where %s", async (_, turns, settings, speechMs) => {
    const waited = await silenceToEnd(rigWith(turns, settings), speechMs);
    expect(waited).toBeGreaterThanOrEqual(USUAL_MS);
    expect(waited).toBeLessThanOrEqual(USUAL_MS + 2 * FRAME_MS);
  });

  it("is asked for once a silence, about the whole turn, and again only after speech", async () => {
    const rig = rigWith({ answers: [UNLIKELY, SURE] });
    await rig.hear(speech(1600));
    await rig.hear(silence(1000));
    expect(rig.turnDetector!.asked).toHaveLength(1);
    await rig.hear(speech(500));
    expect(await silenceToEnd(rig, 0)).toBeLessThanOrEqual(waitAfter(SURE) + 2 * FRAME_MS);
    const heardMs = rig.turnDetector!.asked.map(({ audio }) => audio.length / 16);
    expect(heardMs).toHaveLength(2);
    expect(heardMs[1]).toBeGreaterThan(3000);
  });

  it("is not asked for again after a click, whose silence keeps its answer", async () => {
    const rig = rigWith({ answers: [LIKELY, UNLIKELY] });
    await rig.hear(speech(1600));
    await rig.hear(silence(320));
    await rig.hear(speech(FRAME_MS));
    expect(await silenceToEnd(rig, 0)).toBeLessThanOrEqual(waitAfter(LIKELY) + 2 * FRAME_MS);
    expect(rig.turnDetector!.asked).toHaveLength(1);
  });

  it("forgets a question that speech overtakes", async () => {
    const rig = rigWith({ answers: ["never"] });
    await rig.hear(speech(1600));
    await rig.hear(silence(256));
    await rig.hear(speech(500));
    expect(rig.turnDetector!.cancelled).toBe(1);
    expect(rig.of("speech_end")).toEqual([]);
  });

  it("hears at most the last 8 s", async () => {
    const rig = rigWith({ answers: [SURE] });
    await silenceToEnd(rig, 10_000);
    expect(rig.turnDetector!.asked[0]!.audio).toHaveLength(8 * 16_000);
  });
});

describe("audio that comes faster than it is spoken", () => {
  const said = concatSamples(
    ...[speech(1600), silence(800), speech(900), silence(3000)],
    ...[speech(1300), silence(700), speech(300), silence(3000)],
  );
  const ends = (rig: SessionRig) => rig.of("speech_end").map(({ atMs }) => atMs);

  it.each([20, 300, 2000])("has the same ends, with answers after %s ms", async (latencyMs) => {
    const turns = { answers: [UNLIKELY, SURE, LIKELY, UNLIKELY], latencyMs: 20 };
    const spoken = rigWith(turns);
    await spoken.hear(said);
    const sent = rigWith({ ...turns, latencyMs });
    sent.hearAtOnce(said);
    await sent.clock.advanceAsync(20_000);
    expect(ends(sent)).toEqual(ends(spoken));
    expect(ends(sent)).toHaveLength(2);
    expect(sent.of("final").map(({ text }) => text)).toEqual(spoken.of("final").map(({ text }) => text));
  });

  it("ends all the same when it is stopped while an answer is awaited", async () => {
    const rig = rigWith({ answers: [SURE], latencyMs: 500 });
    rig.hearAtOnce(concatSamples(speech(1600), silence(600)));
    await rig.stop();
    expect(rig.of("final")).toHaveLength(1);
    expect(rig.of("end")).toHaveLength(1);
  });
});

describe("turn events", () => {
  const told = (rig: SessionRig) =>
    rig.of("turn").map(({ event, text, probability }) => ({ event, text, probability }));

  it("tell the text ahead of the end, which has the same one", async () => {
    const rig = rigWith({ answers: [LIKELY] });
    await rig.hear(speech(1600));
    await rig.hear(silence(500));
    const [eager] = rig.of("turn");
    expect(eager).toMatchObject({ event: "eager_end", text: "That is all.", probability: LIKELY });
    expect(rig.of("speech_end")).toEqual([]);
    await rig.hear(silence(800));
    expect(rig.of("turn")).toEqual([eager, { ...eager, event: "end" }]);
    expect(rig.of("final")).toMatchObject([{ text: eager!.text, endMs: eager!.atMs }]);
    expect(rig.finalCalls).toHaveLength(1);
  });

  it("tell that the speaker goes on, and then the whole text", async () => {
    const rig = rigWith({ answers: [LIKELY, SURE] });
    await rig.hear(speech(1600));
    await rig.hear(silence(600));
    await rig.hear(speech(800));
    await rig.hear(silence(1000));
    expect(told(rig).map(({ event }) => event)).toEqual(["eager_end", "resumed", "eager_end", "end"]);
    expect(told(rig).at(-1)).toEqual({ event: "end", text: "That is all.", probability: SURE });
  });

  it("tell nothing ahead where the turn sounds unfinished", async () => {
    const rig = rigWith({ answers: [UNLIKELY] });
    await silenceToEnd(rig);
    await rig.hear(silence(500));
    expect(told(rig)).toEqual([{ event: "end", text: "That is all.", probability: UNLIKELY }]);
  });

  it("end a turn without text when it is cancelled after all", async () => {
    const rig = rigWith({ answers: [LIKELY] });
    await rig.hear(speech(1600));
    await rig.hear(silence(500));
    rig.session.cancel();
    expect(told(rig).at(-1)).toEqual({ event: "end", text: "", probability: LIKELY });
    expect(rig.of("final")).toEqual([]);
  });
});
