import { describe, expect, it } from "vitest";
import { type ExportSegment, exportTranscript } from "../../src/transcript/export.js";

const segments: ExportSegment[] = [
  { text: "Hello there.", startMs: 0, endMs: 1500.4 },
  { text: "  ", startMs: 1600, endMs: 1700 },
  { text: "Он сказал:\n\nда & <нет> --> всё.", startMs: 2000, endMs: 61_234 },
  { text: "Late.", startMs: 3_599_999.6, endMs: 360_000_000 },
];

describe("exportTranscript", () => {
  it("writes a line for each segment", () => {
    expect(exportTranscript(segments, "txt")).toBe("Hello there.\nОн сказал: да & <нет> --> всё.\nLate.\n");
  });

  it("writes SubRip", () => {
    expect(exportTranscript(segments, "srt")).toBe(
      [
        "1\n00:00:00,000 --> 00:00:01,500\nHello there.\n",
        "2\n00:00:02,000 --> 00:01:01,234\nОн сказал: да & <нет> --> всё.\n",
        "3\n01:00:00,000 --> 100:00:00,000\nLate.\n",
      ].join("\n"),
    );
  });

  it("writes WebVTT, with its markup escaped", () => {
    expect(exportTranscript(segments, "vtt")).toBe(
      [
        "WEBVTT\n",
        "00:00:00.000 --> 00:00:01.500\nHello there.\n",
        "00:00:02.000 --> 00:01:01.234\nОн сказал: да &amp; &lt;нет&gt; --&gt; всё.\n",
        "01:00:00.000 --> 100:00:00.000\nLate.\n",
      ].join("\n"),
    );
  });

  it("writes JSON with everything that a segment has", () => {
    const extra = [{ text: "你好。", startMs: 0, endMs: 1, language: "zh", confidence: 0.9 }];
    const json = JSON.parse(exportTranscript([...extra, { ...extra[0]!, text: "走吧。" }], "json"));
    expect(json.text).toBe("你好。走吧。");
    expect(json.segments[0]).toEqual(extra[0]);
  });

  it("lets no subtitle reach into the next, nor end before it begins", () => {
    const overlapping = [
      { text: "a", startMs: 0, endMs: 900 },
      { text: "b", startMs: 500, endMs: 400 },
    ];
    expect(exportTranscript(overlapping, "srt")).toBe(
      "1\n00:00:00,000 --> 00:00:00,500\na\n\n2\n00:00:00,500 --> 00:00:00,501\nb\n",
    );
  });

  it("writes an empty transcript as an empty file of its kind", () => {
    expect(exportTranscript([], "txt")).toBe("");
    expect(exportTranscript([], "srt")).toBe("");
    expect(exportTranscript([], "vtt")).toBe("WEBVTT\n");
  });
});
