import { toCardinal as englishCardinal, toOrdinal as englishOrdinal } from "n2words/en-US";
import { toCardinal as russianCardinal } from "n2words/ru-RU";
import { type Atom, written } from "../atoms.js";
import type { Rule } from "../rewrite.js";

/** Longer figures are numbers of something, such as an account: nobody reads them as one number. */
const MAX_DIGITS = 12;

interface Language {
  cardinal(value: number): string;
  ordinal?(value: number): string;
  /** Of a decimal. */
  decimal(whole: number, part: string): string | undefined;
  group: RegExp;
  point: RegExp;
  percent(value: number): string;
  currencies: Readonly<Record<string, (value: number) => string>>;
  zeroMinutes: string;
}

const LANGUAGES: Readonly<Record<string, Language>> = {
  en: {
    cardinal: englishCardinal,
    ordinal: englishOrdinal,
    decimal: (whole, part) =>
      `${englishCardinal(whole)} point ${[...part].map((digit) => englishCardinal(Number(digit))).join(" ")}`,
    group: /,(?=\d{3}(?:\D|$))/g,
    point: /\./,
    percent: () => "percent",
    currencies: {
      $: (value) => (value === 1 ? "dollar" : "dollars"),
      "€": (value) => (value === 1 ? "euro" : "euros"),
      "£": (value) => (value === 1 ? "pound" : "pounds"),
    },
    zeroMinutes: "oh",
  },
  ru: {
    cardinal: russianCardinal,
    decimal: (whole, part) => {
      const place = [undefined, ["десятая", "десятых"], ["сотая", "сотых"], ["тысячная", "тысячных"]][part.length];
      if (!place) return undefined;
      const value = Number(part);
      const isOne = (n: number) => n % 10 === 1 && n % 100 !== 11;
      return `${feminine(russianCardinal(whole))} ${isOne(whole) ? "целая" : "целых"} ${feminine(russianCardinal(value))} ${isOne(value) ? place[0] : place[1]}`;
    },
    group: /[\u00A0 ](?=\d{3}(?:\D|$))/g,
    point: /,/,
    percent: (value) => `процент${russianPlural(value, "", "а", "ов")}`,
    currencies: {
      $: (value) => `доллар${russianPlural(value, "", "а", "ов")}`,
      "€": () => "евро",
      "₽": (value) => `рубл${russianPlural(value, "ь", "я", "ей")}`,
    },
    zeroMinutes: "ноль",
  },
};

/** Numbers in words, as n2words writes them. Russian numbers stand in the nominative. */
export function wordsRule(code: string): Rule | undefined {
  const language = LANGUAGES[code];
  if (!language) return undefined;
  return (atoms, at) => {
    const atom = atoms[at]!;
    if (atom.kind !== "word" || atom.fixed || !/\d/.test(atom.text)) return undefined;
    const currency = language.currencies[atom.text.charAt(0)];
    let end = at + 1;
    let bare = (currency ? atom.text.slice(1) : atom.text).replace(language.group, "");
    // «12 500» is one number.
    if (code === "ru" && /^\d{1,3}$/.test(bare)) {
      for (; atoms[end]?.kind === "word" && /^\d{3}$/.test(atoms[end]!.text); end++) bare += atoms[end]!.text;
    }
    // The percent sign is a mark of its own.
    const isPercent = atoms[end]?.text === "%" && atoms[end]!.space === "";
    const spoken = spokenOf(bare, language);
    if (spoken === undefined) return { take: 1, put: [atom], looked: end + 1 };
    const value = Number(bare.replace(",", "."));
    const cents = currency && /^(\d+)\.(\d\d)$/.exec(bare);
    if (cents && code === "en") {
      const [dollars, rest] = [Number(cents[1]), Number(cents[2])];
      const tail = rest === 0 ? "" : ` and ${language.cardinal(rest)} ${rest === 1 ? "cent" : "cents"}`;
      const put = written(`${language.cardinal(dollars)} ${currency(dollars)}${tail}`, atoms.slice(at, end));
      return { take: end - at, put: put.map(({ fixed: _, ...each }): Atom => each), looked: end + 1 };
    }
    const unit = isPercent ? language.percent(value) : currency?.(value);
    const instead = atoms.slice(at, isPercent ? end + 1 : end);
    const put = written(unit === undefined ? spoken : `${spoken} ${unit}`, instead);
    return { take: instead.length, put: put.map(({ fixed: _, ...each }): Atom => each), looked: end + 1 };
  };
}

function spokenOf(text: string, language: Language): string | undefined {
  if (text.replace(/\D/g, "").length > MAX_DIGITS) return undefined;
  const clock = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (clock) {
    const [hours, minutes] = [Number(clock[1]), Number(clock[2])];
    const tail =
      minutes === 0
        ? ""
        : minutes < 10
          ? `${language.zeroMinutes} ${language.cardinal(minutes)}`
          : language.cardinal(minutes);
    return `${language.cardinal(hours)} ${tail}`.trim();
  }
  const ordinal = /^(\d+)(?:st|nd|rd|th)$/i.exec(text)?.[1];
  if (ordinal !== undefined) return language.ordinal?.(Number(ordinal));
  if (/^0\d+$/.test(text)) return [...text].map((digit) => language.cardinal(Number(digit))).join(" ");
  if (/^\d+$/.test(text)) return language.cardinal(Number(text));
  const [whole = "", part = "", more] = text.split(language.point);
  if (!/^\d+$/.test(whole) || !/^\d+$/.test(part) || more !== undefined) return undefined;
  return language.decimal(Number(whole), part);
}

function feminine(words: string): string {
  return words.replace(/один$/, "одна").replace(/два$/, "две");
}

function russianPlural(value: number, one: string, few: string, many: string): string {
  if (!Number.isInteger(value)) return few;
  const two = value % 100;
  if (two >= 11 && two <= 14) return many;
  const unit = value % 10;
  return unit === 1 ? one : unit >= 2 && unit <= 4 ? few : many;
}
