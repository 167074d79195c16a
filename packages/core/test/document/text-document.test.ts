import { describe, expect, it } from "vitest";
import { TextDocument } from "../../src/document/index.js";
import { documentOf, picture } from "./support.js";

describe("typing", () => {
  it("goes in at the caret", () => {
    const document = documentOf("Hello| world");
    document.type(",");
    expect(picture(document)).toBe("Hello,| world");
  });

  it("replaces the selection, and undo brings it back", () => {
    const document = documentOf("one two three");
    document.select(4, 7);
    document.type("2");
    expect(picture(document)).toBe("one 2| three");
    document.undo();
    expect(document.text).toBe("one two three");
  });

  it("takes Cyrillic, emoji and lone newlines as they are", () => {
    const document = new TextDocument();
    for (const character of "Привет, 👩‍👩‍👧\n") document.type(character);
    expect(document.text).toBe("Привет, 👩‍👩‍👧\n");
  });
});

describe("an utterance over a selection", () => {
  const begun = () => {
    const document = documentOf("one two three");
    document.select(4, 7);
    document.begin(0);
    return document;
  };

  it("takes its place with the first words, as typing would", () => {
    const document = begun();
    document.update(0, { committed: "", tentative: "" });
    expect(document.text).toBe("one two three");
    document.update(0, { committed: "", tentative: "twenty" });
    expect(picture(document)).toBe("one <twenty>| three");
    document.finish(0, { text: "twenty five" });
    expect(picture(document)).toBe("one twenty five| three");
    document.undo();
    expect(document.text).toBe("one two three");
    document.redo();
    expect(document.text).toBe("one twenty five three");
  });

  it("takes the place of one selected backwards, up to all of the text", () => {
    const document = documentOf("one two three");
    document.select(13, 0);
    document.begin(0);
    document.finish(0, { text: "Nine." });
    expect(picture(document)).toBe("Nine.|");
    document.undo();
    expect(document.text).toBe("one two three");
  });

  it("leaves it when nothing was said after all, even after words that were taken back", () => {
    const document = begun();
    document.update(0, { committed: "", tentative: "hm" });
    document.finish(0, { text: "" });
    expect(document.text).toBe("one two three");
    expect(document.canUndo).toBe(false);
  });

  it("leaves it when the user has selected something else meanwhile", () => {
    const document = begun();
    document.select(0, 3);
    document.finish(0, { text: "and" });
    expect(document.text).toBe("one two and three");
  });

  it("does not replace what was selected while it was spoken", () => {
    const document = documentOf("one |three");
    document.begin(0);
    document.update(0, { committed: "", tentative: "two" });
    document.select(0, 3);
    document.finish(0, { text: "two" });
    expect(document.text).toBe("one two three");
    expect(document.selectedText).toBe("one");
  });
});

describe("undo and redo", () => {
  it("tell whether there is anything to do", () => {
    const document = documentOf("|");
    expect([document.canUndo, document.canRedo]).toEqual([false, false]);
    document.type("a");
    expect([document.canUndo, document.canRedo]).toEqual([true, false]);
    document.undo();
    expect([document.canUndo, document.canRedo]).toEqual([false, true]);
    document.type("b");
    expect([document.canUndo, document.canRedo]).toEqual([true, false]);
  });
});

describe("characters", () => {
  it.each([
    ["an accent of its own", "e\u0301"],
    ["a family", "👩‍👩‍👧‍👦"],
    ["a flag", "🇫🇮"],
    ["a wide character", "語"],
    ["й in two code points", "и\u0306"],
  ])("%s is passed and deleted as one", (_, character) => {
    const document = documentOf(`a${character}b|`);
    document.move("left");
    document.move("left");
    expect(document.caret).toBe(1);
    document.move("right");
    expect(document.caret).toBe(1 + character.length);
    document.erase("left");
    expect(picture(document)).toBe("a|b");
  });

  it("the caret is never put inside one", () => {
    const document = new TextDocument("a👩‍👩‍👧b");
    document.moveTo(4);
    expect(document.caret).toBe(1);
  });
});

describe("words", () => {
  it("are jumped over, punctuation with them", () => {
    const document = documentOf("|Hello, big world");
    const stops: number[] = [];
    for (let i = 0; i < 4; i++) {
      document.move("word-right");
      stops.push(document.caret);
    }
    expect(stops).toEqual([5, 10, 16, 16]);
    document.move("word-left");
    document.move("word-left");
    expect(picture(document)).toBe("Hello, |big world");
  });

  it("are deleted backwards, Cyrillic too", () => {
    const document = documentOf("один два три|");
    document.erase("word-left");
    expect(picture(document)).toBe("один два |");
  });
});

describe("the selection", () => {
  it("grows with moves and collapses to the side of an arrow", () => {
    const document = documentOf("one |two");
    document.move("right", true);
    document.move("right", true);
    expect(picture(document)).toBe("one [tw]|o");
    document.move("left");
    expect(picture(document)).toBe("one |two");
  });

  it("can be everything, or a word", () => {
    const document = new TextDocument("one два 3");
    document.selectAll();
    expect(document.selectedText).toBe("one два 3");
    document.selectWordAt(5);
    expect(document.selectedText).toBe("два");
  });
});

describe("undo", () => {
  it("takes typing back word by word", () => {
    const document = new TextDocument();
    for (const character of "one two three") document.type(character);
    document.undo();
    expect(picture(document)).toBe("one two |");
    document.undo();
    document.undo();
    expect(document.text).toBe("");
    expect(document.undo()).toBe(false);
    for (let i = 0; i < 3; i++) document.redo();
    expect(picture(document)).toBe("one two three|");
  });

  it("takes a paste back as one step", () => {
    const document = documentOf("a|b");
    document.type("x");
    document.paste("one two\nthree four");
    document.type("y");
    document.undo();
    expect(picture(document)).toBe("axone two\nthree four|b");
    document.undo();
    expect(picture(document)).toBe("ax|b");
  });

  it("restores what was deleted, with deletions in a row as one step", () => {
    const document = documentOf("Hello|");
    for (let i = 0; i < 3; i++) document.erase("left");
    expect(document.text).toBe("He");
    document.undo();
    expect(picture(document)).toBe("Hello|");
  });

  it("of typing that was followed by a move does not reach over the move", () => {
    const document = new TextDocument();
    document.type("a");
    document.moveTo(0);
    document.type("b");
    document.undo();
    expect(document.text).toBe("a");
  });

  it("cannot be redone after a new edit", () => {
    const document = new TextDocument();
    document.type("a");
    document.undo();
    document.type("b");
    expect(document.redo()).toBe(false);
    expect(document.text).toBe("b");
  });

  it("reaches back a thousand steps and keeps what is older", () => {
    const document = new TextDocument();
    for (let i = 0; i < 1100; i++) document.paste("x");
    while (document.undo());
    expect(document.text.length).toBe(100);
  });
});
