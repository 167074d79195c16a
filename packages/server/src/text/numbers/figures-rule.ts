import { type Atom, timeOf, written } from "../atoms.js";
import type { Rewrite, Rule } from "../rewrite.js";
import { currencyOf, isDoubtfulMonth, isMonth, isPercent, unitOf } from "./measures.js";
import { knowsNumbers } from "./number-words.js";
import { Reader, type SpokenNumber } from "./read-number.js";

/** Figures that the model wrote: "25", "1,500", "3.14". */
const FIGURES = /^\d+(?:[.,]\d+)*$/;
const AT_TIME = new Set(["at", "by", "until", "till", "from", "before", "after", "around", "about"]);
const RU_AT_TIME = new Set(["в", "к", "до", "с", "около", "на"]);

/** A number with what belongs to it, as it is written. */
interface Figure {
  text: string;
  end: number;
}

/** Numbers, dates, times, money and units in figures, whether the model wrote figures or words. */
export function figuresRule(language: string): Rule | undefined {
  if (!knowsNumbers(language)) return undefined;
  return (atoms, at, before) => {
    const atom = atoms[at]!;
    if (atom.kind !== "word" || atom.fixed) return undefined;
    const reader = new Reader(atoms, language);
    const previous = before.at(-1)?.kind === "word" ? before.at(-1)!.text.toLowerCase() : "";
    const figure = language === "en" ? english(reader, atoms, at, previous) : russian(reader, at, previous);
    const looked = Math.max(reader.reach, at + 1);
    if (!figure) {
      // What only looks like a number stays as a whole: "two fifty" does not become "2 50" from its middle.
      const number = reader.number(at);
      const end = number?.form === "clock" ? number.end : at + 1;
      return { take: end - at, put: atoms.slice(at, end), looked: Math.max(reader.reach, looked) };
    }
    return rewritten(figure, atoms, at, looked);
  };
}

function rewritten({ text, end }: Figure, atoms: readonly Atom[], at: number, looked: number): Rewrite {
  const instead = atoms.slice(at, end);
  const put = written(text, instead).map((each): Atom => {
    const { fixed: _, ...rest } = each;
    return rest;
  });
  const same = put.length === instead.length && put.every((each, i) => each.text === instead[i]!.text);
  if (same) return { take: end - at, put: instead, looked };
  const [first] = put;
  if (first) Object.assign(first, put.length === 1 ? timeOf(instead) : {});
  return { take: end - at, put, looked };
}

function english(reader: Reader, atoms: readonly Atom[], at: number, previous: string): Figure | undefined {
  const word = reader.word(at);
  if (isMonth(word, "en")) return monthDay(reader, atoms, at);
  const number = numberAt(reader, at);
  if (!number) return undefined;
  const { end, form } = number;
  const next = reader.word(end);
  const plain = figuresOf(number, "en");
  if (number.ordinal !== undefined) {
    if (number.value >= 10) return { text: `${plain}${englishEnding(number.value)}`, end };
    return next === "of" && isMonth(reader.word(end + 1), "en")
      ? { text: `${plain}${englishEnding(number.value)}`, end }
      : undefined;
  }
  if (/^[ap]\.?m$/.test(next) && number.value !== 0) {
    const time = form === "clock" || isHour(number) ? number.figures : undefined;
    if (time !== undefined)
      return {
        text: `${time} ${next.length === 2 && reader.mark(end + 1) === "." ? `${next[0]}.m` : next}`,
        end: end + 1,
      };
  }
  if (/^[ap]$/.test(next) && reader.word(end + 1) === "m" && (form === "clock" || isHour(number))) {
    return { text: `${number.figures} ${next}.m.`, end: reader.mark(end + 2) === "." ? end + 3 : end + 2 };
  }
  if (form === "clock") return AT_TIME.has(previous) ? { text: number.figures, end } : undefined;
  if (isPercent(next, "en")) return { text: `${plain}%`, end: end + 1 };
  if (next === "per" && reader.word(end + 1) === "cent") return { text: `${plain}%`, end: end + 2 };
  if ((next === "million" || next === "billion") && form === "decimal") {
    const currency = currencyOf(reader.word(end + 1));
    return currency
      ? { text: `${currency}${plain} ${next}`, end: end + 2 }
      : { text: `${plain} ${next}`, end: end + 1 };
  }
  const currency = currencyOf(next);
  if (currency) return money(reader, number, currency, end + 1);
  const unit = unitOf(next, "en");
  if (unit) {
    const hourly = reader.word(end + 1) === "per" && reader.word(end + 2) === "hour";
    return hourly && unit === "km"
      ? { text: `${plain} km/h`, end: end + 3 }
      : { text: `${plain} ${unit}`, end: end + 1 };
  }
  if (next === "miles" && reader.word(end + 1) === "per" && reader.word(end + 2) === "hour") {
    return { text: `${plain} mph`, end: end + 3 };
  }
  if (next === "o'clock") return { text: `${plain} ${next}`, end: end + 1 };
  return isLone(number) ? undefined : { text: plain, end };
}

/** A number in words or in figures. */
function numberAt(reader: Reader, at: number): SpokenNumber | undefined {
  const text = reader.word(at);
  if (!FIGURES.test(text)) return reader.number(at);
  const value = Number(text.replace(/[.,]/g, ""));
  return { figures: text, value, end: at + 1, form: /[.,]/.test(text) ? "decimal" : "cardinal", words: 0 };
}

/** "one of them", "thousands": no figure makes these better. */
function isLone({ value, words }: SpokenNumber): boolean {
  return words === 1 && (value === 1 || value >= 1000);
}

function isHour({ value, form }: SpokenNumber): boolean {
  return form === "cardinal" && value >= 1 && value <= 12;
}

function money(reader: Reader, number: SpokenNumber, currency: string, end: number): Figure {
  const plain = figuresOf(number, "en");
  const and = reader.word(end) === "and" ? end + 1 : end;
  const cents = numberAt(reader, and);
  const isCents = cents !== undefined && cents.form === "cardinal" && cents.value < 100;
  if (isCents && /^cents?$/.test(reader.word(cents.end)) && number.form === "cardinal") {
    return { text: `${currency}${plain}.${String(cents.value).padStart(2, "0")}`, end: cents.end + 1 };
  }
  return { text: `${currency}${plain}`, end };
}

/** "march third twenty twenty four": March 3, 2024. */
function monthDay(reader: Reader, atoms: readonly Atom[], at: number): Figure | undefined {
  const month = atoms[at]!.text;
  const text = reader.word(at + 1);
  const written = /^(\d{1,2})(?:st|nd|rd|th)?$/.exec(text)?.[1];
  const spoken = written === undefined ? reader.number(at + 1) : undefined;
  const day = written === undefined ? spoken?.value : Number(written);
  const end = written === undefined ? spoken?.end : at + 2;
  if (day === undefined || end === undefined || day < 1 || day > 31) return undefined;
  if (spoken && spoken.form !== "cardinal") return undefined;
  const isOrdinal = spoken?.ordinal !== undefined || (written !== undefined && /[a-z]$/.test(text));
  if (isDoubtfulMonth(month) && !isOrdinal) return undefined;
  const name = month.charAt(0).toUpperCase() + month.slice(1);
  const comma = reader.mark(end) === "," ? end + 1 : end;
  const year = numberAt(reader, comma);
  const isYear = year !== undefined && year.ordinal === undefined && year.value >= 1000 && year.value <= 2999;
  if (isYear && (year.form === "year" || year.form === "cardinal")) {
    return { text: `${name} ${day}, ${year.figures}`, end: year.end };
  }
  return { text: `${name} ${day}`, end };
}

function englishEnding(value: number): string {
  const two = value % 100;
  if (two >= 11 && two <= 13) return "th";
  return ["th", "st", "nd", "rd"][value % 10] ?? "th";
}

function russian(reader: Reader, at: number, previous: string): Figure | undefined {
  const number = numberAt(reader, at);
  if (!number) return undefined;
  const { end, ordinal } = number;
  const next = reader.word(end);
  const plain = figuresOf(number, "ru");
  if (ordinal !== undefined) {
    if (isMonth(next, "ru") && number.value >= 1 && number.value <= 31) return { text: number.figures, end };
    if (/^год(?:а|у|ом|е|ы|ов|ам|ами|ах)?$/.test(next) && number.value >= 10) return { text: number.figures, end };
    return number.value >= 10 ? { text: `${number.figures}-${ordinal}`, end } : undefined;
  }
  if (isPercent(next, "ru")) return { text: `${plain}%`, end: end + 1 };
  const time = clock(reader, number, previous);
  if (time) return time;
  const unit = unitOf(next, "ru");
  if (unit) {
    const hourly = reader.word(end + 1) === "в" && reader.word(end + 2) === "час";
    return hourly && unit === "км"
      ? { text: `${plain} км/ч`, end: end + 3 }
      : { text: `${plain} ${unit}`, end: end + 1 };
  }
  return isLone(number) ? undefined : { text: plain, end };
}

/** «десять часов тридцать минут», «в десять тридцать». */
function clock(reader: Reader, hours: SpokenNumber, previous: string): Figure | undefined {
  if (hours.form !== "cardinal" || hours.value > 23) return undefined;
  const named = /^час(?:а|ов)?$/.test(reader.word(hours.end));
  const minutes = numberAt(reader, named ? hours.end + 1 : hours.end);
  if (minutes?.form !== "cardinal" || minutes.ordinal !== undefined || minutes.value > 59) return undefined;
  const text = `${hours.value}:${String(minutes.value).padStart(2, "0")}`;
  const isMinutes = /^минут(?:а|ы|у)?$/.test(reader.word(minutes.end));
  if (named) return isMinutes ? { text, end: minutes.end + 1 } : undefined;
  return RU_AT_TIME.has(previous) &&
    minutes.value >= 10 &&
    !isMinutes &&
    unitOf(reader.word(minutes.end), "ru") === undefined
    ? { text, end: minutes.end }
    : undefined;
}

/** Figures with groups from five digits on; millions in one word. */
function figuresOf({ figures, value, form, words }: SpokenNumber, language: string): string {
  if (words === 0 || form === "digits" || form === "year" || form === "clock") return figures;
  if (form === "cardinal" && value >= 1e6 && value % 1e5 === 0) {
    const [size, name] =
      value >= 1e9 && value % 1e8 === 0
        ? [1e9, language === "ru" ? "млрд" : "billion"]
        : [1e6, language === "ru" ? "млн" : "million"];
    const text = String(value / size);
    return `${language === "ru" ? text.replace(".", ",") : text} ${name}`;
  }
  const [whole = "", part] = figures.split(/[.,]/);
  const grouped = whole.length < 5 ? whole : whole.replace(/\B(?=(?:\d{3})+$)/g, language === "ru" ? "\u00A0" : ",");
  return part === undefined ? grouped : `${grouped}${language === "ru" ? "," : "."}${part}`;
}
