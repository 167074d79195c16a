import { foldWord, type SpokenCommand, type SpokenCommands } from "@stt/core";
import { type Atom, textOf, timeOf } from "../atoms.js";
import { PhraseTrie } from "../phrase-trie.js";
import type { Rule } from "../rewrite.js";
import { LITERAL, SPOKEN_COMMANDS } from "./spoken-phrases.js";

/** Silence within an utterance, milliseconds on the timeline. */
export interface Pause {
  startMs: number;
  endMs: number;
}

/** A command in the middle of speech needs a pause of this length before it. */
export const COMMAND_PAUSE_MS = 300;
/** What is said in one breath. */
const MAX_COMMAND_WORDS = 12;

/** By what own commands a session has; all that have none share one. */
const tries = new WeakMap<object, Map<string, PhraseTrie<string>>>();
const NONE = {};

function trieOf(commands: SpokenCommands, language: string): PhraseTrie<string> {
  const key = typeof commands === "object" ? commands : NONE;
  const byLanguage = tries.get(key) ?? new Map<string, PhraseTrie<string>>();
  tries.set(key, byLanguage);
  const trie = byLanguage.get(language) ?? makeTrie(commands, language);
  byLanguage.set(language, trie);
  return trie;
}

function makeTrie(commands: SpokenCommands, language: string): PhraseTrie<string> {
  const trie = new PhraseTrie<string>();
  const own = typeof commands === "object" ? commands : {};
  for (const [phrase, name] of Object.entries({ ...SPOKEN_COMMANDS[language], ...own })) trie.add(phrase, name);
  return trie;
}

/**
 * Takes commands off the end of an utterance. Only what is a command from a pause, or from the utterance's beginning, to its end is
 * one: "please undo it" is not, nor is "literal undo".
 *
 * @param fallback the utterance's time, where words have none
 */
export function takeCommands(
  atoms: readonly Atom[],
  { commands, language, pauses }: { commands: SpokenCommands; language: string; pauses: readonly Pause[] },
  fallback: Pause,
): { atoms: readonly Atom[]; commands: SpokenCommand[] } {
  if (commands === false) return { atoms, commands: [] };
  const trie = trieOf(commands, language);
  const wordCount = atoms.filter(({ kind }) => kind === "word").length;
  let words = 0;
  for (let at = 0; at < atoms.length; at++) {
    if (atoms[at]!.kind !== "word") continue;
    const isStart = words++ === 0;
    if (wordCount - words >= MAX_COMMAND_WORDS) continue;
    if (!isStart && !followsPause(atoms, at, pauses)) continue;
    const found = commandsFrom(atoms, at, trie, fallback);
    if (found) return { atoms: atoms.slice(0, at), commands: found };
  }
  return { atoms, commands: [] };
}

function commandsFrom(
  atoms: readonly Atom[],
  from: number,
  trie: PhraseTrie<string>,
  fallback: Pause,
): SpokenCommand[] | undefined {
  const commands: SpokenCommand[] = [];
  for (let at = from; at < atoms.length; ) {
    if (atoms[at]!.kind !== "word") {
      at++;
      continue;
    }
    const { found } = trie.find(atoms, at);
    if (!found) return undefined;
    const spoken = atoms.slice(at, at + found.length);
    const { startMs = fallback.startMs, endMs = fallback.endMs } = timeOf(spoken);
    commands.push({ command: found.value, text: textOf(spoken), startMs, endMs });
    at += found.length;
  }
  return commands.length > 0 ? commands : undefined;
}

/** Times of words are rough: the pause lies somewhere between the middles of the two words. */
function followsPause(atoms: readonly Atom[], at: number, pauses: readonly Pause[]): boolean {
  const before = atoms.slice(0, at).findLast(({ kind }) => kind === "word");
  const middle = ({ startMs, endMs }: Atom) => (startMs! + endMs!) / 2;
  if (!before || before.endMs === undefined || atoms[at]!.startMs === undefined) return false;
  return pauses.some(
    (pause) =>
      pause.endMs - pause.startMs >= COMMAND_PAUSE_MS &&
      middle(before) < pause.endMs &&
      middle(atoms[at]!) > pause.startMs,
  );
}

/** Live text that may turn out to be a command is not certain yet. */
export function commandHoldRule(commands: SpokenCommands, language: string): Rule {
  const trie = trieOf(commands, language);
  const literal = LITERAL[language];
  return (atoms, at, before) => {
    const atom = atoms[at]!;
    const last = before.at(-1);
    if (atom.kind !== "word" || (last && foldWord(last.text) === literal)) return undefined;
    const { found, looked } = trie.find(atoms, at);
    if (!found) return { take: 1, put: [atom], looked };
    // Nothing but marks behind it: it may be the end.
    let end = at + found.length;
    while (end < atoms.length && atoms[end]!.kind !== "word") end++;
    return { take: 1, put: [atom], looked: end + 1 };
  };
}
