/** Finds where, in a new hypothesis, the words begin that are not committed yet. */
import { type HypothesisWord, hasUsableTimes } from "./hypothesis.js";
import { foldWord } from "./words.js";

/** Longest run of words compared with the committed tail. */
const MAX_NGRAM = 5;
/** Word times wander by some tenths of a second between decodes. */
const START_TOLERANCE_MS = 100;
/** How far from the committed end a repeated run may lie to be the same words heard again. */
const NGRAM_TOLERANCE_MS = 1000;
/** A single word is weaker evidence: "very very" must keep its second "very". */
const SINGLE_WORD_TOLERANCE_MS = 300;
const NGRAM_TOLERANCE_WORDS = 2;

/**
 * Index of the first word that is new.
 *
 * 1. The committed tail (5 words down to 1) found again near the committed end: everything up to it is old.
 * 2. Otherwise, with usable times: words that start before the committed end are old.
 * 3. Otherwise the beginning that is the most similar (least edit distance) to the committed words in the audio is old.
 *
 * @param words the hypothesis
 * @param tail the last committed words, at least the last five if there are as many
 * @param inAudio the committed words that lie in the audio decoded
 */
export function firstNewWord(
  words: readonly HypothesisWord[],
  tail: readonly HypothesisWord[],
  inAudio: readonly HypothesisWord[],
): number {
  const last = tail[tail.length - 1];
  if (!last || words.length === 0) return 0;
  const folded = words.map((word) => foldWord(word.text));
  const committedEnd = last.endMs !== undefined && hasUsableTimes(words) ? last.endMs : undefined;

  const anchor = findTail(words, folded, tail, inAudio.length, committedEnd);
  if (anchor !== undefined) return anchor;
  if (committedEnd !== undefined) {
    const index = words.findIndex((word) => word.startMs! >= committedEnd - START_TOLERANCE_MS);
    return index < 0 ? words.length : index;
  }
  return mostSimilarPrefix(
    folded,
    inAudio.map((word) => foldWord(word.text)),
  );
}

/** Where the longest run of the committed tail ends in the hypothesis; of several places the nearest to where it should be. */
function findTail(
  words: readonly HypothesisWord[],
  folded: readonly string[],
  tail: readonly HypothesisWord[],
  expectedIndex: number,
  committedEnd: number | undefined,
): number | undefined {
  const foldedTail = tail.slice(-MAX_NGRAM).map((word) => foldWord(word.text));
  for (let n = foldedTail.length; n >= 1; n--) {
    const run = foldedTail.slice(-n);
    const tolerance =
      committedEnd === undefined
        ? Math.min(n, NGRAM_TOLERANCE_WORDS)
        : n === 1
          ? SINGLE_WORD_TOLERANCE_MS
          : NGRAM_TOLERANCE_MS;
    let best: number | undefined;
    let bestDistance = Number.POSITIVE_INFINITY;
    for (let end = n; end <= folded.length; end++) {
      if (!run.every((word, i) => word === folded[end - n + i])) continue;
      const distance =
        committedEnd === undefined ? Math.abs(end - expectedIndex) : Math.abs(words[end - 1]!.endMs! - committedEnd);
      if (distance <= tolerance && distance < bestDistance) {
        best = end;
        bestDistance = distance;
      }
    }
    if (best !== undefined) return best;
  }
  return undefined;
}

/** Length of the prefix of `words` with the least edit distance to `committed`; of equals the nearest in length. */
function mostSimilarPrefix(words: readonly string[], committed: readonly string[]): number {
  let row = Array.from({ length: words.length + 1 }, (_, j) => j);
  for (let i = 1; i <= committed.length; i++) {
    const next = [i];
    for (let j = 1; j <= words.length; j++) {
      const replaced = row[j - 1]! + (committed[i - 1] === words[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  let best = 0;
  for (let j = 1; j <= words.length; j++) {
    const nearer = Math.abs(j - committed.length) < Math.abs(best - committed.length);
    if (row[j]! < row[best]! || (row[j] === row[best] && nearer)) best = j;
  }
  return best;
}
