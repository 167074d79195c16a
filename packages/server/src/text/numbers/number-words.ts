/** The words of numbers, by language. */

export interface NumberWord {
  kind: "unit" | "teen" | "tens" | "hundreds" | "times100" | "scale";
  value: number;
  /** An ordinal ends a number; Russian: with this ending («25-го»), English: none. */
  ordinal?: string;
}

type Table = ReadonlyMap<string, NumberWord>;

const UNITS = "one two three four five six seven eight nine".split(" ");
const TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(" ");
const TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
const ORDINAL_UNITS = "first second third fourth fifth sixth seventh eighth ninth".split(" ");
const ORDINAL_TEENS =
  "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth".split(" ");
const SCALES: readonly [string, number][] = [
  ["thousand", 1e3],
  ["million", 1e6],
  ["billion", 1e9],
  ["trillion", 1e12],
];

function english(): Table {
  const table = new Map<string, NumberWord>([["zero", { kind: "unit", value: 0 }]]);
  for (const [i, word] of UNITS.entries()) table.set(word, { kind: "unit", value: i + 1 });
  for (const [i, word] of TEENS.entries()) table.set(word, { kind: "teen", value: i + 10 });
  for (const [i, word] of ORDINAL_UNITS.entries()) table.set(word, { kind: "unit", value: i + 1, ordinal: "" });
  for (const [i, word] of ORDINAL_TEENS.entries()) table.set(word, { kind: "teen", value: i + 10, ordinal: "" });
  TENS.forEach((word, i) => {
    table.set(word, { kind: "tens", value: (i + 2) * 10 });
    table.set(word.replace(/y$/, "ieth"), { kind: "tens", value: (i + 2) * 10, ordinal: "" });
  });
  table.set("hundred", { kind: "times100", value: 100 });
  table.set("hundredth", { kind: "times100", value: 100, ordinal: "" });
  for (const [word, value] of SCALES) {
    table.set(word, { kind: "scale", value });
    table.set(`${word}th`, { kind: "scale", value, ordinal: "" });
  }
  return table;
}

const RU_CARDINALS: readonly [NumberWord["kind"], number, string][] = [
  ["unit", 0, "ноль ноля нолю нолем нуль нуля нулю нулем"],
  ["unit", 1, "один одна одно одного одной одному одним одном одну"],
  ["unit", 2, "два две двух двум двумя"],
  ["unit", 3, "три трех трем тремя"],
  ["unit", 4, "четыре четырех четырем четырьмя"],
  ["unit", 5, "пять пяти пятью"],
  ["unit", 6, "шесть шести шестью"],
  // «семью» is a family as well.
  ["unit", 7, "семь семи"],
  ["unit", 8, "восемь восьми восемью восьмью"],
  ["unit", 9, "девять девяти девятью"],
  ["teen", 10, "десять десяти десятью"],
  ["tens", 40, "сорок сорока"],
  ["tens", 50, "пятьдесят пятидесяти пятьюдесятью"],
  ["tens", 60, "шестьдесят шестидесяти шестьюдесятью"],
  ["tens", 70, "семьдесят семидесяти семьюдесятью"],
  ["tens", 80, "восемьдесят восьмидесяти восемьюдесятью"],
  ["tens", 90, "девяносто девяноста"],
  ["hundreds", 100, "сто ста"],
  ["hundreds", 200, "двести двухсот двумстам двумястами двухстах"],
  ["hundreds", 300, "триста трехсот тремстам тремястами трехстах"],
  ["hundreds", 400, "четыреста четырехсот четыремстам четырьмястами четырехстах"],
  ["hundreds", 500, "пятьсот пятисот пятистам пятьюстами пятистах"],
  ["hundreds", 600, "шестьсот шестисот шестистам шестьюстами шестистах"],
  ["hundreds", 700, "семьсот семисот семистам семьюстами семистах"],
  ["hundreds", 800, "восемьсот восьмисот восьмистам восемьюстами восьмистах"],
  ["hundreds", 900, "девятьсот девятисот девятистам девятьюстами девятистах"],
  ["scale", 1e3, "тысяча тысячи тысяч тысячу тысяче тысячей тысячам тысячами тысячах"],
  ["scale", 1e6, "миллион миллиона миллионов миллиону миллионом миллионе миллионам миллионами миллионах"],
  ["scale", 1e9, "миллиард миллиарда миллиардов миллиарду миллиардом миллиарде миллиардам миллиардами миллиардах"],
];
const RU_TEENS =
  "одиннадцат двенадцат тринадцат четырнадцат пятнадцат шестнадцат семнадцат восемнадцат девятнадцат".split(" ");

const RU_ORDINALS: readonly [NumberWord["kind"], number, string][] = [
  ["unit", 1, "перв"],
  ["unit", 2, "втор"],
  ["unit", 4, "четверт"],
  ["unit", 5, "пят"],
  ["unit", 6, "шест"],
  ["unit", 7, "седьм"],
  ["unit", 8, "восьм"],
  ["unit", 9, "девят"],
  ["teen", 10, "десят"],
  ["tens", 20, "двадцат"],
  ["tens", 30, "тридцат"],
  ["tens", 40, "сороков"],
  ["tens", 50, "пятидесят"],
  ["tens", 60, "шестидесят"],
  ["tens", 70, "семидесят"],
  ["tens", 80, "восьмидесят"],
  ["tens", 90, "девяност"],
  ["hundreds", 100, "сот"],
  ["hundreds", 200, "двухсот"],
  ["hundreds", 300, "трехсот"],
  ["hundreds", 400, "четырехсот"],
  ["hundreds", 500, "пятисот"],
  ["hundreds", 600, "шестисот"],
  ["hundreds", 700, "семисот"],
  ["hundreds", 800, "восьмисот"],
  ["hundreds", 900, "девятисот"],
  ["scale", 1e3, "тысячн"],
];
/** What stands behind the stem of an ordinal, and behind its figure. */
const RU_ENDINGS: readonly [string, string][] = [
  ["ый", "й"],
  ["ой", "й"],
  ["ого", "го"],
  ["ому", "му"],
  ["ым", "м"],
  ["ом", "м"],
  ["ая", "я"],
  ["ую", "ю"],
  ["ое", "е"],
  ["ые", "е"],
  ["ых", "х"],
  ["ыми", "ми"],
];
const RU_THIRD: readonly [string, string][] = [
  ["третий", "й"],
  ["третьего", "го"],
  ["третьему", "му"],
  ["третьим", "м"],
  ["третьем", "м"],
  ["третья", "я"],
  ["третью", "ю"],
  ["третьей", "й"],
  ["третье", "е"],
];

function russian(): Table {
  const table = new Map<string, NumberWord>();
  for (const [kind, value, forms] of RU_CARDINALS) {
    for (const form of forms.split(" ")) table.set(form, { kind, value });
  }
  RU_TEENS.forEach((stem, i) => {
    for (const ending of ["ь", "и", "ью"]) table.set(stem + ending, { kind: "teen", value: i + 11 });
    for (const [ending, ordinal] of RU_ENDINGS) table.set(stem + ending, { kind: "teen", value: i + 11, ordinal });
  });
  for (const [value, stem] of [
    [20, "двадцат"],
    [30, "тридцат"],
  ] as const) {
    for (const ending of ["ь", "и", "ью"]) table.set(stem + ending, { kind: "tens", value });
  }
  for (const [kind, value, stem] of RU_ORDINALS) {
    for (const [ending, ordinal] of RU_ENDINGS) table.set(stem + ending, { kind, value, ordinal });
  }
  for (const [word, ordinal] of RU_THIRD) table.set(word, { kind: "unit", value: 3, ordinal });
  // «двухтысячный год»
  for (const [ending, ordinal] of RU_ENDINGS) table.set(`двухтысячн${ending}`, { kind: "scale", value: 2000, ordinal });
  return table;
}

const TABLES: Readonly<Record<string, Table>> = { en: english(), ru: russian() };

/** The languages whose numbers are known. */
export function knowsNumbers(language: string): boolean {
  return Object.hasOwn(TABLES, language);
}

/** A word as numbers, of which one may hold several: "twenty-five". Empty where any part of it is none. */
export function numberWordsIn(text: string, language: string): readonly NumberWord[] {
  const parts = text.toLowerCase().replace(/ё/g, "е").split("-");
  const found = parts.map((part) => TABLES[language]?.get(part));
  return found.every((word) => word !== undefined) ? (found as NumberWord[]) : [];
}
