/** Word error rate: how far a transcript is from what was said. */
import { foldedWords } from "./words.js";

export interface WordErrorRate {
  /** Substitutions, insertions and deletions together. */
  errors: number;
  /** Words of the reference. */
  words: number;
  /** `errors / words`; may exceed 1. For an empty reference 0 if nothing was heard, else 1. */
  rate: number;
  substitutions: number;
  /** Words heard that were not said. */
  insertions: number;
  /** Words said that were not heard. */
  deletions: number;
}

/**
 * Word error rate by least edit distance (Levenshtein). Case, punctuation and the difference of ё and е do not count. Scripts
 * without spaces are compared by character, as is usual for them.
 *
 * @param reference what was said
 * @param hypothesis what was recognised
 * @param wordsOf cuts a text into words as they are compared, for a normalisation of your own
 */
export function wordErrorRate(
  reference: string,
  hypothesis: string,
  wordsOf: (text: string) => string[] = foldedWords,
): WordErrorRate {
  const said = wordsOf(reference);
  const heard = wordsOf(hypothesis);
  const width = heard.length + 1;
  const distance = new Uint32Array((said.length + 1) * width);
  for (let j = 0; j < width; j++) distance[j] = j;
  for (let i = 1; i <= said.length; i++) {
    distance[i * width] = i;
    for (let j = 1; j < width; j++) {
      const diagonal = distance[(i - 1) * width + j - 1]! + (said[i - 1] === heard[j - 1] ? 0 : 1);
      const above = distance[(i - 1) * width + j]! + 1;
      const left = distance[i * width + j - 1]! + 1;
      distance[i * width + j] = Math.min(diagonal, above, left);
    }
  }

  let substitutions = 0;
  let insertions = 0;
  let deletions = 0;
  for (let i = said.length, j = heard.length; i > 0 || j > 0; ) {
    const here = distance[i * width + j]!;
    const same = i > 0 && j > 0 && said[i - 1] === heard[j - 1];
    if (i > 0 && j > 0 && here === distance[(i - 1) * width + j - 1]! + (same ? 0 : 1)) {
      if (!same) substitutions++;
      i--;
      j--;
    } else if (i > 0 && here === distance[(i - 1) * width + j]! + 1) {
      deletions++;
      i--;
    } else {
      insertions++;
      j--;
    }
  }
  const errors = substitutions + insertions + deletions;
  const words = said.length;
  return {
    errors,
    words,
    rate: words > 0 ? errors / words : Math.min(1, errors),
    substitutions,
    insertions,
    deletions,
  };
}
