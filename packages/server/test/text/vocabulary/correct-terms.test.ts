import { type TranscribedWord, type Transcription, vocabularyOf } from "@stt/core";
import { describe, expect, it } from "vitest";
import { correctTerms } from "../../../src/text/vocabulary/correct-terms.js";

/** A transcription of one segment, a word each 100 ms. */
function heard(text: string, { language = "en", confidence = 0.6, timed = true } = {}): Transcription {
  const words: TranscribedWord[] = text.split(" ").map((each, i) => ({
    text: each,
    startMs: 100 * i,
    endMs: 100 * (i + 1),
    confidence,
  }));
  const segment = {
    text,
    startMs: 0,
    endMs: 100 * words.length,
    noSpeechProbability: 0,
    averageLogProbability: Math.log(confidence),
    tokenCount: words.length,
    ...(timed && { words }),
  };
  return { text, language, segments: [segment], audioMs: 100 * words.length, computeMs: 1 };
}

const TERMS = vocabularyOf([
  { term: "Kubernetes", soundsLike: ["cooper netties"] },
  "Grafana",
  "PostgreSQL",
  "Open Source",
  "Apple",
  "silero",
  "IAX",
]);
const RUSSIAN = vocabularyOf(["Астериск", "переадресация", "Дигиум", "Рога и Копыта", "Kubernetes"]);
const written = (text: string, terms = TERMS, options = {}) => correctTerms(heard(text, options), terms).text;

describe("terms that were misheard", () => {
  it.each([
    ["We run cuber netes here.", "We run Kubernetes here."],
    ["We run Cooper netties, mostly.", "We run Kubernetes, mostly."],
    ["Look at the graphana board.", "Look at the Grafana board."],
    ["Look at (grefana).", "Look at (Grafana)."],
    ["It is open-source.", "It is Open Source."],
    ["Silaro is small.", "Silero is small."],
    ["the silaro model", "the silero model"],
  ])("%s", (text, right) => {
    expect(written(text)).toBe(right);
  });

  it.each([
    ["Информация об эстериск.", "Информация об Астериск."],
    ["Это переодресоция вызовов.", "Это переадресация вызовов."],
    ["Компания дегиум.", "Компания Дигиум."],
    ["Запусти кубернетис сейчас", "Запусти Kubernetes сейчас"],
  ])("%s", (text, right) => {
    expect(written(text, RUSSIAN, { language: "ru" })).toBe(right);
  });

  it("come out the same with times and without", () => {
    const text = "We run cuber netes here.";
    expect(written(text, TERMS, { timed: false })).toBe("We run Kubernetes here.");
  });
});

describe("what is right", () => {
  it.each([
    ["People cooperate at this conference."],
    ["He bought an apple."],
    ["It may be a graph, and I can help."],
    ["The Asterisks and the servers."],
    ["I asked for it."],
  ])("%s stays", (text) => {
    expect(written(text)).toBe(text);
  });

  it.each([["Поговорим с Астериском."], ["Настроили переадресацию и переадресации."]])(
    "%s stays, other endings too",
    (text) => {
      expect(written(text, RUSSIAN, { language: "ru" })).toBe(text);
    },
  );

  it("stays where the model was sure, unless it is said to sound like the term", () => {
    expect(written("Look at the gramphana board.", TERMS, { confidence: 0.6 })).toBe("Look at the Grafana board.");
    expect(written("Look at the gramphana board.", TERMS, { confidence: 0.97 })).toBe("Look at the gramphana board.");
    expect(written("We run cooper netties.", TERMS, { confidence: 0.97 })).toBe("We run Kubernetes.");
  });

  it("is the very same transcription, and costs nothing without terms", () => {
    const transcription = heard("Nothing to correct in here.");
    expect(correctTerms(transcription, TERMS)).toBe(transcription);
    expect(correctTerms(heard("cuber netes"), []).text).toBe("cuber netes");
  });
});

describe("a corrected list of words", () => {
  const wordsOf = (text: string) => correctTerms(heard(text), TERMS).segments[0]!.words;

  it("keeps times: one word in the time of two", () => {
    expect(wordsOf("we run cuber netes, too")).toMatchObject([
      { text: "we", startMs: 0, endMs: 100 },
      { text: "run", startMs: 100, endMs: 200 },
      { text: "Kubernetes,", startMs: 200, endMs: 400 },
      { text: "too", startMs: 400, endMs: 500 },
    ]);
  });

  it("keeps times: two words in the time of one, as long as their letters", () => {
    const words = wordsOf("an open-source")!;
    expect(words.map(({ text }) => text)).toEqual(["an", "Open", "Source"]);
    expect(words[1]).toMatchObject({ startMs: 100, endMs: 140 });
    expect(words[2]).toMatchObject({ startMs: 140, endMs: 200 });
  });

  it("reads as the text, in every segment", () => {
    const one = heard("we run cuber netes");
    const two = heard("and graphana");
    const both = { ...one, text: `${one.text} ${two.text}`, segments: [...one.segments, ...two.segments] };
    const result = correctTerms(both, TERMS);
    expect(result.text).toBe("we run Kubernetes and Grafana");
    expect(result.segments.map(({ words }) => words!.map(({ text }) => text).join(" "))).toEqual([
      "we run Kubernetes",
      "and Grafana",
    ]);
  });
});

describe("hostile lists", () => {
  it("of the longest terms are soon given up", () => {
    const terms = vocabularyOf(
      Array.from({ length: 300 }, (_, i) => `${"bcdfgaeiou".repeat(6)}${String.fromCharCode(97 + (i % 26))}${i}`),
    );
    const text = `${"bcdfgaeiou".repeat(6)} `.repeat(60).trim();
    const from = performance.now();
    correctTerms(heard(text), terms);
    expect(performance.now() - from).toBeLessThan(2000);
  });

  it("of marks, digits and other scripts change nothing", () => {
    const terms = vocabularyOf(["...", "?!", "$&", "$1", "\\", "東京", "12", "()", "[a-z]+"]);
    const text = "Costs $1 or 12 (a lot) here.";
    expect(written(text, terms)).toBe(text);
  });
});
