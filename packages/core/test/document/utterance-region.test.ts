import { describe, expect, it } from "vitest";
import { TextDocument } from "../../src/document/index.js";
import { documentOf, picture } from "./support.js";

const partial = (committed: string, tentative = "") => ({ committed, tentative, language: "en" });
const final = (text: string) => ({ text, language: "en" });

describe("an utterance", () => {
  it("grows at the caret, tentative after committed, and its final replaces both", () => {
    const document = new TextDocument();
    document.begin(0);
    document.update(0, partial("", "set a"));
    expect(picture(document)).toBe("<Set a>|");
    document.update(0, partial("Set a", "time her"));
    expect(picture(document)).toBe("Set a< time her>|");
    document.finish(0, final("Set a timer."));
    expect(picture(document)).toBe("Set a timer.|");
    expect(document.isLive).toBe(false);
  });

  it("in the middle of a sentence gets spaces, no capital and no full stop", () => {
    const document = documentOf("We meet| at noon.");
    document.update(0, partial("", "Every day"));
    expect(picture(document)).toBe("We meet <every day>| at noon.");
    document.finish(0, final("Every day."));
    expect(picture(document)).toBe("We meet every day| at noon.");
  });

  it("keeps the line breaks that were said or stand in a snippet, and spaces that do not break", () => {
    const document = documentOf("Dear Ann,|");
    document.update(0, { committed: "\n\nI live", tentative: "at\n5\u00A0High  Street" });
    expect(picture(document)).toBe("Dear Ann,\n\nI live< at\n5\u00A0High Street>|");
    document.finish(0, { text: "\n\nI live at\n5\u00A0High Street." });
    document.finish(1, { text: "\nBye." });
    expect(document.text).toBe("Dear Ann,\n\nI live at\n5\u00A0High Street.\nBye.");
  });

  it("goes on with a sentence that a pause has cut: without a capital, but for names that the text or its editor knows", () => {
    const said = (document: TextDocument, language: string, ...texts: string[]) => {
      for (const [utterance, text] of texts.entries()) document.finish(utterance, { text, language });
      return document.text;
    };
    expect(
      said(new TextDocument(), "en", "We went to the shop", "And bought milk,", "Bread and tea.", "Then we left."),
    ).toBe("We went to the shop and bought milk, bread and tea. Then we left.");
    expect(said(new TextDocument(), "en", "I know Anna.", "I will ask", "Anna about it.")).toBe(
      "I know Anna. I will ask Anna about it.",
    );
    const isName = (word: string) => word === "Kubernetes";
    expect(said(new TextDocument("", isName), "en", "It runs on", "Kubernetes.")).toBe("It runs on Kubernetes.");
    expect(said(new TextDocument(), "ru", "Он сказал, что", "Завтра приедет", "Анна Петровна.")).toBe(
      "Он сказал, что завтра приедет Анна Петровна.",
    );
  });

  it("is followed by the next one, also before its own final has come", () => {
    const document = documentOf("Zero. |");
    document.update(0, partial("One"));
    document.begin(1);
    document.update(1, partial("", "two"));
    document.finish(0, final("One."));
    document.finish(1, final("Two."));
    expect(picture(document)).toBe("Zero. One. Two.|");
  });

  it("that held nothing leaves nothing", () => {
    const document = documentOf("a |b");
    document.update(0, partial("", "thank you"));
    document.finish(0, final(""));
    expect(picture(document)).toBe("a |b");
    expect(document.undo()).toBe(false);
  });

  it("stands as it reads when no final will come", () => {
    const document = new TextDocument();
    document.update(0, partial("one", "two"));
    document.settle();
    expect(picture(document)).toBe("One two|");
    document.update(1, partial("", "three"));
    expect(document.text).toBe("One two three");
  });

  it("in a script without spaces has none", () => {
    const document = documentOf("你好|。");
    document.finish(0, { text: "世界。", language: "zh" });
    expect(document.text).toMatch(/^你好世界/);
  });
});

describe("the user elsewhere", () => {
  it("types before the region: it moves", () => {
    const document = documentOf("ab|");
    document.update(0, partial("", "one"));
    document.moveTo(0);
    document.type("> ");
    document.update(0, partial("One", "two"));
    expect(picture(document)).toBe("> |ab one< two>");
  });

  it("types after it, in mid-speech: what is typed stays behind the region", () => {
    const document = new TextDocument();
    document.update(0, partial("", "one"));
    document.type(" (sic)");
    document.update(0, partial("one", "two"));
    expect(picture(document)).toBe("One< two> (sic)|");
  });

  it("types at the place of an utterance that has no text yet: it begins there, before the typing", () => {
    const document = documentOf("Well, |");
    document.begin(0);
    document.type("x");
    document.finish(0, final("Yes."));
    expect(picture(document)).toBe("Well, yes x|");
  });

  it("types in front of its first letter: outside", () => {
    const document = new TextDocument();
    document.update(0, partial("", "one"));
    document.moveTo(0);
    document.type("# ");
    document.finish(0, final("One."));
    expect(picture(document)).toBe("# |one.");
  });

  it("leaves the caret where it was put while the region grows", () => {
    const document = documentOf("abc|def");
    document.update(0, partial("", "one"));
    document.moveTo(1);
    document.update(0, partial("one", "two"));
    document.begin(1);
    document.update(1, partial("", "three"));
    expect(picture(document)).toBe("a <three >|bc one< two >def");
  });

  it("has a selection: the region's words do not join it, nor replace it", () => {
    const document = documentOf("one two |");
    document.begin(0);
    document.select(8, 4);
    document.update(0, partial("", "three"));
    expect(picture(document)).toBe("one |[two ]<three>");
  });
});

describe("the user within the region", () => {
  it("corrects a word: the correction outlives the final", () => {
    const document = new TextDocument();
    document.update(0, partial("Call Jon tomorrow", "at nine"));
    document.moveTo(7);
    document.type("h");
    document.update(0, partial("Call Jon tomorrow at", "nine o'clock"));
    expect(document.text).toBe("Call John tomorrow at nine o'clock");
    document.finish(0, final("Call John tomorrow at 9 o'clock."));
    expect(document.text).toBe("Call John tomorrow at 9 o'clock.");
  });

  it("corrects a word to what the final has not: it is the user's", () => {
    const document = new TextDocument();
    document.update(0, partial("Call Jon", "tomorrow"));
    document.moveTo(7);
    document.type("h");
    document.finish(0, final("Call Joan tomorrow."));
    expect(picture(document)).toBe("Call Joh|n tomorrow.");
  });

  it("puts words between words: they stay between them", () => {
    const document = new TextDocument();
    document.update(0, partial("The cat", "sat"));
    document.moveTo(3);
    document.type(" black");
    document.finish(0, final("The cat sat down."));
    expect(document.text).toBe("The black cat sat down.");
  });

  it("deletes words: they stay deleted, later ones come", () => {
    const document = documentOf("x|");
    document.update(0, partial("um", "set a timer"));
    document.select(1, 4);
    document.erase("left");
    document.update(0, partial("um set a", "timer for two"));
    document.finish(0, final("Um, set a timer for two minutes."));
    expect(document.text).toBe("x set a timer for two minutes.");
  });

  it("deletes all of it with everything else: later words begin without a space", () => {
    const document = documentOf("x|");
    document.update(0, partial("one", "two"));
    document.selectAll();
    document.erase("left");
    document.update(0, partial("one two", "three"));
    expect(document.text).toBe("three");
  });

  it("deletes a letter and types it again: no word is doubled", () => {
    const document = new TextDocument();
    document.update(0, partial("", "cat"));
    document.moveTo(2);
    document.erase("left");
    document.type("a");
    document.finish(0, final("Cat."));
    expect(document.text).toBe("Cat.");
  });

  it("undoes a correction: the final's word is taken again", () => {
    const document = new TextDocument();
    document.update(0, partial("", "Call Jon now"));
    document.moveTo(7);
    document.type("h");
    document.undo();
    document.finish(0, final("Call Joan now."));
    expect(document.text).toBe("Call Joan now.");
  });

  it("begins another utterance there: it comes after the first", () => {
    const document = new TextDocument();
    document.update(0, partial("one two"));
    document.moveTo(3);
    document.update(1, partial("", "three"));
    document.finish(0, final("One two."));
    document.finish(1, final("Three."));
    expect(document.text).toBe("One two. Three.");
  });
});

describe("undo", () => {
  it("takes a whole utterance back, and redo returns it", () => {
    const document = documentOf("Hello.|");
    document.update(0, partial("how", "are"));
    document.finish(0, final("How are you?"));
    document.undo();
    expect(picture(document)).toBe("Hello.|");
    document.redo();
    expect(picture(document)).toBe("Hello. How are you?|");
  });

  it("during an utterance takes back the typing before it and leaves the utterance alone", () => {
    const document = new TextDocument();
    document.type("abc");
    document.update(0, partial("one", "two"));
    document.undo();
    expect(document.text).toBe(" one two");
    document.finish(0, final("One two."));
    expect(document.text).toBe("One two.");
    document.redo();
    expect(document.text).toBe("abcOne two.");
  });

  it("of typing around a dictated sentence leaves the sentence", () => {
    const document = new TextDocument();
    document.paste("() ");
    document.moveTo(1);
    document.finish(0, final("Really."));
    document.undo();
    expect(document.text).toBe("() ");
    document.redo();
    document.undo();
    document.undo();
    expect(document.text).toBe("");
    document.redo();
    document.redo();
    expect(document.text).toBe("(Really.) ");
  });

  it("of an utterance keeps what the user typed into it", () => {
    const document = new TextDocument();
    document.update(0, partial("the cat"));
    document.moveTo(3);
    document.type(" black");
    document.finish(0, final("The cat."));
    document.undo();
    expect(document.text).toBe(" black");
  });

  it("can be redone although somebody spoke in between", () => {
    const document = new TextDocument();
    document.type("abc");
    document.undo();
    document.finish(0, final("One."));
    expect(document.redo()).toBe(true);
    expect(document.text).toContain("abc");
  });
});

describe("what became of an utterance", () => {
  const spoken = () => {
    const document = new TextDocument();
    document.finish(0, final("We meet at noon."));
    document.finish(1, final("Bring a coat."));
    return document;
  };

  it("is its words with the user's corrections within", () => {
    const document = spoken();
    document.edit({ from: 8, to: 15 }, "at one", "other");
    expect(document.text).toBe("We meet at one. Bring a coat.");
    expect(document.spokenText(0)).toBe("We meet at one.");
    expect(document.spokenText(1).trim()).toBe("Bring a coat.");
  });

  it("is nothing when it was undone, deleted or never said", () => {
    const document = spoken();
    document.undo();
    document.edit({ from: 0, to: document.text.length }, "", "other");
    expect([0, 1, 7].map((utterance) => document.spokenText(utterance))).toEqual(["", "", ""]);
  });

  it("does not hold what was said in its middle", () => {
    const document = new TextDocument();
    document.finish(0, final("We meet at noon."));
    document.moveTo(7);
    document.finish(1, final("Every day."));
    expect(document.text).toBe("We meet every day at noon.");
    expect(document.spokenText(0).replace(/ +/g, " ")).toBe("We meet at noon.");
    expect(document.spokenText(1).trim()).toBe("every day");
  });

  it("is still known when its step is too old to be undone", () => {
    const document = new TextDocument();
    for (let i = 0; i < 1005; i++) document.finish(i, final(`Word ${i}.`));
    expect(document.spokenText(0).trim()).toBe("Word 0.");
  });
});

describe("clearing", () => {
  it("can be taken back after more was said and typed", () => {
    const document = documentOf("One. Two.|");
    const takeBack = document.clear();
    expect(document.text).toBe("");
    document.finish(0, final("Three."));
    document.type(" four");
    expect(takeBack()).toBe(true);
    expect(document.text).toContain("One. Two.");
    expect(document.text).toContain("Three. four");
    expect(takeBack()).toBe(false);
  });

  it("keeps words away that were being said, and takes those that follow", () => {
    const document = new TextDocument();
    document.update(0, partial("set a"));
    document.clear();
    document.update(0, partial("set a timer", ""));
    document.finish(0, final("Set a timer."));
    expect(document.text).toBe("timer.");
  });
});
