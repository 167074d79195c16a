import { describe, expect, it } from "vitest";
import { formatVocabulary, isVocabulary, parseVocabulary, vocabularyOf } from "../../src/index.js";

describe("a vocabulary as text", () => {
  it("is a term a line, with what it sounds like behind commas", () => {
    const text =
      '\uFEFF# people\r\nАнна Петровна\r\n\nKubernetes, cooper netties , kuber nettis\nGrafana,,\n"Smith, Jones & Co", "smith, jones"\n';
    expect(parseVocabulary(text)).toEqual([
      "Анна Петровна",
      { term: "Kubernetes", soundsLike: ["cooper netties", "kuber nettis"] },
      "Grafana",
      { term: "Smith, Jones & Co", soundsLike: ["smith, jones"] },
    ]);
  });

  it("fits on one line of a configuration", () => {
    const entries = parseVocabulary("Kubernetes, cooper netties; Grafana;; ");
    expect(entries).toEqual([{ term: "Kubernetes", soundsLike: ["cooper netties"] }, "Grafana"]);
    expect(formatVocabulary(entries, "; ")).toBe("Kubernetes, cooper netties; Grafana");
  });

  it("is read back as it was written", () => {
    const entries = vocabularyOf(['the "big" one', { term: "a, b", soundsLike: ['"', "c"] }, "Plain"]);
    expect(vocabularyOf(parseVocabulary(formatVocabulary(entries)))).toEqual([
      { term: 'the "big" one', soundsLike: [] },
      { term: "a, b", soundsLike: ["c"] },
      { term: "Plain", soundsLike: [] },
    ]);
  });
});

describe("a vocabulary as it is used", () => {
  it("has each term once, with the spellings of all its places, the first place counting", () => {
    const own = [{ term: "  Kuber\u00A0 netes ", soundsLike: ["cooper netties", " "] }, "", "..."];
    const servers = ["Grafana", { term: "Kuber netes", soundsLike: ["cooper netties", "kuber", "Kuber netes"] }];
    expect(vocabularyOf(own, servers)).toEqual([
      { term: "Kuber netes", soundsLike: ["cooper netties", "kuber"] },
      { term: "Grafana", soundsLike: [] },
    ]);
  });
});

describe("the bounds of a vocabulary", () => {
  it.each([
    ["500 terms", new Array(500).fill("a"), true],
    ["501 terms", new Array(501).fill("a"), false],
    ["64 characters", ["x".repeat(64)], true],
    ["65 characters", ["x".repeat(65)], false],
    ["8 spellings", [{ term: "a", soundsLike: new Array(8).fill("b") }], true],
    ["9 spellings", [{ term: "a", soundsLike: new Array(9).fill("b") }], false],
    [
      "20,000 characters and more in all",
      new Array(500).fill({ term: "x".repeat(20), soundsLike: ["y".repeat(21)] }),
      false,
    ],
    ["a blank term", [""], true],
    ["letters of any script and marks", ["Анна-Мария", "C++", "東京", "O’Neill", "é"], true],
    ["a line end", ["a\nb"], false],
    ["NUL", ["a\0"], false],
    ["half of a surrogate pair", ["\uD83D"], false],
    ["a mark that turns the direction of writing", ["abc\u202Edef"], false],
    ["control characters in a spelling", [{ term: "a", soundsLike: ["\u001B[2J"] }], false],
    ["no list", { 0: "a" }, false],
  ])("%s", (_, value, allowed) => {
    expect(isVocabulary(value)).toBe(allowed);
  });
});
