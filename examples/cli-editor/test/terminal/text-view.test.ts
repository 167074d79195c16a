import { breaksOf } from "@stt/client-node/cli";
import { TextDocument } from "@stt/core/document";
import { describe, expect, it } from "vitest";
import { TextView } from "../../src/terminal/text-view.js";

function viewOf(text: string, columns: number, rows = 10) {
  const document = new TextDocument(text);
  const view = new TextView(document);
  view.resize(columns, rows);
  view.render();
  return { document, view };
}

const shown = (view: TextView) => view.render().lines.join("\n").trimEnd();

describe("wrapping", () => {
  const wrap = (text: string, columns: number) => {
    const breaks = [0, ...breaksOf(text, columns), text.length];
    return breaks.slice(1).map((end, i) => text.slice(breaks[i], end));
  };

  it.each([
    ["words that fit are kept whole", 10, ["words that ", "fit are ", "kept whole"]],
    ["exact fit", 9, ["exact fit"]],
    ["abc   def", 4, ["abc   ", "def"]],
    ["unbreakable", 4, ["unbr", "eaka", "ble"]],
    ["well-known", 6, ["well-", "known"]],
    ["Привет всем", 8, ["Привет ", "всем"]],
    ["日本語テスト", 5, ["日本", "語テ", "スト"]],
    ["a👩‍👩‍👧b👩‍👩‍👧", 3, ["a👩‍👩‍👧", "b👩‍👩‍👧"]],
    ["e\u0301e\u0301e\u0301", 2, ["e\u0301e\u0301", "e\u0301"]],
    ["x 語", 1, ["x ", "語"]],
  ])("%j at %i columns", (text, columns, rows) => {
    expect(wrap(text, columns)).toEqual(rows);
  });
});

it("a very long paragraph is wrapped in a moment, characters that lie across pieces whole", () => {
  const text = "слово e\u0301 👩‍👩‍👧 ".repeat(10_000);
  const startedAt = performance.now();
  const breaks = breaksOf(text, 40);
  expect(performance.now() - startedAt).toBeLessThan(3000);
  expect(breaks.every((at) => text.charAt(at - 1) === " ")).toBe(true);
});

describe("the window", () => {
  it("shows text as it is and nothing behind its end", () => {
    const { view } = viewOf("one two\n\nthree", 6);
    expect(shown(view)).toBe("one \ntwo\n\nthree");
  });

  it("dims what may change and turns round what is selected", () => {
    const { document, view } = viewOf("", 40);
    document.update(0, { committed: "one", tentative: "two" });
    expect(shown(view)).toBe("One\x1b[2m two\x1b[0m");
    document.select(1, 5);
    expect(shown(view)).toBe("O\x1b[7mne\x1b[0m\x1b[2m\x1b[7m t\x1b[0m\x1b[2mwo\x1b[0m");
  });

  it("lets no control character through", () => {
    const { view } = viewOf("a\x1b[31mb\x9bc\td", 40);
    expect(shown(view)).toBe("a␛[31mb\ufffdc   d");
  });

  it("follows the caret, and the wheel without it", () => {
    const { document, view } = viewOf("1\n2\n3\n4\n5\n6", 5, 3);
    document.move("end");
    expect(shown(view)).toBe("4\n5\n6");
    view.scroll(-2);
    expect(view.render()).toMatchObject({ lines: ["2", "3", "4"], cursor: undefined });
    document.type("!");
    expect(shown(view)).toBe("4\n5\n6!");
  });

  it("is filled again when it grows", () => {
    const { document, view } = viewOf("one two three", 5, 1);
    document.move("end");
    expect(shown(view)).toBe("three");
    view.resize(20, 5);
    expect(shown(view)).toBe("one two three");
  });
});

describe("moves by rows", () => {
  it("keep their column over a short row", () => {
    const { document, view } = viewOf("abcdef\nab\nabcdef", 10);
    document.moveTo(5);
    view.moveRows(1, false);
    expect(document.caret).toBe(9);
    view.moveRows(1, false);
    expect(document.caret).toBe(15);
    view.moveRows(1, false);
    expect(document.caret).toBe(16);
  });

  it("go by what is seen: wrapped rows and wide characters", () => {
    const { document, view } = viewOf("日本語 abcdef", 7);
    document.moveTo(2);
    view.moveRows(1, false);
    expect(document.caret).toBe(8);
    view.moveInRow("start", false);
    expect(document.caret).toBe(4);
    view.moveRows(-1, false);
    view.moveInRow("end", true);
    expect(document.selectedText).toBe("日本語");
  });
});

it("the character at a place is the one that is seen there", () => {
  const { view } = viewOf("日本\nab", 10);
  expect([view.offsetAt(0, 0), view.offsetAt(0, 2), view.offsetAt(0, 3), view.offsetAt(0, 9)]).toEqual([0, 1, 2, 2]);
  expect([view.offsetAt(1, 1), view.offsetAt(7, 0)]).toEqual([4, 3]);
});
