/** Vocabularies as plain text, which is CSV as well: a term a line, and behind it, after commas, what it sounds like. */
import { type VocabularyEntry, vocabularyOf } from "./vocabulary.js";

/**
 * Reads lines such as `Kubernetes` or `Kubernetes, cooper netties, kuber nettis`. A `;` ends a line too, so that one line of a
 * configuration holds several terms. Empty lines and those that begin with `#` are left out; quotes keep commas together.
 *
 * @returns entries as they stand there: whether they are within the bounds, `isVocabulary` says
 */
export function parseVocabulary(text: string): VocabularyEntry[] {
  return text
    .replace(/^\uFEFF/, "")
    .split(/[\r\n;]+/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [term = "", ...soundsLike] = cellsOf(line);
      const spellings = soundsLike.filter((cell) => cell !== "");
      return spellings.length === 0 ? term : { term, soundsLike: spellings };
    });
}

/**
 * Writes what {@link parseVocabulary} reads, a term a line.
 *
 * @param separator `"; "` for one line
 */
export function formatVocabulary(entries: readonly VocabularyEntry[], separator = "\n"): string {
  return vocabularyOf(entries)
    .map(({ term, soundsLike }) => [term, ...soundsLike].map(cellFor).join(", "))
    .join(separator);
}

function cellsOf(line: string): string[] {
  const cells = line.match(/(?:"(?:[^"]|"")*"|[^,"])+|(?<=,|^)(?=,|$)|"/g) ?? [];
  return cells.map((cell) => {
    const bare = cell.trim();
    return /^".*"$/.test(bare) ? bare.slice(1, -1).replaceAll('""', '"').trim() : bare;
  });
}

function cellFor(text: string): string {
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
