/** Text as tokens, and how two versions of it correspond. */
import { foldWord } from "../speech/words.js";

const segmenter = new Intl.Segmenter(undefined, { granularity: "word" });

/** Words, spaces and punctuation marks; together they are the text. Works in scripts without spaces too. */
export function tokenize(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Where old tokens went: for each of them its successor, and which new ones have no predecessor. */
export interface Succession {
  /** Per old token the index of the new one that takes its place; -1 for none. */
  successor: number[];
  /** Per old token, and at 0 for the beginning, the new tokens that follow on it and have no predecessor. */
  added: number[][];
}

/**
 * Lines up two versions of a text: equal words (case and punctuation aside) by longest common subsequence, and between them
 * one by one.
 */
export function succession(olds: readonly string[], news: readonly string[]): Succession {
  const successor = olds.map(() => -1);
  const added: number[][] = Array.from({ length: olds.length + 1 }, () => []);
  let i = 0;
  let j = 0;
  for (const [nextI, nextJ] of [...commonTokens(olds.map(foldWord), news.map(foldWord)), [olds.length, news.length]]) {
    while (i < nextI! && j < nextJ!) successor[i++] = j++;
    i = nextI!;
    while (j < nextJ!) added[i]!.push(j++);
    if (i < olds.length) successor[i++] = j++;
  }
  return { successor, added };
}

/** Index pairs of a longest common subsequence. */
function commonTokens(olds: readonly string[], news: readonly string[]): number[][] {
  const columns = news.length + 1;
  // Utterances are at most half a minute long: a full table is small.
  const lengths = new Uint16Array((olds.length + 1) * columns);
  for (let i = olds.length - 1; i >= 0; i--) {
    for (let j = news.length - 1; j >= 0; j--) {
      lengths[i * columns + j] =
        olds[i] === news[j]
          ? lengths[(i + 1) * columns + j + 1]! + 1
          : Math.max(lengths[(i + 1) * columns + j]!, lengths[i * columns + j + 1]!);
    }
  }
  const pairs: number[][] = [];
  for (let i = 0, j = 0; i < olds.length && j < news.length; ) {
    if (olds[i] === news[j]) pairs.push([i++, j++]);
    else if (lengths[(i + 1) * columns + j]! >= lengths[i * columns + j + 1]!) i++;
    else j++;
  }
  return pairs;
}
