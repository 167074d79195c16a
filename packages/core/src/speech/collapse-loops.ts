/** Takes loops out of a text and leaves the rest. */
import { isLoop } from "./hallucination-check.js";
import { longestRepetition } from "./hallucination-rules.js";
import { foldWord } from "./words.js";

/**
 * Finds the words that stay when every loop is reduced to its first turn. What people repeat themselves ("no, no, no") is no loop.
 *
 * @param words a text's words with their punctuation, in order
 * @returns indices of the words that stay, ascending; all of them when there is no loop
 */
export function collapseLoops(words: readonly string[]): number[] {
  let kept = words.map((_, index) => index);
  for (;;) {
    const run = longestRepetition(kept.map((index) => foldWord(words[index]!)));
    if (!run || !isLoop(run)) return kept;
    const firstTurnEnd = run.start + run.words.length;
    const loopEnd = run.start + run.words.length * run.times;
    kept = [...kept.slice(0, firstTurnEnd), ...kept.slice(loopEnd)];
  }
}
