import { describe, expect, it } from "vitest";
import { Transcript, wordsOf } from "../src/transcript.js";

describe("words without the marks of a sentence", () => {
  it.each([
    ["Show me the news.", "Show me the news"],
    ["Wait, what? It's 2:15 — or 3.5 %…", "Wait what It's 2:15 or 3.5 %"],
    ["«Привет», — сказал он, — кто-нибудь есть?", "Привет сказал он кто-нибудь есть"],
    ["Rock 'n' roll (live), $5.", "Rock n roll live $5"],
    ["Well-known e-mail: me@example.org!", "Well-known e-mail me@example.org"],
  ])("%s", (text, words) => {
    expect(wordsOf(text)).toBe(words);
  });
});

describe("a transcript", () => {
  const heard = (utterance: number, text: string, isFinal = true) => ({
    utterance,
    text,
    language: "en",
    confidence: isFinal ? 0.9 : 0,
    isFinal,
  });
  const texts = (transcript: Transcript) => [...transcript.results].map((each) => each[0]!.transcript);

  it("joins to a text, and keeps utterances in their order", () => {
    const transcript = new Transcript({ maxAlternatives: 1, punctuation: true });
    expect(transcript.set(heard(0, "One.", false))).toBe(0);
    expect(transcript.set(heard(2, "Three", false))).toBe(1);
    expect(transcript.set(heard(1, "Two."))).toBe(1);
    expect(transcript.set(heard(0, "One."))).toBe(0);
    expect(texts(transcript)).toEqual(["One.", " Two.", " Three"]);
    transcript.drop(2);
    expect(texts(transcript).join("")).toBe("One. Two.");
    expect(transcript.results.item(0).isFinal).toBe(true);
  });

  it("gives as many ways to write a final as were asked for, and knows two", () => {
    const alternatives = (maxAlternatives: number, punctuation: boolean, isFinal = true) => {
      const transcript = new Transcript({ maxAlternatives, punctuation });
      transcript.set(heard(0, "Yes, sir.", isFinal));
      return [...transcript.results[0]!].map(({ transcript: text }) => text);
    };
    expect(alternatives(1, true)).toEqual(["Yes, sir."]);
    expect(alternatives(5, true)).toEqual(["Yes, sir.", "Yes sir"]);
    expect(alternatives(5, false)).toEqual(["Yes sir", "Yes, sir."]);
    expect(alternatives(0, false)).toEqual(["Yes sir"]);
    expect(alternatives(5, true, false)).toEqual(["Yes, sir."]);
  });
});
