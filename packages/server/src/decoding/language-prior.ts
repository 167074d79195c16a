import { WHISPER_LANGUAGES } from "@stt/core";

/** A session that spoke a language for a while: how much likelier it is than before, at most. */
const HISTORY_WEIGHT = 9;
/** Speech that counts as a while, milliseconds. */
const HISTORY_MS = 10_000;

/**
 * What is known of a language before an utterance is heard, as weights of which only the ratios count.
 *
 * @param candidates none: all that Whisper knows
 * @param heard speech in each language so far, milliseconds
 */
export function languagePrior(
  candidates: readonly string[],
  heard: ReadonlyMap<string, number>,
): Readonly<Record<string, number>> {
  const all = candidates.length === 0;
  const total = [...heard.values()].reduce((sum, ms) => sum + ms, 0);
  return Object.fromEntries(
    (all ? WHISPER_LANGUAGES : candidates).map((language) => {
      const share = (heard.get(language) ?? 0) / Math.max(total, HISTORY_MS);
      return [language, 1 + HISTORY_WEIGHT * share];
    }),
  );
}
