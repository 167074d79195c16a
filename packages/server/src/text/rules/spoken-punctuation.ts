import { capitalize, foldWord, lowerFirst } from "@stt/core";
import { type Atom, timeOf } from "../atoms.js";
import { PhraseTrie } from "../phrase-trie.js";
import type { Rule } from "../rewrite.js";
import { LITERAL, SPOKEN_COMMANDS, SPOKEN_MARKS, type SpokenMark } from "./spoken-phrases.js";

const SENTENCE_END = /[.!?…]$/u;

/**
 * Writes "comma" and "new line" as what they mean. Marks that the model put around them go, and the next word gets the case that the
 * spoken mark asks for.
 */
export function spokenPunctuationRule(language: string): Rule | undefined {
  const phrases = SPOKEN_MARKS[language];
  if (!phrases) return undefined;
  const trie = new PhraseTrie<SpokenMark>();
  for (const [phrase, mark] of Object.entries(phrases)) trie.add(phrase, mark);
  return (atoms, at, before) => {
    const atom = atoms[at]!;
    const isOfModel = atom.kind === "mark" && !atom.fixed && /^[.,!?;:…]+$/u.test(atom.text);
    if (isOfModel) {
      const { found, looked } = trie.find(atoms, at + 1);
      const goes = found !== undefined && found.value.spacing !== "opening";
      return { take: 1, put: goes ? [] : [atom], looked };
    }
    const { found, looked } = trie.find(atoms, at);
    if (!found) return { take: 1, put: [atom], looked };
    const { value, length } = found;
    const own = markAtoms(value, atoms.slice(at, at + length));
    let end = at + length;
    // "Comma." of the model is a sentence of its own; behind a closing quote its mark belongs to the sentence.
    const replaces = value.spacing !== "closing" || /^[.,!?;:…]$/u.test(value.text);
    while (replaces && atoms[end]?.kind === "mark" && /^[.,!?;:…]+$/u.test(atoms[end]!.text)) {
      end++;
    }
    const next = atoms[end];
    if (next?.kind !== "word" || next.fixed || trie.find(atoms, end).found) {
      return { take: end - at, put: own, looked: Math.max(looked, trie.find(atoms, end).looked, end + 1) };
    }
    const begins = value.spacing === "break" || SENTENCE_END.test(value.text);
    const quoted = value.spacing === "opening" && (before.length === 0 || SENTENCE_END.test(before.at(-1)!.text));
    const text = begins || quoted ? capitalize(next.text, language) : lowerFirst(next.text, language);
    // The next word is written with the mark, since the mark decides its case.
    const put = [...own, { ...next, text, ...(text !== next.text && { source: undefined }) }];
    return { take: end - at + 1, put, looked: Math.max(looked, trie.find(atoms, end).looked) };
  };
}

function markAtoms({ text, spacing }: SpokenMark, spoken: readonly Atom[]): Atom[] {
  const { piece, space } = spoken[0]!;
  const time = timeOf(spoken);
  if (spacing === "break") return [{ kind: "break", text, space: "", piece, ...time }];
  const before = spacing === "closing" || spacing === "none" ? "" : space;
  const gluesNext = spacing === "opening" || spacing === "none";
  return [{ kind: "mark", text, space: before, piece, fixed: true, ...(gluesNext && { gluesNext }), ...time }];
}

/** "literal comma" is the word comma: it is written, and no later rule takes it for anything else. */
export function literalRule(language: string, ownCommands: readonly string[]): Rule | undefined {
  const literal = LITERAL[language];
  if (literal === undefined) return undefined;
  const trie = new PhraseTrie<true>();
  const phrases = [SPOKEN_MARKS[language], SPOKEN_COMMANDS[language]].flatMap((each) => Object.keys(each ?? {}));
  for (const phrase of [...phrases, ...ownCommands]) trie.add(phrase, true);
  return (atoms, at) => {
    const atom = atoms[at]!;
    if (atom.kind !== "word" || foldWord(atom.text) !== literal) return undefined;
    const { found, looked } = trie.find(atoms, at + 1);
    if (!found) return { take: 1, put: [atom], looked };
    const words = atoms.slice(at + 1, at + 1 + found.length).map((word) => ({ ...word, fixed: true }));
    const [first] = words;
    const capital = /^\p{Lu}/u.test(atom.text) ? capitalize(first!.text, language) : first!.text;
    words[0] = { ...first!, text: capital, space: atom.space, ...(capital !== first!.text && { source: undefined }) };
    return { take: 1 + found.length, put: words, looked };
  };
}
