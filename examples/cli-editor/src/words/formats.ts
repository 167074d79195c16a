/** Words and replacements as `mic-stream` and the editor in the browser write them. */
import {
  formatVocabulary,
  isVocabulary,
  parseVocabulary,
  type Replacement,
  readReplacements,
  readReplacementsCsv,
  type VocabularyTerm,
  vocabularyOf,
  writeReplacements,
  writeReplacementsCsv,
} from "@stt/core";
import type { ListFormat } from "./list-file.js";

/** A term a line, and behind it, after commas, what it sounds like. */
export const VOCABULARY: ListFormat<VocabularyTerm> = {
  read: (text) => {
    const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
    const isTerm = (line: string) => vocabularyOf(parsed(line)).length > 0;
    return {
      items: vocabularyOf(lines.flatMap(parsed)),
      others: lines.filter((line) => line.trim() !== "" && !isTerm(line)),
    };
  },
  write: (terms) => (terms.length === 0 ? "" : `${formatVocabulary(terms)}\n`),
};

/** What is said, `=`, what is written. */
const REPLACEMENT_TEXT: ListFormat<Replacement> = {
  read: (text) => {
    const { replacements, problems } = readReplacements(text);
    const comments = text.split(/\r?\n/).filter((line) => /^\s*#/.test(line));
    return { items: replacements, others: [...comments, ...problems.map((problem) => problem.text)] };
  },
  write: writeReplacements,
};

const REPLACEMENT_TABLE: ListFormat<Replacement> = {
  read: (text) => {
    const { replacements, problems } = readReplacementsCsv(text);
    return { items: replacements, others: problems.map((problem) => problem.text) };
  },
  write: writeReplacementsCsv,
};

/** A table where the name of the file ends in `.csv`. */
export function replacementFormat(path: string): ListFormat<Replacement> {
  return /\.csv$/i.test(path) ? REPLACEMENT_TABLE : REPLACEMENT_TEXT;
}

/** The entries of a line that a session would take. */
function parsed(line: string) {
  return parseVocabulary(line).filter((entry) => isVocabulary([entry]));
}
