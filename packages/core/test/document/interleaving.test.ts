/** The server's words and the user's edits in any order: neither loses what belongs to the user. */
import { expect, it } from "vitest";
import { TextDocument } from "../../src/document/index.js";
import { randomNumbers } from "./support.js";

/** Only the user writes these; recognised text has none of them. */
const USERS = /[Ͱ-Ͽ]/gu;
const WORDS = ["set", "a", "timer", "for", "two", "minutes", "Oliver", "I", "nine", "new"];
const KEYS = ["α", "β", "γ δ", " ε", "ζ ", "ηθ"];

const usersOf = (text: string) => (text.match(USERS) ?? []).join("");

/** @param replaces utterances may begin over a selection, and take its place */
function run(seed: number, replaces: boolean): void {
  const below = randomNumbers(seed);
  const words = (count: number) => Array.from({ length: count }, () => WORDS[below(WORDS.length)]!);
  const document = new TextDocument("Α Β. Γ");
  let utterance = 0;
  let committed: string[] = [];

  const server = (): void => {
    if (!replaces && !document.isLive) document.moveTo(document.caret);
    const before = usersOf(document.text);
    const kind = below(6);
    if (kind === 0) document.begin(utterance);
    else if (kind < 5) {
      committed = [...committed, ...words(below(2))];
      document.update(utterance, {
        committed: committed.join(" "),
        tentative: words(below(4)).join(" "),
        language: "en",
      });
    } else {
      const text = below(6) === 0 ? "" : `${[...committed, ...words(1 + below(2))].join(" ")}.`;
      document.finish(utterance, { text, language: "en" });
      utterance++;
      committed = [];
    }
    if (!replaces) expect(usersOf(document.text), `seed ${seed}`).toBe(before);
  };

  const user = (): void => {
    const { length } = document.text;
    const { caret, selection, text } = document;
    switch (below(8)) {
      case 0:
        document.moveTo(below(length + 1));
        return;
      case 1:
        document.select(below(length + 1), below(length + 1));
        return;
      case 2: {
        document.erase("left");
        const removed = selection ?? { from: document.caret, to: caret };
        expect(document.text).toBe(text.slice(0, removed.from) + text.slice(removed.to));
        return;
      }
      case 3:
        document.move("word-left");
        return;
      default: {
        const key = KEYS[below(KEYS.length)]!;
        document.type(key);
        const { from, to } = selection ?? { from: caret, to: caret };
        expect(document.text, `seed ${seed}`).toBe(text.slice(0, from) + key + text.slice(to));
        expect(document.caret).toBe(from + key.length);
      }
    }
  };

  for (let i = 0; i < 60; i++) {
    if (below(2) === 0) server();
    else user();
    for (const { from, to } of document.tentativeRanges()) expect(from).toBeLessThan(to);
  }
  document.settle();
  const end = document.text;
  let steps = 0;
  while (document.undo()) steps++;
  expect(document.text, `seed ${seed}`).toBe("Α Β. Γ");
  for (let i = 0; i < steps; i++) document.redo();
  expect(document.text, `seed ${seed}`).toBe(end);
}

it("speech never removes or moves a character of the user's; undo goes back to the beginning, redo to the end", () => {
  for (let seed = 1; seed <= 120; seed++) run(seed, false);
});

it("speech that takes the place of selections is undone with them, back to the beginning, and redone to the end", () => {
  for (let seed = 1; seed <= 120; seed++) run(seed, true);
});

it("an utterance that the user leaves alone reads as its final says, whatever happened elsewhere", () => {
  for (let seed = 1; seed <= 100; seed++) {
    const below = randomNumbers(seed);
    const document = new TextDocument("Α. Ω.");
    document.moveTo(2);
    document.begin(0);
    for (let i = 0; i < 20; i++) {
      const size = document.text.length;
      const place = below(2) === 0 ? below(2) : size - below(2);
      document.update(0, {
        committed: WORDS.slice(0, i % 4).join(" "),
        tentative: WORDS.slice(4, 4 + below(5)).join(" "),
      });
      document.moveTo(place === 0 || place === 1 ? place : document.text.length - below(2));
      document.type(KEYS[below(KEYS.length)]!);
    }
    document.finish(0, { text: "Set a timer for two minutes." });
    expect(document.text).toMatch(/set a timer for two minutes/i);
  }
});
