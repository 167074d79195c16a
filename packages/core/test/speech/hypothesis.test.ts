import { describe, expect, it } from "vitest";
import type { Transcription } from "../../src/engine.js";
import { hypothesisOf } from "../../src/speech/hypothesis.js";

const segment = { noSpeechProbability: 0, averageLogProbability: -0.1, tokenCount: 2 };
const transcription = (segments: Transcription["segments"]): Transcription => ({
  text: "",
  language: "en",
  segments,
  audioMs: 4000,
  computeMs: 1,
});

describe("hypothesisOf", () => {
  it("moves words and segment ends to the session's timeline", () => {
    const words = [
      { text: " Hello", startMs: 100, endMs: 400, confidence: 0.9 },
      { text: " ", startMs: 400, endMs: 400, confidence: 0.9 },
      { text: "there.", startMs: 500, endMs: 900, confidence: 0.8 },
    ];
    const result = hypothesisOf(
      transcription([{ ...segment, text: "Hello there.", startMs: 0, endMs: 1000, words }]),
      60_000,
    );
    expect(result).toEqual({
      words: [
        { text: "Hello", startMs: 60_100, endMs: 60_400, confidence: 0.9 },
        { text: "there.", startMs: 60_500, endMs: 60_900, confidence: 0.8 },
      ],
      segmentEndsMs: [61_000],
    });
  });

  it("cuts text without word times at spaces, or into characters", () => {
    const result = hypothesisOf(
      transcription([
        { ...segment, text: " Two  words,", startMs: 0, endMs: 1000 },
        { ...segment, text: "今天 go 好。", startMs: 1000, endMs: 2000 },
      ]),
      0,
    );
    expect(result.words.map((word) => word.text)).toEqual(["Two", "words,", "今", "天", "go", "好。"]);
    expect(result.words[0]).not.toHaveProperty("startMs");
  });
});
