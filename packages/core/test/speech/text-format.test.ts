import { describe, expect, it } from "vitest";
import {
  capitalize,
  endsSentence,
  formatText,
  joinAt,
  joinText,
  joinWords,
  textHint,
} from "../../src/speech/text-format.js";

describe("formatText", () => {
  it.each([
    ["  hello \n  world ", "Hello world."],
    ["привет мир", "Привет мир."],
    ["ёлка", "Ёлка."],
    ["...and then", "And then."],
    ["… а потом", "А потом."],
    ["Is it?", "Is it?"],
    ["it costs 5", "It costs 5."],
    ["«да» сказал он", "«Да» сказал он."],
    ["¿qué tal?", "¿Qué tal?"],
    ["5 яблок", "5 яблок."],
    ["50 %", "50 %"],
    ["我们走吧", "我们走吧。"],
    ["", ""],
    ["...", ""],
  ])("writes the final %j as %j", (raw, formatted) => {
    expect(formatText(raw, { final: true })).toBe(formatted);
  });

  it("puts no full stop under a text that is still changing", () => {
    expect(formatText("...hello  world", { final: false })).toBe("Hello world");
  });

  it.each([
    ["สวัสดี", "th", "สวัสดี"],
    ["行こう", "ja", "行こう。"],
    ["istanbul", "tr", "İstanbul."],
    ["नमस्ते", "hi", "नमस्ते."],
  ])("follows the language of %j (%s)", (raw, language, formatted) => {
    expect(formatText(raw, { final: true, language })).toBe(formatted);
  });
});

describe("capitalize", () => {
  it.each([
    ["straße", "Straße"],
    ["ßa", "ßa"],
    ["", ""],
    ["— да", "— Да"],
    ["1st", "1st"],
  ])("%j becomes %j", (text, capital) => expect(capitalize(text)).toBe(capital));
});

describe("joinText", () => {
  it.each([
    ["one", "two", undefined, "one two"],
    ["one", "", undefined, "one"],
    ["", "two", undefined, "two"],
    ["one", ", two", undefined, "one, two"],
    ["one", "... two", undefined, "one... two"],
    ["он сказал «", "да", undefined, "он сказал «да"],
    ["one ", "two", undefined, "one two"],
    ["我们", "走吧", "zh", "我们走吧"],
    ["我们", "走吧", "auto", "我们走吧"],
    ["สวัสดี", "ครับ", undefined, "สวัสดีครับ"],
    ["我用", "iPhone", "zh", "我用iPhone"],
    ["我用 Visual", "Studio", "zh", "我用 Visual Studio"],
    ["안녕", "하세요", "ko", "안녕 하세요"],
    ["走吧。", "好", "yue", "走吧。好"],
  ])("%j and %j (%s) make %j", (before, after, language, joined) => {
    expect(joinText(before, after, language)).toBe(joined);
  });

  it("joins words the same way", () => {
    expect(joinWords(["Да", ",", "конечно", "(", "завтра", ")", "."])).toBe("Да, конечно (завтра).");
    expect(joinWords(["こん", "にち", "は", "。"], "ja")).toBe("こんにちは。");
    expect(joinWords([])).toBe("");
  });
});

describe("sentence ends", () => {
  it.each([
    ["Done.", true],
    ["Done?»", true],
    ['"Done!" ', true],
    ["完了。", true],
    ["", true],
    ["not yet", false],
    ["not yet,", false],
  ])("%j ends one: %s", (text, ends) => expect(endsSentence(text)).toBe(ends));

  it.each([
    ["Done.", "complete"],
    ["Готово!", "complete"],
    ["Well...", "continues"],
    ["Ну…", "continues"],
    ["First,", "continues"],
    ["а именно —", "continues"],
    ["好，", "continues"],
    ["hello", "neutral"],
    ["", "neutral"],
  ] as const)("the hint of %j is %s", (text, hint) => expect(textHint(text)).toBe(hint));
});

describe("joinAt", () => {
  it.each([
    // before, dictated, after, inserted
    ["", "Hello there.", "", "Hello there."],
    ["Hello there.", "How are you?", "", " How are you?"],
    ["Hello there. ", "how are you?", "", "How are you?"],
    ["I saw", "The red car.", "yesterday.", " the red car "],
    ["I saw ", "The red car.", " yesterday.", "the red car"],
    ["Он купил", "Хлеб.", ", молоко", " хлеб"],
    ["We met", "NASA people.", " there", " NASA people"],
    ["then", "I left.", "", " I left."],
    ["then", "I'm off.", "", " I'm off."],
    ["Line one\n", "second line.", "", "Second line."],
    ["(", "See below.", ")", "See below."],
    ["It is here (", "See below.", ")", "see below."],
    ["It is here. (", "see below.", ")", "See below."],
    ["Line one\n«", "да.", "»", "Да."],
    ["Он сказал: «", "Да.", "»", "да."],
    ["— ", "привет.", "", "Привет."],
    ["我们", "走吧。", "", "走吧。"],
    ["a", "   ", "b", ""],
    ["One.", "Two.", "Three.", " Two. "],
  ])("between %j: %j before %j inserts %j", (before, text, after, inserted) => {
    expect(joinAt(before, text, after)).toBe(inserted);
  });

  it.each([
    // A second capital, a day, a language, a name that is known: all others go, function words before names too.
    ["We flew to", "New York.", "", " New York."],
    ["We flew to", "Lisbon.", "", " lisbon."],
    ["We meet on", "Monday morning.", "", " Monday morning."],
    ["She speaks", "Russian.", "", " Russian."],
    ["He lives near", "The White House.", "", " the White House."],
    ["and so", "But Anna knows.", "", " but Anna knows."],
    ["We deploy it on", "Kubernetes.", "", " Kubernetes."],
    ["Мы поехали в", "Нижний Новгород.", "", " Нижний Новгород."],
    ["он сказал, что", "Завтра будет дождь.", "", " завтра будет дождь."],
    ["и тогда", "Но Анна знает.", "", " но Анна знает."],
    ["мы ставим его на", "Кубернетис.", "", " Кубернетис."],
  ])("within a sentence, after %j, tells a name from its beginning: %j", (before, text, after, inserted) => {
    const isName = (word: string) => word === "Kubernetes" || word === "Кубернетис";
    expect(joinAt(before, text, after, { isName })).toBe(inserted);
  });

  it("keeps German nouns, and everything if asked to", () => {
    expect(joinAt("Ich sah", "Häuser", "", { language: "de" })).toBe(" Häuser");
    expect(joinAt("I saw", "The car.", "there", { style: "keep" })).toBe(" The car. ");
  });
});

it("what is inserted at a caret keeps its line breaks", () => {
  expect(joinAt("Dear Ann,", "\n\n  I  am here \n and there.", "")).toBe("\n\nI am here\nand there.");
});
