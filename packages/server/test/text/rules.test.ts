/** What each rule writes, in English and in Russian. */
import { describe, expect, it } from "vitest";
import { timed, type Wishes, written } from "./support.js";

type Case = [said: string, written: string];
const cases = (name: string, wishes: Wishes, en: Case[], ru: Case[]) => {
  describe(name, () => {
    it.each(en)("en: %s", (said, expected) => expect(written(said, wishes, "en")).toBe(expected));
    it.each(ru)("ru: %s", (said, expected) => expect(written(said, wishes, "ru")).toBe(expected));
    it("leaves languages alone that it does not know", () => {
      const text = "Lo dijo, eh, y punto.";
      if (!wishes.redact && !wishes.replace && !wishes.typography) expect(written(text, wishes, "pt")).toBe(text);
    });
  });
};

cases(
  "numbers in figures",
  { numerals: "figures" },
  [
    ["I have twenty-five apples and one hundred and five pears.", "I have 25 apples and 105 pears."],
    ["It costs twenty five dollars and fifty cents.", "It costs $25.50."],
    ["25 dollars and 25 percent and 5 kilometers", "$25 and 25% and 5 km"],
    ["five million dollars, two point five million", "$5 million, 2.5 million"],
    ["Meet me at five thirty p.m. on march third, twenty twenty four.", "Meet me at 5:30 p.m. on March 3, 2024."],
    ["March 3rd, 2024", "March 3, 2024"],
    ["It was nineteen ninety five, the twenty first of May.", "It was 1995, the 21st of May."],
    ["I paid two fifty at ten thirty.", "I paid two fifty at 10:30."],
    ["One of them called, and thousands came.", "One of them called, and thousands came."],
    ["my code is five five one two", "my code is 5512"],
    ["twelve thousand five hundred people, three point one four", "12,500 people, 3.14"],
    ["on the second day you may five", "on the second day you may 5"],
  ],
  [
    ["Двадцать пять процентов, пять километров.", "25%, 5 км."],
    ["третьего марта две тысячи двадцать четвёртого года", "3 марта 2024 года"],
    ["в десять тридцать, десять часов пять минут", "в 10:30, 10:05"],
    ["пятьсот рублей и две целых пять десятых", "500 рублей и 2,5"],
    ["двенадцать тысяч пятьсот человек, два миллиона", "12\u00A0500 человек, 2 млн"],
    ["один из них, тысяча девятьсот девяносто пятый год", "один из них, 1995 год"],
    ["двадцать пятого раза, вся семья и семью", "25-го раза, вся семья и семью"],
  ],
);

cases(
  "numbers in words",
  { numerals: "words" },
  [
    ["I have 25 apples, 12,500 pears.", "I have twenty-five apples, twelve thousand five hundred pears."],
    [
      "$3.50, 25%, 10:30, 21st, 3.14",
      "three dollars and fifty cents, twenty-five percent, ten thirty, twenty-first, three point one four",
    ],
    ["code 007 and account 1234567890123", "code zero zero seven and account 1234567890123"],
  ],
  [
    ["25 яблок, 12 500 человек", "двадцать пять яблок, двенадцать тысяч пятьсот человек"],
    ["3,5 и 21%", "три целых пять десятых и двадцать один процент"],
  ],
);

cases(
  "fillers",
  { fillers: "remove" },
  [
    ["Um, so, uh, I think, um, the house.", "So I think the house."],
    ["Uh-huh. Um. Er is not err.", "Uh-huh. Is not err."],
    ["I um went home", "I went home"],
  ],
  [
    ["Э-э, ну, м-м, я думаю.", "Ну я думаю."],
    ["Буква м и слово эти.", "Буква м и слово эти."],
  ],
);

cases(
  "spoken punctuation",
  { spokenPunctuation: true },
  [
    ["Hello, comma, world. Period. New line. next question mark", "Hello, world.\nNext?"],
    ["he said open quote hello close quote comma and left period", 'he said "hello", and left.'],
    ["one new paragraph two", "one\n\nTwo"],
    ["literal comma is a word comma Yes", "comma is a word, yes"],
    ["a long hyphen term", "a long-term"],
    ["the colony of commas", "the colony of commas"],
  ],
  [
    ["Привет, запятая, мир. Точка. Новая строка. как дела вопросительный знак", "Привет, мир.\nКак дела?"],
    ["открыть кавычки Привет, закрыть кавычки, сказал он, слово запятая.", "«Привет», сказал он, запятая."],
    ["да точка с запятой нет", "да; нет"],
  ],
);

cases(
  "profanity",
  { profanity: "mask" },
  [["What the fuck, this Shit in Scunthorpe.", "What the f***, this S*** in Scunthorpe."]],
  [["Ну бля, какая хуйня. Употреблять и ребята.", "Ну б**, какая х****. Употреблять и ребята."]],
);

it("masks another list in every language where one is given", () => {
  expect(written("Darn, darned shit", { profanity: "mask", profanityWords: ["darn*"] }, "pt")).toBe(
    "D***, d***** shit",
  );
});

cases(
  "redaction",
  { redact: ["email", "phone", "card"] },
  [
    ["My card is 4111 1111 1111 1111, call 555-123-4567.", "My card is [card], call [phone]."],
    ["four one one one one one one one one one one one one one one one ok", "[card] ok"],
    ["It is 4111, 1111. 1111, um, 1112.", "It is [card]."],
    ["write to john.smith@example.com or jane at example dot org", "write to [email] or [email]"],
    ["call +7 (912) 345-67-89 now", "call [phone] now"],
    ["In 2019 2020 2021 it was 1,000,000 at noon.", "In 2019 2020 2021 it was 1,000,000 at noon."],
  ],
  [
    ["почта иван собака яндекс точка ру", "почта [email]"],
    ["телефон восемь девятьсот двенадцать триста сорок пять шестьдесят семь восемьдесят девять", "телефон [phone]"],
    ["карта 5555 5555 5555 4444.", "карта [card]."],
  ],
);

it("leaves what it was not asked to take out", () => {
  expect(written("4111 1111 1111 1111, a@b.org", { redact: ["email"] })).toBe("4111 1111 1111 1111, [email]");
});

cases(
  "typography",
  { typography: true },
  [['He said "hello" - it\'s 5 km...', "He said “hello” – it’s 5\u00A0km…"]],
  [['Он сказал "привет" - и ушёл в лес.', "Он сказал «привет»\u00A0— и\u00A0ушёл в\u00A0лес."]],
);

describe("replacements", () => {
  const replace = (text: string, ...list: [string, string, boolean?][]) =>
    written(text, {
      replace: list.map(([find, instead, pattern]) => ({ find, replace: instead, ...(pattern && { pattern }) })),
    });

  it("find whole words in any case, and write them as the place asks", () => {
    expect(replace("Gonna go, GONNA, agonna gonna.", ["gonna", "going to"])).toBe(
      "Going to go, GOING TO, agonna going to.",
    );
    expect(replace("Iphone", ["iphone", "iPhone"])).toBe("iPhone");
  });

  it("write several lines", () => {
    expect(replace("Send it to my address please.", ["my address", "12 High Street\nLondon"])).toBe(
      "Send it to 12 High Street\nLondon please.",
    );
  });

  it("run in their order; the longest of neighbours counts, and what was written is not looked at again", () => {
    expect(replace("new york city", ["new york", "NY"], ["new york city", "NYC"])).toBe("NYC");
    expect(replace("a b", ["a", "b"], ["b", "c"])).toBe("b c");
    expect(replace("a b", ["a", "x"], ["(b)", "$1$1", true], ["a", "y"])).toBe("x bb");
  });

  it("take patterns of RE2 over whole words", () => {
    expect(replace("Mail example dot com now", ["(\\w+) dot com", "$1.com", true])).toBe("Mail example.com now");
    expect(replace("abc", ["ab", "x", true], ["(?=a)", "y", true])).toBe("abc");
  });

  it("work within writing that has no spaces", () => {
    expect(written("東京に行く", { replace: [{ find: "東京", replace: "大阪" }] }, "ja")).toBe("大阪に行く");
  });
});

describe("words with times", () => {
  it("read as the text does", () => {
    const { text, words } = timed("It costs twenty five dollars, um, now.", { numerals: "figures", fillers: "remove" });
    expect(text).toBe("It costs $25 now.");
    expect(words).toEqual([
      { text: "It", startMs: 0, endMs: 90, confidence: 1 },
      { text: "costs", startMs: 100, endMs: 190, confidence: 1 },
      { text: "$25", startMs: 200, endMs: 490, confidence: 1 },
      { text: "now.", startMs: 600, endMs: 690, confidence: 1 },
    ]);
  });

  it("share the time of one word where it becomes several", () => {
    const { words } = timed("call asap", { replace: [{ find: "asap", replace: "at once" }] });
    expect(words!.slice(1)).toEqual([
      { text: "at", startMs: 100, endMs: 130, confidence: 1 },
      { text: "once", startMs: 130, endMs: 190, confidence: 1 },
    ]);
  });

  it("stay as the engine has them where nothing changes", () => {
    const { words } = timed("one of us", { numerals: "figures", redact: ["card"], typography: true });
    expect(words!.map(({ text }) => text)).toEqual(["one", "of", "us"]);
  });
});
