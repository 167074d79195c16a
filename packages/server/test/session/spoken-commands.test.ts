import { silenceSamples, toneSamples } from "@stt/core/testing";
import { expect, it } from "vitest";
import { SessionRig } from "../support/session-rig.js";

/** A word of 200 ms at each of these times. */
function heard(words: readonly (readonly [text: string, startMs: number])[]) {
  const timed = words.map(([text, startMs]) => ({ text, startMs, endMs: startMs + 200, confidence: 0.9 }));
  const text = timed.map((word) => word.text).join(" ");
  const segment = { text, startMs: 0, endMs: timed.at(-1)!.endMs, noSpeechProbability: 0, averageLogProbability: -0.1 };
  return { text, segments: [{ ...segment, tokenCount: words.length, words: timed }] };
}

async function finalOf(
  words: Parameters<typeof heard>[0],
  parts: readonly (readonly [speechMs: number, silenceMs: number])[],
) {
  const rig = new SessionRig({
    engine: { answers: heard(words) },
    settings: { silenceMs: 1000, minUtteranceMs: 0, partials: false, commands: { "save it": "save" } },
  });
  for (const [speechMs, silenceMs] of parts) {
    await rig.hear(toneSamples(300, speechMs));
    await rig.hear(silenceSamples(silenceMs));
  }
  return rig.of("final");
}

const PAUSED = [
  [1000, 600],
  [800, 1500],
] as const;

it("a command that is an utterance of its own has no text", async () => {
  const [final] = await finalOf(
    [
      ["Delete", 100],
      ["that.", 400],
    ],
    [[800, 1500]],
  );
  expect(final).toMatchObject({ text: "", commands: [{ command: "delete_that", text: "Delete that" }] });
});

it("a command behind a pause is taken off the text", async () => {
  const [final] = await finalOf(
    [
      ["Hello", 100],
      ["world.", 600],
      ["Save", 1700],
      ["it.", 2000],
    ],
    PAUSED,
  );
  expect(final).toMatchObject({ text: "Hello world.", commands: [{ command: "save", text: "Save it" }] });
});

it("the same words without a pause, or with more behind them, are text", async () => {
  const [inOneBreath] = await finalOf(
    [
      ["Please", 100],
      ["undo", 400],
    ],
    [[1800, 1500]],
  );
  expect(inOneBreath).toMatchObject({ text: "Please undo." });
  expect(inOneBreath).not.toHaveProperty("commands");
  const [goingOn] = await finalOf(
    [
      ["Hello", 100],
      ["undo", 1700],
      ["it", 2000],
    ],
    PAUSED,
  );
  expect(goingOn).toMatchObject({ text: "Hello undo it." });
});
