import type { FinalWord } from "@stt/core";
import { createConfig } from "@stt/core/config";
import { describe, expect, it } from "vitest";
import { defaultSettings } from "../../src/settings/session-settings.js";
import type { TextPiece } from "../../src/text/text-stage.js";
import { workOnFinal, workOnLive } from "../../src/text/text-stages.js";

const settings = defaultSettings(createConfig());
const timed = (text: string): FinalWord[] =>
  text
    .trim()
    .split(/\s+/)
    .map((word, i) => ({ text: word, startMs: i * 100, endMs: i * 100 + 90, confidence: 1 }));
const piece = (text: string): TextPiece => ({ text, words: timed(text) });
const final = (texts: string[], shown?: string, language = "en") =>
  workOnFinal(texts.map(piece), { settings, language, shown });

describe("a final text", () => {
  it("begins with a capital and ends with a full stop, over all its pieces, and its words read the same", () => {
    const pieces = final(["  set a  timer", "for eleven", "minutes"]);
    expect(pieces.map(({ text }) => text)).toEqual(["Set a timer", "for eleven", "minutes."]);
    expect(pieces[0]!.words![0]!.text).toBe("Set");
    expect(pieces.at(-1)!.words!.at(-1)!.text).toBe("minutes.");
  });

  it("stays as it is where formatting is off", () => {
    const [only] = workOnFinal([piece("set a timer")], {
      settings: { ...settings, textFormatting: false },
      language: "en",
    });
    expect(only!.text).toBe("set a timer");
  });

  it("keeps the case and punctuation that were shown, where the words are the same", () => {
    const [only] = final(
      ["please enter your Password followed by the pound key"],
      "Please enter your password, followed by",
    );
    expect(only!.text).toBe("Please enter your password, followed by the pound key.");
    expect(only!.words!.map(({ text }) => text).join(" ")).toBe(only!.text);
  });

  it("has its own words where they differ from what was shown, and its own punctuation behind the last of those", () => {
    const [only] = final(["Press one to hear the next massage. Then hang up"], "press one, to here the next message");
    expect(only!.text).toBe("Press one, to hear the next massage. Then hang up.");
  });

  it("keeps shown forms across pieces", () => {
    const pieces = final(["нажмите Один для записи.", "нажмите два"], "Нажмите один для записи. Нажмите два");
    expect(pieces.map(({ text }) => text)).toEqual(["Нажмите один для записи.", "Нажмите два."]);
  });
});

describe("live text", () => {
  const live = (committed: string, tentative: string) =>
    workOnLive({ committed, tentative }, { settings, language: "en" });

  it("begins with a capital, as its final will", () => {
    expect(live("", "set a")).toEqual({ committed: "", tentative: "Set a" });
    expect(live("set a", "timer for")).toEqual({ committed: "Set a", tentative: "timer for" });
  });

  it("only grows where what was committed only grows", () => {
    const grown = ["...and", "...and then", "...and then it rained."].map((text) => live(text, "").committed);
    for (const [i, text] of grown.slice(1).entries()) expect(text.startsWith(grown[i]!)).toBe(true);
  });
});
