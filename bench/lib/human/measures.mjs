/** What is measured of streamed recordings. */
import { foldedWords, wordErrorRate } from "../../../packages/core/dist/index.js";
import { percentile, round, sum } from "../stats.mjs";
import { wordsOf } from "../text/words-of.mjs";

/** An utterance on a recording of one or two words that has so many words more than were said is a phantom. */
const PHANTOM_WORDS = 3;

/** Word errors of texts against what was said, in per cent of the words. */
export function errorRate(pairs) {
  const rates = pairs.map(({ recording, text }) =>
    wordErrorRate(recording.text, text, (each) => wordsOf(each, recording.language)),
  );
  return (100 * sum(rates.map(({ errors }) => errors))) / sum(rates.map(({ words }) => words));
}

/** Whether somebody spoke and no word of it came. */
export const isLost = ({ recording, text }) => recording.text !== "" && wordsOf(text, recording.language).length === 0;

/** Whether there is text where nobody spoke, or a phrase where one or two words were said. */
export function isPhantom({ recording, text }) {
  const heard = wordsOf(text, recording.language).length;
  if (recording.text === "") return heard > 0;
  return (
    recording.set.startsWith("short-") && heard >= wordsOf(recording.text, recording.language).length + PHANTOM_WORDS
  );
}

/**
 * Committed text that was taken back: a partial whose committed words do not go on from those of the one before, and an
 * utterance with committed text that ends without a final, or with an empty one.
 *
 * @param {import("./stream-recording.mjs").SeenUtterance} utterance
 */
export function retractions({ partials, text }) {
  let count = 0;
  let before = [];
  for (const { committed } of partials) {
    const words = foldedWords(committed);
    if (before.some((word, i) => words[i] !== word)) count++;
    before = words;
  }
  return count + (before.length > 0 && !text ? 1 : 0);
}

/** Words shown that the next update or the final changed or took away, and the words of the final. */
export function changedWords({ partials, text = "" }) {
  const shown = [...partials.map(({ committed, tentative }) => `${committed} ${tentative}`), text];
  let changed = 0;
  for (let i = 1; i < shown.length; i++) {
    const { substitutions, deletions } = wordErrorRate(shown[i - 1], shown[i]);
    changed += substitutions + deletions;
  }
  return { changed, words: foldedWords(text).length };
}

/** Changed words for each hundred of the finals. */
export function changedPerHundred(streamed) {
  const counts = streamed.flatMap(({ utterances }) => utterances.map(changedWords));
  return (100 * sum(counts.map(({ changed }) => changed))) / sum(counts.map(({ words }) => words));
}

/** From the first sound to the first text, milliseconds; recordings whose text came at once with the final included. */
export function firstTextDelays(streamed) {
  return streamed.flatMap(({ utterances, onsetSentAt }) => {
    const shown = utterances.flatMap(({ partials, finalAt, text }) => [
      ...partials.filter(({ committed, tentative }) => committed + tentative !== "").map(({ at }) => at),
      ...(text ? [finalAt] : []),
    ]);
    return shown.length > 0 && onsetSentAt > 0 ? [Math.min(...shown) - onsetSentAt] : [];
  });
}

const LENGTHS = [
  { name: "< 5 s", from: 0, to: 5000 },
  { name: "5 to 15 s", from: 5000, to: 15_000 },
  { name: "> 15 s", from: 15_000, to: Number.POSITIVE_INFINITY },
];

/** From the last sound of an utterance to its final, by the length of what was said. */
export function finalDelays(streamed) {
  const finals = streamed.flatMap(({ utterances }) => utterances.filter(({ text }) => text));
  return LENGTHS.map(({ name, from, to }) => {
    const delays = finals
      .filter(({ startMs, endMs }) => endMs - startMs >= from && endMs - startMs < to)
      .map(({ finalAt, endSentAt }) => finalAt - endSentAt)
      .filter(Number.isFinite);
    return { name, count: delays.length, p50: round(percentile(delays, 50)), p95: round(percentile(delays, 95)) };
  });
}
