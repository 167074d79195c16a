import type { Atom } from "../atoms.js";
import { type NumberWord, numberWordsIn } from "./number-words.js";

/** A number in words. */
export interface SpokenNumber {
  /** As figures, without grouping. */
  figures: string;
  value: number;
  /** Index behind its last atom. */
  end: number;
  /** Of an ordinal: its ending, see `NumberWord`. */
  ordinal?: string | undefined;
  /** `year`: two pairs, "nineteen ninety five"; `clock`: "ten thirty"; `digits`: three and more, "one two three". */
  form: "cardinal" | "decimal" | "year" | "clock" | "digits";
  /** How many words it has. */
  words: number;
}

/** Looks at atoms, and remembers how far. */
export class Reader {
  /** Index behind the last atom that was looked at. */
  reach = 0;
  readonly #atoms: readonly Atom[];
  readonly #language: string;

  constructor(atoms: readonly Atom[], language: string) {
    this.#atoms = atoms;
    this.#language = language;
  }

  /** The word at an index, in lower case with е for ё; empty where there is none. */
  word(at: number): string {
    this.reach = Math.max(this.reach, at + 1);
    const atom = this.#atoms[at];
    return atom?.kind === "word" && !atom.fixed ? atom.text.toLowerCase().replace(/ё/g, "е") : "";
  }

  mark(at: number): string {
    this.reach = Math.max(this.reach, at + 1);
    const atom = this.#atoms[at];
    return atom?.kind === "mark" ? atom.text : "";
  }

  numbers(at: number): readonly NumberWord[] {
    return numberWordsIn(this.word(at), this.#language);
  }

  /** The longest number in words that begins here. */
  number(at: number): SpokenNumber | undefined {
    return (
      this.#digits(at) ?? (this.#language === "en" ? this.#pairs(at) : undefined) ?? this.#decimal(this.#cardinal(at))
    );
  }

  /** "one two three": three digits and more, one by one. */
  #digits(at: number): SpokenNumber | undefined {
    let figures = "";
    let end = at;
    for (; ; end++) {
      const digit = this.#digit(end, figures !== "");
      if (digit === undefined) break;
      figures += digit;
    }
    if (figures.length < 3) return undefined;
    return { figures, value: Number(figures), end, form: "digits", words: end - at };
  }

  #digit(at: number, within: boolean): string | undefined {
    const [word, more] = this.numbers(at);
    if (word && !more && word.kind === "unit" && word.ordinal === undefined) return String(word.value);
    return within && this.#language === "en" && /^(?:oh|o)$/.test(this.word(at)) ? "0" : undefined;
  }

  /** English years and times: "nineteen ninety five", "ten thirty", "twenty oh five". */
  #pairs(at: number): SpokenNumber | undefined {
    const head = this.numbers(at);
    const [first] = head;
    if (head.length !== 1 || !first || first.ordinal !== undefined || first.value < 1 || first.value > 20)
      return undefined;
    const tail = this.#lastPair(at + 1);
    if (!tail) return undefined;
    const form = first.value <= 12 ? "clock" : "year";
    if (form === "clock" && tail.value > 59) return undefined;
    const pair = String(tail.value).padStart(2, "0");
    const figures = form === "clock" ? `${first.value}:${pair}` : `${first.value}${pair}`;
    return { figures, value: first.value * 100 + tail.value, end: tail.end, form, words: tail.end - at };
  }

  /** Two digits: "ninety five", "fifteen", "oh five"; not what goes on to hundreds. */
  #lastPair(at: number): { value: number; end: number } | undefined {
    const isZero = /^(?:oh|o)$/.test(this.word(at));
    const found = this.numbers(isZero ? at + 1 : at);
    const [first, second] = found;
    if (!first || found.some(({ ordinal }) => ordinal !== undefined)) return undefined;
    if (isZero) return first.kind === "unit" && !second ? { value: first.value, end: at + 2 } : undefined;
    if (first.kind !== "teen" && first.kind !== "tens") return undefined;
    let value = first.value + (second?.value ?? 0);
    let end = at + 1;
    if (!second && first.kind === "tens") {
      const [unit, more] = this.numbers(end);
      if (unit?.kind === "unit" && !more && unit.value > 0 && unit.ordinal === undefined) {
        value += unit.value;
        end++;
      }
    }
    const [next] = this.numbers(end);
    return next?.kind === "times100" || next?.kind === "scale" ? undefined : { value, end };
  }

  #cardinal(at: number): SpokenNumber | undefined {
    let total = 0;
    let group = 0;
    let last: NumberWord | undefined;
    let scale = Number.POSITIVE_INFINITY;
    let end = at;
    let words = 0;
    let ordinal: string | undefined;
    for (let i = at; ordinal === undefined; ) {
      let from = i;
      // "one hundred and five"
      const mayAnd = last?.kind === "times100" || last?.kind === "scale";
      if (this.#language === "en" && mayAnd && this.word(i) === "and") {
        const kind = this.numbers(i + 1)[0]?.kind;
        if (kind !== "unit" && kind !== "teen" && kind !== "tens") break;
        from = i + 1;
      }
      const parts = this.numbers(from);
      if (parts.length === 0) break;
      const before = { total, group, last, scale };
      let fits = true;
      for (const part of parts) {
        fits &&= ordinal === undefined && fitsBehind(part, last, group, scale);
        if (!fits) break;
        if (part.kind === "scale") {
          // «тысяча девятьсот» has no number in front.
          total += (group || 1) * part.value;
          group = 0;
          scale = part.value;
        } else if (part.kind === "times100") group = (group || 1) * 100;
        else group += part.value;
        last = part;
        ordinal = part.ordinal;
      }
      if (!fits) {
        ({ total, group, last, scale } = before);
        ordinal = undefined;
        break;
      }
      words += parts.length;
      i = from + 1;
      end = i;
    }
    if (end === at) return undefined;
    const value = total + group;
    return { figures: String(value), value, end, form: "cardinal", words, ...(ordinal !== undefined && { ordinal }) };
  }

  /** "three point one four", «две целых пять десятых». */
  #decimal(whole: SpokenNumber | undefined): SpokenNumber | undefined {
    if (!whole || whole.ordinal !== undefined) return whole;
    if (this.#language === "en") {
      if (this.word(whole.end) !== "point") return whole;
      let digits = "";
      let end = whole.end + 1;
      for (let digit = this.#digit(end, true); digit !== undefined; digit = this.#digit(++end, true)) digits += digit;
      if (digits === "") return whole;
      return { ...decimal(`${whole.figures}.${digits}`, end, whole.words + digits.length) };
    }
    if (!/^цел(?:ая|ых|ые)$/.test(this.word(whole.end))) return whole;
    const from = this.word(whole.end + 1) === "и" ? whole.end + 2 : whole.end + 1;
    const part = this.#cardinal(from);
    if (!part || part.ordinal !== undefined) return whole;
    const places = [/^десят/, /^сот/, /^тысячн/].findIndex((each) => each.test(this.word(part.end))) + 1;
    if (places === 0 || part.figures.length > places) return whole;
    return decimal(
      `${whole.figures},${part.figures.padStart(places, "0")}`,
      part.end + 1,
      whole.words + part.words + 2,
    );
  }
}

function decimal(figures: string, end: number, words: number): SpokenNumber {
  return { figures, value: Number(figures.replace(",", ".")), end, form: "decimal", words };
}

function fitsBehind(part: NumberWord, last: NumberWord | undefined, group: number, scale: number): boolean {
  if (last && (last.value === 0 || last.ordinal !== undefined)) return false;
  switch (part.kind) {
    case "unit":
      if (part.value === 0) return last === undefined;
      return last === undefined || last.kind === "tens" || group % 100 === 0;
    case "teen":
    case "tens":
      return group % 100 === 0;
    case "hundreds":
      return group === 0;
    case "times100":
      return group > 0 && group < 100;
    case "scale":
      return part.value < scale && (group > 0 || last === undefined);
  }
}
