/** The dictionary as a text, which is CSV as well: a word a line, and behind it, after commas, how it was heard. */
import type { Term } from "./dictionary.js";

export function writeWords(terms: readonly Term[]): string {
  return terms.map(({ term, soundsLike }) => `${[term, ...soundsLike].map(cell).join(", ")}\n`).join("");
}

/** Lines that begin with `#` are left out. */
export function readWords(text: string): Term[] {
  return text
    .replace(/^\uFEFF/, "")
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((line) => {
      const [term = "", ...soundsLike] = cellsOf(line);
      return { term, soundsLike: soundsLike.filter((each) => each !== "") };
    });
}

function cell(text: string): string {
  return /[",;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Spreadsheets part cells by a comma, a semicolon or a tab. */
function cellsOf(line: string): string[] {
  return [...line.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,;\t]*?))\s*(?:[,;\t]|$)/g)]
    .filter(({ 0: whole, index }) => whole !== "" || index === 0)
    .map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? "");
}
