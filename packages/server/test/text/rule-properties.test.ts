/** What must hold whatever is said. */
import { describe, expect, it } from "vitest";
import { live, type Wishes, written } from "./support.js";

const SAID: Readonly<Record<string, string[]>> = {
  en: [
    ..."one two five twenty ninety hundred thousand million and point oh a third first march may dollars cents percent".split(
      " ",
    ),
    ..."kilometers at dot p.m. 4111 1111 555-123-4567 25 1,500 2024 me@example.org john um, uh comma period new line open".split(
      " ",
    ),
    ...'quote close paragraph literal delete that undo hello, World. fuck gonna my address "yes" - it\'s 5% twenty-five'.split(
      " ",
    ),
  ],
  ru: [
    ..."один два пять двадцать девяносто сто тысяча тысяч миллион целых десятых третьего марта года часов минут рублей".split(
      " ",
    ),
    ..."процентов километров собака точка ру 4111 1111 25 2024 э-э, м-м запятая с новая строка открыть кавычки закрыть".split(
      " ",
    ),
    ...'абзац слово удали это отмени привет, Мир. бля мой адрес "да" - в лес двадцать-пять'.split(" "),
  ],
};
const ROUNDS = 20;
const REPLACE = [
  { find: "my address", replace: "12 High Street\nLondon" },
  { find: "(\\w+) dot (\\w+)", replace: "$1.$2", pattern: true },
  { find: "мой адрес", replace: "ул. Ленина" },
];
const WISHES: Record<string, Wishes> = {
  figures: { numerals: "figures" },
  words: { numerals: "words" },
  fillers: { fillers: "remove" },
  punctuation: { spokenPunctuation: true },
  commands: { commands: { "my address": "address" } },
  profanity: { profanity: "mask" },
  redaction: { redact: ["email", "phone", "card"] },
  typography: { typography: true },
  replacements: { replace: REPLACE },
  everything: {
    textFormatting: true,
    numerals: "figures",
    fillers: "remove",
    spokenPunctuation: true,
    commands: true,
    profanity: "mask",
    redact: ["email", "phone", "card"],
    typography: true,
    replace: REPLACE,
  },
};

function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

function* utterances(language: string, count: number): Generator<string[]> {
  const random = randomFrom(language.length * 7919 + count);
  const words = SAID[language]!;
  for (let i = 0; i < count; i++) {
    yield Array.from({ length: 2 + random() * 14 }, () => words[Math.floor(random() * words.length)]!);
  }
}

const kinds = Object.entries(WISHES).flatMap(([name, wishes]) =>
  ["en", "ru"].map((language) => ({ name, wishes, language })),
);

describe("live text", () => {
  it.each(kinds)("only grows, and its final goes on with it: $name, $language", ({ wishes, language }) => {
    for (const words of utterances(language, ROUNDS)) {
      const final = written(words.join(" "), wishes, language);
      let before = "";
      for (let count = 0; count <= words.length; count++) {
        const committed = words.slice(0, count).join(" ");
        const tentative = words.slice(count, count + 3).join(" ");
        const shown = live({ committed, tentative }, wishes, language).committed;
        expect(shown.startsWith(before), `${words.join(" ")}\n${before}\n${shown}`).toBe(true);
        if (count < words.length) expect(final.startsWith(shown), `${words.join(" ")}\n${shown}\n${final}`).toBe(true);
        before = shown;
      }
    }
  });
});

describe("a final", () => {
  const stable = kinds.filter(({ name }) => !["replacements", "punctuation", "everything"].includes(name));
  it.each(stable)("stays as it is when it is worked on again: $name, $language", ({ wishes, language }) => {
    for (const words of utterances(language, ROUNDS)) {
      const once = written(words.join(" "), wishes, language);
      expect(written(once, wishes, language).replace(/\u00A0/g, " ")).toBe(once.replace(/\u00A0/g, " "));
    }
  });
});

describe("redaction of live text", () => {
  const wishes: Wishes = { redact: ["card", "phone", "email"] };
  it.each([
    ["my card is 4111 1111 1111 1111 thanks", "en"],
    ["my card is four one one one one one one one one one one one one one one one thanks", "en"],
    ["my card is 4111, 1111, um, 1111, 1111 thanks", "en"],
    ["call me on 555 123 4567 thanks", "en"],
    ["карта сорок один одиннадцать одиннадцать одиннадцать одиннадцать одиннадцать одиннадцать одиннадцать вот", "ru"],
  ])("shows no more than two digits of it at any time: %s", (said, language) => {
    const words = said.split(" ");
    for (let count = 0; count <= words.length; count++) {
      for (let committed = 0; committed <= count; committed++) {
        const shown = live(
          { committed: words.slice(0, committed).join(" "), tentative: words.slice(committed, count).join(" ") },
          { ...wishes, numerals: "figures" },
          language,
        );
        const digits = `${shown.committed} ${shown.tentative}`.replace(/\D/g, "");
        expect(digits.length, JSON.stringify(shown)).toBeLessThanOrEqual(2);
      }
    }
    const final = written(said, { ...wishes, numerals: "figures" }, language);
    expect(final).toMatch(/\[(card|phone)\]/);
    expect(final).not.toMatch(/\d/);
  });
});

describe("hostile input", () => {
  // Ten times what an idle machine needs, and far below what work that grows with the square would take.
  const LIMIT_MS = 15_000;
  const within = (run: () => void) => {
    const began = performance.now();
    run();
    expect(performance.now() - began).toBeLessThan(LIMIT_MS);
  };

  it("is worked on in bounded time: 10,000 replacements on 100 kB", () => {
    const replace = Array.from({ length: 10_000 }, (_, i) => ({ find: `word${i} word${i + 1}`, replace: `x${i}` }));
    const text = Array.from({ length: 12_000 }, (_, i) => `word${i % 9000}`).join(" ");
    within(() => expect(written(text, { replace })).toContain("x0"));
  });

  it("is worked on in bounded time: catastrophic patterns", () => {
    const replace = Array.from({ length: 50 }, () => ({ find: "(a+)+b", replace: "x", pattern: true }));
    within(() => written(`${"a".repeat(2000)} `.repeat(50), { replace }));
  });

  it.each(["five ", "at ", "um, ", "4 ", "comma ", "a dot ", '"', "open quote ", "pять", "twenty-", "[card] ", "\n"])(
    "is worked on in bounded time: 20 kB of %j",
    (piece) => {
      const text = piece.repeat(20_000 / piece.length);
      within(() => written(text, { ...WISHES.everything, replace: [] }));
      within(() => live({ committed: text, tentative: text }, { ...WISHES.everything, replace: [] }));
    },
  );
});
