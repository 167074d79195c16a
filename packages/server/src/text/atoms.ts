import type { FinalWord } from "@stt/core";
import type { TextPiece } from "./text-stage.js";

/**
 * The smallest piece of text that rules work on: a word, a mark, or a line break. Words and marks are apart, so that a comma can go
 * while its word stays, and text that grows by a mark keeps its words as they were.
 */
export interface Atom {
  kind: "word" | "mark" | "break";
  text: string;
  /** What stands before it. */
  space: "" | " " | "\u00A0";
  /** Index of the piece it belongs to. */
  piece: number;
  /** Where it was spoken, milliseconds; absent where the engine gave no times. */
  startMs?: number | undefined;
  endMs?: number | undefined;
  confidence?: number | undefined;
  /** Index of the engine's word that it is, or is a part of; absent once a rule has written it. */
  source?: number | undefined;
  /** Written by a rule, for good: its letters are not changed any more. */
  fixed?: boolean | undefined;
  /** What follows stands close to it, such as behind an opening quote. */
  gluesNext?: boolean | undefined;
}

const LEAD = /^["'„«“‘([{¿¡]+/u;
const TAIL = /(?:[.,!?;:…。！？｡、，；：]+|%|["'\p{Pe}\p{Pf}]+)$/u;
const CHARACTERS =
  /([\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Myanmar}\p{Script=Khmer}][\p{M}ー]*)/u;

/** White space, but not the space that does not break: a rule that writes one means it. */
const BREAKING = /[^\S\u00A0]+/;

/** Text as atoms. Every run of white space counts as one space. */
export function atomsOf(text: string, piece = 0, spaces = /\s+/): Atom[] {
  const atoms: Atom[] = [];
  for (const run of text.split(spaces)) {
    if (run === "") continue;
    const [first, ...rest] = partsOf(run);
    atoms.push({ ...first!, space: " ", piece }, ...rest.map((part): Atom => ({ ...part, space: "", piece })));
  }
  if (atoms[0]) atoms[0].space = "";
  return atoms;
}

function partsOf(run: string): Pick<Atom, "kind" | "text" | "gluesNext">[] {
  const lead = LEAD.exec(run)?.[0] ?? "";
  let core = run.slice(lead.length);
  const tail: string[] = [];
  for (let end = TAIL.exec(core)?.[0]; end !== undefined && core !== ""; end = TAIL.exec(core)?.[0]) {
    tail.unshift(end);
    core = core.slice(0, -end.length);
  }
  const parts: Pick<Atom, "kind" | "text" | "gluesNext">[] = [];
  if (lead !== "") parts.push({ kind: "mark", text: lead, ...(core !== "" && { gluesNext: true }) });
  for (const text of core.split(CHARACTERS)) {
    if (text !== "") parts.push({ kind: /[\p{L}\p{N}]/u.test(text) ? "word" : "mark", text });
  }
  for (const text of tail) parts.push({ kind: "mark", text });
  return parts;
}

/** The atoms of a final's pieces, with the times of their words. */
export function atomsOfPieces(pieces: readonly TextPiece[]): { atoms: Atom[]; words: FinalWord[] } {
  const words: FinalWord[] = [];
  const atoms = pieces.flatMap(({ text, words: timed = [] }, piece) => {
    const first = words.length;
    words.push(...timed);
    return withTimes(atomsOf(text, piece), timed, first);
  });
  return { atoms, words };
}

/** Text and words are the same characters: each atom lies in the word in which it begins. */
function withTimes(atoms: readonly Atom[], words: readonly FinalWord[], first: number): Atom[] {
  if (words.length === 0) return [...atoms];
  const bare = (text: string) => text.replace(/\s+/g, "");
  if (atoms.map(({ text }) => text).join("") !== bare(words.map(({ text }) => text).join(""))) {
    return spread(atoms, words[0]!, words.at(-1)!);
  }
  let index = 0;
  let end = bare(words[0]!.text).length;
  let at = 0;
  return atoms.map((atom) => {
    while (at >= end && index < words.length - 1) end += bare(words[++index]!.text).length;
    const { startMs, endMs, confidence } = words[index]!;
    at += atom.text.length;
    // An atom over several words, such as a written number, lasts as long as they do.
    let last = index;
    for (let reach = end; reach < at && last < words.length - 1; ) reach += bare(words[++last]!.text).length;
    const until = last === index ? endMs : words[last]!.endMs;
    return { ...atom, startMs, endMs: until, confidence, source: first + index };
  });
}

/** Atoms over a time, as long as their texts. */
export function spread(
  atoms: readonly Atom[],
  first: Pick<FinalWord, "startMs" | "confidence">,
  last: Pick<FinalWord, "endMs">,
): Atom[] {
  const total = atoms.reduce((sum, { text }) => sum + text.length, 0) || 1;
  let before = 0;
  const at = (length: number) => round(first.startMs + ((last.endMs - first.startMs) * length) / total);
  return atoms.map((atom) => {
    const startMs = at(before);
    before += atom.text.length;
    return { ...atom, startMs, endMs: at(before), confidence: first.confidence, source: undefined };
  });
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}

/** The atoms as text. */
export function textOf(atoms: readonly Atom[]): string {
  let text = "";
  for (const [i, atom] of atoms.entries()) {
    const apart = i > 0 && atom.kind !== "break" && atoms[i - 1]!.kind !== "break" && !atoms[i - 1]!.gluesNext;
    text += (apart ? atom.space : "") + atom.text;
  }
  return text;
}

/**
 * The atoms as words with times: what stands close together is one word. Words of the engine that no rule has touched stay as they
 * were.
 */
export function wordsOf(atoms: readonly Atom[], words: readonly FinalWord[]): FinalWord[] {
  const result: FinalWord[] = [];
  for (const group of groupsOf(atoms)) {
    const [head] = group;
    const untouched = sourcesOf(group, words);
    if (untouched) result.push(...untouched);
    else if (head?.startMs !== undefined) {
      const timed = group.filter(({ startMs }) => startMs !== undefined);
      result.push({
        text: group.map(({ text }) => text).join(""),
        startMs: Math.min(...timed.map(({ startMs }) => startMs!)),
        endMs: Math.max(...timed.map(({ endMs }) => endMs!)),
        confidence: Math.min(...timed.map(({ confidence = 1 }) => confidence)),
      });
    }
  }
  return result;
}

/** The engine's words of a group, if it is nothing but these. */
function sourcesOf(group: readonly Atom[], words: readonly FinalWord[]): FinalWord[] | undefined {
  const sources = [...new Set(group.map(({ source }) => source))];
  if (sources.includes(undefined)) return undefined;
  const from = sources[0]!;
  const to = sources.at(-1)! + 1;
  const found = words.slice(from, to);
  const text = found.map((word) => word.text).join("");
  return text.replace(/\s+/g, "") === group.map((atom) => atom.text).join("") ? found : undefined;
}

function groupsOf(atoms: readonly Atom[]): Atom[][] {
  const groups: Atom[][] = [];
  let open = false;
  for (const atom of atoms) {
    if (atom.kind === "break") open = false;
    else {
      const joins = open && (atom.space === "" || groups.at(-1)!.at(-1)!.gluesNext);
      if (joins) groups.at(-1)!.push(atom);
      else groups.push([atom]);
      open = true;
    }
  }
  return groups;
}

/** An atom with the time of several. */
export function timeOf(atoms: readonly Atom[]): Pick<Atom, "startMs" | "endMs" | "confidence"> {
  const timed = atoms.filter(({ startMs }) => startMs !== undefined);
  if (timed.length === 0) return {};
  return {
    startMs: Math.min(...timed.map(({ startMs }) => startMs!)),
    endMs: Math.max(...timed.map(({ endMs }) => endMs!)),
    confidence: Math.min(...timed.map(({ confidence = 1 }) => confidence)),
  };
}

/** Text that a rule writes instead of some atoms, with their time, where the first of them stood. */
export function written(text: string, instead: readonly Atom[]): Atom[] {
  const [head] = instead;
  const time = timeOf(instead);
  const atoms: Atom[] = [];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (i > 0) atoms.push({ kind: "break", text: "\n", space: "", piece: head!.piece });
    atoms.push(...atomsOf(line, head!.piece, BREAKING).map((atom) => ({ ...atom, fixed: true })));
  }
  if (atoms[0] && atoms[0].kind !== "break") atoms[0].space = head!.space;
  if (time.startMs === undefined) return atoms;
  const first = { startMs: time.startMs, confidence: time.confidence ?? 1 };
  return spread(atoms, first, { endMs: time.endMs! });
}
