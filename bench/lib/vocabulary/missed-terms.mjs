/** Which words of a recording its text lacks, so that somebody would put them into a vocabulary. */

/** Words that are shorter, or as common as these, nobody takes for a term. */
const LEAST_LETTERS = 5;
/** Another ending of a word that is there is grammar, and no name. */
const STEM = 0.6;
const LEAST_STEM = 4;

export const foldedWords = (text) =>
  text
    .toLowerCase()
    .replace(/ё/g, "е")
    .match(/[\p{L}\p{N}']+/gu) ?? [];

/**
 * @param {{ text: string, language: string }} recording
 * @param {string} text what was decoded
 * @param {ReadonlySet<string>} common words that are no terms
 * @returns {string[]} as the recording's author wrote them, in small letters
 */
export function missedTerms({ text: said, language }, text, common) {
  const heard = foldedWords(text);
  const script = language === "ru" ? /^\p{Script=Cyrillic}+$/u : /^\p{Script=Latin}+$/u;
  return [...new Set(foldedWords(said))].filter((word) => {
    if (word.length < LEAST_LETTERS || !script.test(word) || common.has(word)) return false;
    const stem = word.slice(0, Math.max(LEAST_STEM, Math.ceil(STEM * word.length)));
    return !heard.some((each) => each.startsWith(stem));
  });
}

/** Words that a text has more often than another one had, and more often than was said: what was put in wrongly. */
export function insertions(said, before, after, terms) {
  const counts = (text) => {
    const words = foldedWords(text);
    return (term) => occurrences(words, foldedWords(term));
  };
  const [inSaid, inBefore, inAfter] = [counts(said), counts(before), counts(after)];
  return terms.flatMap((term) => {
    const more = inAfter(term) - Math.max(inBefore(term), inSaid(term));
    return more > 0 ? new Array(more).fill(term) : [];
  });
}

function occurrences(words, term) {
  let count = 0;
  for (let i = 0; i + term.length <= words.length; i++) if (term.every((word, j) => words[i + j] === word)) count++;
  return count;
}
