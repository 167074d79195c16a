/** The expected texts are those of OpenAI's own normalisers (whisper-normalizer 0.1.15). */
import { describe, expect, it } from "vitest";
import { normalizeBasic } from "../lib/text/normalize-basic.mjs";
import { normalizeEnglish } from "../lib/text/normalize-english.mjs";

describe("normalizeEnglish", () => {
  it.each([
    ["Mr. Dashwood won't say it's OK, y'all.", "mister dashwood will not say it is ok you all"],
    ["He'd gone; she's been told: let's go", "he had gone she has been told let us go"],
    ["Um, [laughs] the colour (grey) of the theatre", "the color of the theater"],
    [
      "We cancelled and travelled to the Labour centre, and apologised.",
      "we canceled and traveled to the labor center and apologized",
    ],
    ["Press one, two or three", "press 12 or 3"],
    ["one oh one", "101"],
    ["nineteen eighty four", "1984"],
    ["twenty-first of the thirty-second", "21st of the 32nd"],
    ["two thousand and five dollars", "$2005"],
    ["two hundred forty six thousand, one hundred and one", "246101"],
    ["$20 million and 5 cents", "$20000000.05"],
    ["three point one four percent", "3.14%"],
    ["double seven triple oh", "77000"],
    ["two and a half million", "2500000"],
    ["minus five degrees, plus ten", "-5 degrees +10"],
    ["the 1960s and the 7th", "the 1960s and the 7th"],
    ["I have £5 and ¢7", "i have £5.07"],
    ["a thousand pounds per cent", "a £1000 per cent"],
    ["1,000,000 people", "1000000 people"],
    ["It is 3.50 now.", "it is 3.50 now"],
    ["naïve Œuvre, Straße", "naive oeuvre strasse"],
    ["The first one is the ones", "the 1st one is the ones"],
    ["fifty per cent of it and the rest", "50% of it and the rest"],
    ["hundreds of thousands", "100s of 1000s"],
  ])("%j is %j", (text, normal) => {
    expect(normalizeEnglish(text)).toBe(normal);
  });

  it("leaves no full stop of an ellipsis and no ordinal in letters, where OpenAI does", () => {
    expect(normalizeEnglish("Press ...")).toBe("press");
    expect(normalizeEnglish("the ninth")).toBe("the 9th");
  });
});

describe("normalizeBasic", () => {
  it.each([
    ["¿Dónde está el número 5?", "dónde está el número 5"],
    ["Нажмите «решётку» — и ещё [тон] раз!", "нажмите решётку и ещё раз"],
    ["L'été, c'est (rires) fini: déjà", "l été c est fini déjà"],
    ["Così è; perché no?", "così è perché no"],
    ["ЙОД й Ёж", "йод й ёж"],
  ])("%j is %j", (text, normal) => {
    expect(normalizeBasic(text)).toBe(normal);
  });
});
