import { WHISPER_LANGUAGES } from "@stt/core";

/** A session that spoke a language for a while: how much likelier it is than before, at most. */
const HISTORY_WEIGHT = 9;
/** Speech that counts as a while, milliseconds. */
const HISTORY_MS = 10_000;
/**
 * How much likelier a likely language is than another. An English prompt of 1.5 s that was taken for Chinese needed 5. Where the
 * audio proves little, Russian speech that counted as unlikely lost one of 62 recordings at 1 s by it, and none from 1.5 s on.
 */
const LIKELY_WEIGHT = 10;

/** What is known of each language before an utterance is heard: weights of which only the ratios count. */
export type LanguageWeights = Readonly<Record<string, number>>;

/**
 * The weights with which a language is detected.
 *
 * @param candidates none: all that Whisper knows
 * @param heard speech in each language so far, milliseconds
 */
export function languagePrior(candidates: readonly string[], heard: ReadonlyMap<string, number>): LanguageWeights {
  const total = sumOf(heard);
  return weigh(candidates, (language) => {
    const share = (heard.get(language) ?? 0) / Math.max(total, HISTORY_MS);
    return 1 + HISTORY_WEIGHT * share;
  });
}

/**
 * The weights for audio that proves little: the session's own languages count in full, however little of them was heard; before
 * anything was, and unless somebody named candidates, the likely ones.
 *
 * @returns undefined where nothing speaks for one language rather than another
 */
export function weakEvidencePrior(
  candidates: readonly string[],
  heard: ReadonlyMap<string, number>,
  likely: readonly string[],
): LanguageWeights | undefined {
  const total = sumOf(heard);
  if (total > 0) return weigh(candidates, (language) => 1 + HISTORY_WEIGHT * ((heard.get(language) ?? 0) / total));
  if (candidates.length > 0 || likely.length === 0) return undefined;
  return weigh(candidates, (language) => (likely.includes(language) ? LIKELY_WEIGHT : 1));
}

function weigh(candidates: readonly string[], weightOf: (language: string) => number): LanguageWeights {
  const languages = candidates.length === 0 ? WHISPER_LANGUAGES : candidates;
  return Object.fromEntries(languages.map((language) => [language, weightOf(language)]));
}

function sumOf(heard: ReadonlyMap<string, number>): number {
  return [...heard.values()].reduce((sum, ms) => sum + ms, 0);
}
