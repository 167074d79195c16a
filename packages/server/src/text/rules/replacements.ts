import { capitalize, messageOf, type Replacement } from "@stt/core";
import { RE2JS, RE2JSSyntaxException } from "re2js";
import { type Atom, textOf, written } from "../atoms.js";
import { PhraseTrie } from "../phrase-trie.js";
import { type Grown, type Rule, rewrite } from "../rewrite.js";

/** A pattern sees so many atoms from where it begins; live text becomes certain so much later. */
const PATTERN_ATOMS = 12;
/** Attempts of all patterns on one text: behind them, patterns rest. An utterance of 30 s has some 100 words. */
const MAX_ATTEMPTS = 20_000;

interface Prepared {
  /** Neighbours in the list that need one pass. */
  passes: readonly (PhraseTrie<string> | Pattern)[];
}
interface Pattern {
  regex: RE2JS;
  replace: string;
}

const prepared = new WeakMap<readonly Replacement[], Prepared>();

/**
 * Replaces in the order of the list: words that stand beside each other in it are looked for all at once, of which the longest counts,
 * and then the first; each pattern is a pass of its own. What was written is not looked at again.
 */
export function replaceIn(text: Grown, list: readonly Replacement[], language: string): Grown {
  if (list.length === 0) return text;
  let known = prepared.get(list);
  if (!known) {
    known = prepare(list);
    prepared.set(list, known);
  }
  const budget = { attempts: MAX_ATTEMPTS };
  return known.passes.reduce(
    (done, pass) => rewrite(done, pass instanceof PhraseTrie ? exactRule(pass, language) : patternRule(pass, budget)),
    text,
  );
}

function prepare(list: readonly Replacement[]): Prepared {
  const passes: (PhraseTrie<string> | Pattern)[] = [];
  for (const { find, replace, pattern } of list) {
    if (pattern) {
      const regex = compile(find);
      // The doors refuse such a pattern: see `patternFaults`.
      if (regex) passes.push({ regex, replace });
      continue;
    }
    let trie = passes.at(-1);
    if (!(trie instanceof PhraseTrie)) {
      trie = new PhraseTrie<string>();
      passes.push(trie);
    }
    trie.add(find, replace);
  }
  return { passes };
}

function compile(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
  } catch {
    return undefined;
  }
}

/** A replacement whose pattern RE2 does not read. */
export interface PatternFault {
  /** Its place in the list, from 0. */
  index: number;
  pattern: string;
  /** In RE2's words: "missing closing )". */
  reason: string;
}

/** The patterns that {@link replaceIn} would leave out, in their order. */
export function patternFaults(list: readonly Replacement[]): PatternFault[] {
  return list.flatMap(({ find, pattern }, index) => {
    if (!pattern) return [];
    try {
      RE2JS.compile(find, RE2JS.CASE_INSENSITIVE);
      return [];
    } catch (error) {
      return [{ index, pattern: find, reason: reasonOf(error) }];
    }
  });
}

/** The part that is wrong is named where it is not the whole. */
function reasonOf(error: unknown): string {
  if (!(error instanceof RE2JSSyntaxException)) return messageOf(error);
  const part = error.getPattern();
  return part && !part.startsWith("(?i)") ? `${error.getDescription()}: ${part}` : error.getDescription();
}

function exactRule(trie: PhraseTrie<string>, language: string): Rule {
  return (atoms, at) => {
    const { found, looked } = trie.find(atoms, at);
    if (!found) return { take: 1, put: [atoms[at]!], looked };
    const instead = atoms.slice(at, at + found.length);
    return { take: found.length, put: written(withCase(found.value, instead, language), instead), looked };
  };
}

/** What has no capital of its own takes that of the words it stands for. */
function withCase(replace: string, instead: readonly Atom[], language: string): string {
  if (/\p{Lu}/u.test(replace)) return replace;
  const said = textOf(instead);
  const letters = said.replace(/[^\p{L}]/gu, "");
  if (letters.length > 1 && letters === letters.toUpperCase() && letters !== letters.toLowerCase()) {
    return replace.toUpperCase();
  }
  return /^\P{L}*\p{Lu}/u.test(said) ? capitalize(replace, language) : replace;
}

function patternRule({ regex, replace }: Pattern, budget: { attempts: number }): Rule {
  return (atoms, at) => {
    const stays = { take: 1, put: [atoms[at]!], looked: at + PATTERN_ATOMS };
    if (atoms[at]!.kind !== "word" || atoms[at]!.fixed || budget.attempts <= 0) return stays;
    budget.attempts--;
    let end = at;
    while (end < atoms.length && end - at < PATTERN_ATOMS && atoms[end]!.kind !== "break" && !atoms[end]!.fixed) end++;
    const matcher = regex.matcher(textOf(atoms.slice(at, end)));
    if (!matcher.lookingAt() || matcher.end() === 0) return stays;
    // Whole words: it ends where one of them does.
    const length = Array.from({ length: end - at }, (_, i) => i + 1).find(
      (count) => textOf(atoms.slice(at, at + count)).length === matcher.end(),
    );
    if (length === undefined) return stays;
    const text = replace.replace(/\$(?:\$|(\d))/g, (_, group) =>
      group === undefined ? "$" : groupOf(matcher, Number(group)),
    );
    return { take: length, put: written(text, atoms.slice(at, at + length)), looked: at + PATTERN_ATOMS };
  };
}

function groupOf(matcher: ReturnType<RE2JS["matcher"]>, group: number): string {
  return group <= matcher.groupCount() ? (matcher.group(group) ?? "") : "";
}
