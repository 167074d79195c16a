/** Replacements as people write them down: one a line in plain text, or a table in CSV. */
import type { Replacement } from "./text-options.js";

/** A line that is no replacement. */
export interface ReplacementProblem {
  /** From 1. */
  line: number;
  text: string;
}

export interface ReadReplacements {
  replacements: Replacement[];
  problems: ReplacementProblem[];
}

/**
 * Reads `what is said = what is written`, one a line. `\n` is a line break, `/.../` a pattern, `#` begins a line that is left out.
 *
 * @example readReplacements("my mail = me@example.org\n/(\\w+) dot com/ = $1.com")
 */
export function readReplacements(text: string): ReadReplacements {
  return readLines(text.split(/\r?\n/));
}

/** {@link readReplacements} for a variable: entries are parted by `;` too, and `\;` is the character. */
export function readReplacementList(text: string): ReadReplacements {
  return readLines(text.split(/\r?\n|(?<!\\);/).map((line) => line.replace(/\\;/g, ";")));
}

function readLines(lines: readonly string[]): ReadReplacements {
  const replacements: Replacement[] = [];
  const problems: ReplacementProblem[] = [];
  for (const [i, line] of lines.entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    const { find, replace } = /^\s*(?<find>\/.+\/|[^=]*?[^=\s])\s*=[ \t]*(?<replace>.*?)\s*$/u.exec(line)?.groups ?? {};
    if (find === undefined || replace === undefined) problems.push({ line: i + 1, text: line });
    else replacements.push(replacementOf(find, unescaped(replace)));
  }
  return { replacements, problems };
}

function replacementOf(find: string, replace: string): Replacement {
  const pattern = /^\/(.+)\/$/u.exec(find)?.[1];
  return pattern === undefined ? { find, replace } : { find: pattern, replace, pattern: true };
}

/** The text that {@link readReplacements} reads again as the same. */
export function writeReplacements(replacements: readonly Replacement[]): string {
  return replacements.map((each) => `${foundText(each)} = ${escaped(each.replace)}\n`).join("");
}

/** One line for {@link readReplacementList}. */
export function writeReplacementList(replacements: readonly Replacement[]): string {
  return replacements.map((each) => `${foundText(each)}=${escaped(each.replace)}`.replace(/;/g, "\\;")).join(";");
}

function foundText({ find, pattern }: Replacement): string {
  return pattern ? `/${find}/` : find;
}

function escaped(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/\r?\n/g, "\\n");
}

function unescaped(text: string): string {
  return text.replace(/\\(n|\\)/g, (_, character) => (character === "n" ? "\n" : "\\"));
}

/** Reads CSV: what is said, what is written; quotes as in RFC 4180. A heading `find,replace` is left out. */
export function readReplacementsCsv(csv: string): ReadReplacements {
  const replacements: Replacement[] = [];
  const problems: ReplacementProblem[] = [];
  for (const { line, cells } of rowsOf(csv)) {
    const [find = "", replace] = cells.map((cell) => cell.trim());
    if (cells.length === 1 && find === "") continue;
    if (replacements.length === 0 && find.toLowerCase() === "find" && replace?.toLowerCase() === "replace") continue;
    if (find === "" || replace === undefined) problems.push({ line, text: cells.join(",") });
    else replacements.push(replacementOf(find, replace));
  }
  return { replacements, problems };
}

/** CSV that {@link readReplacementsCsv} reads again as the same. */
export function writeReplacementsCsv(replacements: readonly Replacement[]): string {
  const rows = replacements.map((each) => `${cell(foundText(each))},${cell(each.replace)}\r\n`);
  return `find,replace\r\n${rows.join("")}`;
}

function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

function* rowsOf(csv: string): Generator<{ line: number; cells: string[] }> {
  const text = csv.replace(/^\uFEFF/u, "");
  const field = /("(?:[^"]|"")*"|[^",;\t\r\n]*)[^\S\t\r\n]*([,;\t]|\r?\n|$)/gy;
  let line = 1;
  let begun = line;
  let cells: string[] = [];
  while (field.lastIndex < text.length) {
    const at = field.lastIndex;
    const found = field.exec(text);
    // A quote that is never closed: the rest is one cell.
    const [all, raw, end] = found ?? [text.slice(at), text.slice(at), ""];
    if (!found) field.lastIndex = text.length;
    cells.push(raw!.startsWith('"') ? raw!.slice(1, -1).replace(/""/g, '"') : raw!);
    line += all!.split("\n").length - 1;
    if (/[,;\t]/.test(end!)) continue;
    yield { line: begun, cells };
    cells = [];
    begun = line;
  }
  if (cells.length > 0) yield { line: begun, cells };
}
