import { describe, expect, it } from "vitest";
import { wordErrorRate } from "../../src/speech/word-error-rate.js";

describe("wordErrorRate", () => {
  it.each([
    ["the cat sat", "the cat sat", 0, 0, 0],
    ["the cat sat", "the bat sat", 1, 0, 0],
    ["the cat sat", "the cat sat down", 0, 1, 0],
    ["the cat sat", "cat sat", 0, 0, 1],
    ["a b c d e f g", "x b d e f g h", 1, 1, 1],
    ["one two", "", 0, 0, 2],
  ])("%j heard as %j: %i substitutions, %i insertions, %i deletions", (said, heard, sub, ins, del) => {
    const words = said.split(" ").length;
    expect(wordErrorRate(said, heard)).toEqual({
      errors: sub + ins + del,
      words,
      rate: (sub + ins + del) / words,
      substitutions: sub,
      insertions: ins,
      deletions: del,
    });
  });

  it("does not count case, punctuation, and ё for е", () => {
    expect(wordErrorRate("Ещё, раз — «привет»!", "еще раз привет").errors).toBe(0);
  });

  it("compares scripts without spaces by character", () => {
    expect(wordErrorRate("今天天气好", "今天天气坏")).toMatchObject({ errors: 1, words: 5, rate: 0.2 });
  });

  it("compares the words of a normalisation of one's own", () => {
    const words = (text: string) => text.replace("2", "two").split(" ");
    expect(wordErrorRate("press 2 now", "press two now", words)).toMatchObject({ errors: 0, words: 3 });
    expect(wordErrorRate("press 2 now", "press two now").errors).toBe(1);
  });

  it("may exceed 1, and is defined for an empty reference", () => {
    expect(wordErrorRate("one", "a b c").rate).toBe(3);
    expect(wordErrorRate("", "").rate).toBe(0);
    expect(wordErrorRate("...", "phantom text")).toMatchObject({ errors: 2, words: 0, rate: 1 });
  });
});
