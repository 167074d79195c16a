import type { Atom } from "../atoms.js";
import type { Rule } from "../rewrite.js";

const QUOTES: Readonly<Record<string, readonly [string, string]>> = {
  en: ["“", "”"],
  ru: ["«", "»"],
  uk: ["«", "»"],
  fr: ["«\u00A0", "\u00A0»"],
  es: ["«", "»"],
  it: ["«", "»"],
  de: ["„", "“"],
};
/** Between words. */
const DASHES: Readonly<Record<string, string>> = { en: "–", ru: "—", uk: "—" };
const RU_PREPOSITION = /^(?:[вксоуиа]|во|ко|со|об|от|до|по|за|из|на|не|ни)$/iu;
const UNIT =
  /^(?:км|м|см|мм|кг|г|мг|мл|мс|ГБ|МБ|КБ|км\/ч|руб|₽|km|m|cm|mm|kg|g|mg|ml|ms|GB|MB|KB|TB|mph|km\/h|a\.m|p\.m|million|billion|млн|млрд|тыс)$/u;

/** Quotes, dashes, apostrophes and spaces that do not break, as the language has them. */
export function typographyRule(language: string): Rule | undefined {
  const quotes = QUOTES[language];
  const dash = DASHES[language];
  if (!quotes && !dash) return undefined;
  return (atoms, at, before) => {
    const atom = atoms[at]!;
    const text = textFor(atom, { quotes, dash, language });
    const space = spaceBefore({ ...atom, text: text.text }, before.at(-1), language);
    const looked = text.looksOn ? at + 2 : at + 1;
    if (text.text === atom.text && space === atom.space) return { take: 1, put: [atom], looked };
    const changed = text.text !== atom.text && { text: text.text, source: undefined };
    return { take: 1, put: [{ ...atom, ...changed, space }], looked };
  };
}

function textFor(
  { kind, text, gluesNext }: Atom,
  {
    quotes,
    dash,
    language,
  }: { quotes: readonly [string, string] | undefined; dash: string | undefined; language: string },
): { text: string; looksOn?: boolean } {
  if (kind === "word")
    return { text: language === "en" || language === "fr" ? text.replace(/(?<=\p{L})'(?=\p{L})/gu, "’") : text };
  if (kind === "break") return { text };
  if (quotes && text.includes('"'))
    return { text: text.replace(/"/g, gluesNext ? quotes[0] : quotes[1]), looksOn: !gluesNext };
  if (text === "...") return { text: "…" };
  return { text: dash && /^(?:-|--|–|—)$/.test(text) && !gluesNext ? dash : text };
}

function spaceBefore(atom: Atom, last: Atom | undefined, language: string): Atom["space"] {
  if (atom.space !== " " || !last) return atom.space;
  if (/\d$/.test(last.text) && UNIT.test(atom.text)) return "\u00A0";
  if (language !== "ru") return atom.space;
  const isDash = atom.kind === "mark" && atom.text === "—";
  return isDash || last.text === "№" || (last.kind === "word" && RU_PREPOSITION.test(last.text))
    ? "\u00A0"
    : atom.space;
}
