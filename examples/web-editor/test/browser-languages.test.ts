import { describe, expect, it } from "vitest";
import { browserLanguages } from "../src/browser-languages.js";

describe("browserLanguages", () => {
  it.each([
    [
      ["ru-RU", "ru", "en-US", "en"],
      ["ru", "en"],
    ],
    [
      ["nb-NO", "pt-BR"],
      ["no", "pt"],
    ],
    [["en-US", "en"], undefined],
    [["en", "tlh"], undefined],
    [[], undefined],
  ])("makes of %j the candidates %j", (tags, candidates) => {
    expect(browserLanguages(tags)).toEqual(candidates);
  });
});
