/** Which words of live text a reader is shown before they are certain. */
import type { HypothesisWord } from "./hypothesis.js";

/**
 * A word that two decodes have not agreed on yet is shown when the model is so sure of it. A first look at growing beginnings of
 * 17 human recordings with base, decoded every 0.5 s: with all words shown 43 (English) and 77 (Russian) of 100 words were changed
 * later, with these two bounds 7 and 21. What is held back here stands one decode later, when it is agreed on.
 */
const SURE = 0.75;
/** The first word of an utterance tells a speaker that he is heard; it is shown sooner. */
const FIRST_WORD = 0.4;

/**
 * How many of the words that are not certain yet may be shown: up to the first doubtful one.
 *
 * @param open in order, behind what is certain. Words of an engine that tells no confidence are all shown.
 * @param atBeginning whether nothing of the utterance is certain yet
 */
export function shownWords(open: readonly HypothesisWord[], atBeginning: boolean): number {
  const sure = open.findIndex(({ confidence = 1 }) => confidence < SURE);
  const count = sure < 0 ? open.length : sure;
  const first = open[0];
  return count === 0 && atBeginning && first && (first.confidence ?? 1) >= FIRST_WORD ? 1 : count;
}
