import { describe, expect, it } from "vitest";
import { Stabilizer, type StabilizerOptions } from "../../src/speech/stabilizer.js";
import { foldedWords } from "../../src/speech/words.js";
import { timed, untimed } from "./support.js";

/** What is committed after each hypothesis. */
function committedBy(hypotheses: readonly string[], words = untimed, options?: StabilizerOptions): string[] {
  const stabilizer = new Stabilizer(options);
  return hypotheses.map((text) => stabilizer.push(words(text)).committed);
}

/** What the built-in model heard of samples/ru_05, ru_11 and a part of ru_paragraph_1 at the pace of speech. */
const PLAN = [
  "План была",
  "План был полезный.",
  "План был полезный.",
  "План был полезный и очень",
  "План был полезный и очень холод.",
  "План был полезный и очень хороший.",
  "План был полезный и очень хороший.",
];
const FLIGHT = [
  "Рейс в Москву вылетае.",
  "Рейс в Москву вылетает отлитает.",
  "Рейс в Москву вылетает.",
  "Рейс в Москву вылетает в пять",
  "Рейс в Москву вылетает в пять пять.",
  "Рейс в Москву вылетает в пять час",
];
const BUILD = ["Похоже,", "Похоже, сборка.", "Похоже, сборка.", "Похоже, сборка не отвечает."];
const VICTOR = [
  "Уважаемый Викто.",
  "Уважаемый Виктор.",
  "Уважаемый Виктор, спасибо.",
  "Уважаемый Виктор, спасибо.",
  "Уважаемый Виктор, спасибо за",
  "Уважаемый Виктор, спасибо за инструкцию.",
];

describe.each([
  ["with times", timed],
  ["without times", untimed],
])("the end of a sentence, in words %s", (_, words) => {
  it("is not committed where two hypotheses end only because their audio does", () => {
    expect(committedBy(PLAN, words)).toEqual([
      "",
      "План",
      "План был полезный",
      "План был полезный",
      "План был полезный и очень",
      "План был полезный и очень",
      "План был полезный и очень хороший",
    ]);
    expect(committedBy(BUILD, words)).toEqual(["", "Похоже", "Похоже, сборка", "Похоже, сборка"]);
  });

  it("never stays behind in committed text when the sentence goes on", () => {
    expect(committedBy(FLIGHT, words).at(-1)).toBe("Рейс в Москву вылетает в пять");
    expect(committedBy(VICTOR, words).at(-1)).toBe("Уважаемый Виктор, спасибо за");
  });

  it("is committed with the next word once two hypotheses agree on both", () => {
    const text = ["It is late.", "It is late. Let", "It is late. Let us go.", "It is late. Let us go. Now"];
    expect(committedBy(text, words)).toEqual(["", "It is late", "It is late. Let", "It is late. Let us go"]);
  });

  it("is written as the newer hypothesis does where both have one", () => {
    expect(committedBy(["Is it late. No", "Is it late? No"], words).at(-1)).toBe("Is it late? No");
  });

  it("is not believed of the newer hypothesis alone, and neither is the capital behind it", () => {
    expect(committedBy(["he left at five", "he left. At five"], words).at(-1)).toBe("he left at five");
    expect(committedBy(["he left,", "he left,", "he left, at", "he left. At"], words).at(-1)).toBe("he left, at");
  });

  it("delays no word", () => {
    const withoutMarks = PLAN.map((text) => text.replaceAll(".", ""));
    expect(committedBy(PLAN, words).map(foldedWords)).toEqual(committedBy(withoutMarks, words).map(foldedWords));
  });

  it("is told meanwhile, as the latest hypothesis has it, and committed at the end of the utterance", () => {
    const stabilizer = new Stabilizer();
    stabilizer.push(words("It is late."));
    expect(stabilizer.push(words("It is late."))).toMatchObject({
      committed: "It is late",
      ending: ".",
      tentative: "",
    });
    expect(stabilizer.push(words("It is late, is"))).toMatchObject({ ending: ",", tentative: "is" });
    expect(stabilizer.push(words("It is late!"))).toMatchObject({ ending: "!" });
    expect(stabilizer.flush()).toMatchObject({ committed: "It is late!", ending: "", tentative: "" });
  });
});

it("closes quotes and brackets with the end of their sentence", () => {
  const text = ["(he left.) Then", "(he left.) Then she"];
  expect(committedBy(text).at(-1)).toBe("(he left.) Then");
});

it("leaves signs that are words, and what stands within words, alone", () => {
  const text = ["at 5% – U.S. 3.5 ... so", "at 5% – U.S. 3.5 ... so it"];
  expect(committedBy(text).at(-1)).toBe("at 5% – U.S. 3.5... so");
});

it("is held back in writing without spaces too", () => {
  const text = ["你 好。", "你 好。", "你 好。 我", "你 好。 我 是"];
  expect(committedBy(text, untimed, { language: "zh" })).toEqual(["", "你好", "你好", "你好。我"]);
});

describe("a sentence end at which the audio is cut, so that no later hypothesis has it,", () => {
  it("is committed with the next word when one was heard behind it, and reaches the prompt", () => {
    const stabilizer = new Stabilizer({ maxBufferMs: 1500 });
    stabilizer.push(timed("one two three. Fo"));
    const cut = stabilizer.push(timed("one two three. For"));
    expect(cut).toMatchObject({ trimMs: 1200, prompt: "one two three", committed: "one two three" });
    stabilizer.push(timed("Four", 1200));
    expect(stabilizer.push(timed("Four five", 1200))).toMatchObject({
      committed: "one two three. Four",
      prompt: "one two three.",
    });
  });

  it("is given up when it only was the end of the audio", () => {
    const stabilizer = new Stabilizer({ maxBufferMs: 1000 });
    stabilizer.push(timed("one two three."));
    expect(stabilizer.push(timed("one two three."))).toMatchObject({ trimMs: 1200 });
    stabilizer.push(timed("four", 1200));
    expect(stabilizer.push(timed("four five", 1200)).committed).toBe("one two three four");
  });
});
