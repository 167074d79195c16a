import { describe, expect, it } from "vitest";
import { mergeWords, type TextToken } from "../../src/engines/whisper/words.js";

/** Tokens of 100 ms each from raw byte strings. */
const tokens = (...parts: (string | number[])[]): TextToken[] =>
  parts.map((part, i) => ({
    bytes: typeof part === "string" ? new TextEncoder().encode(part) : Uint8Array.from(part),
    startMs: 100 * i,
    endMs: 100 * (i + 1),
    probability: (i + 1) / 10,
  }));

describe("mergeWords", () => {
  it("starts a word at a space and keeps punctuation with it", () => {
    const words = mergeWords(tokens(" Hel", "lo", ",", " world", "."), "en");
    expect(words.map((word) => word.text)).toEqual(["Hello,", "world."]);
    expect(words[0]).toMatchObject({ startMs: 0, endMs: 300 });
    expect(words[0]!.confidence).toBeCloseTo(0.2);
    expect(words[1]).toMatchObject({ startMs: 300, endMs: 500 });
  });

  it("joins a character that is split over tokens", () => {
    // "да" is d0 b4 d0 b0.
    const words = mergeWords(tokens([0x20, 0xd0], [0xb4, 0xd0], [0xb0]), "ru");
    expect(words.map((word) => word.text)).toEqual(["да"]);
  });

  it("drops half a character at the end", () => {
    expect(mergeWords(tokens(" a", [0x20, 0xd0]), "ru").map((word) => word.text)).toEqual(["a"]);
  });

  it("makes every character a word where there are no spaces", () => {
    // The second character is split in two tokens.
    const words = mergeWords(tokens("你", [0xe5, 0xa5], [0xbd], "。", "世界"), "zh");
    expect(words.map((word) => word.text)).toEqual(["你", "好。", "世界"]);
  });

  it("never lets times run backwards", () => {
    const [a, b] = tokens(" a", " b") as [TextToken, TextToken];
    const words = mergeWords(
      [
        { ...a, endMs: 500 },
        { ...b, startMs: 50, endMs: 60 },
      ],
      "en",
      20,
    );
    expect(words).toMatchObject([
      { startMs: 20, endMs: 500 },
      { startMs: 500, endMs: 500 },
    ]);
  });
});
