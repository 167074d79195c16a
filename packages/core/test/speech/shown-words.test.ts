import { describe, expect, it } from "vitest";
import { shownWords } from "../../src/speech/shown-words.js";

const words = (...confidences: (number | undefined)[]) =>
  confidences.map((confidence) => ({ text: "word", ...(confidence === undefined ? {} : { confidence }) }));

describe("shown words", () => {
  it("end before the first doubtful one", () => {
    expect(shownWords(words(0.9, 0.8, 0.4, 0.99), false)).toBe(2);
    expect(shownWords(words(0.4, 0.99), false)).toBe(0);
    expect(shownWords([], true)).toBe(0);
  });

  it("begin sooner, with one word, where nothing is certain yet", () => {
    expect(shownWords(words(0.5, 0.6), true)).toBe(1);
    expect(shownWords(words(0.5, 0.6), false)).toBe(0);
    expect(shownWords(words(0.3, 0.99), true)).toBe(0);
  });

  it("are all words of an engine that tells no confidence", () => {
    expect(shownWords(words(undefined, undefined), false)).toBe(2);
  });
});
