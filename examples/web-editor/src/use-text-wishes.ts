/** How this user wants text to be written, in every session: of the microphone and of files. */
import type { SessionOptions } from "@stt/core";
import { useMemo, useSyncExternalStore } from "react";
import { usePage } from "./page-context.js";
import { DICTIONARY } from "./words/dictionary.js";
import { REPLACEMENTS } from "./words/replacements.js";

export type TextWishes = Pick<
  SessionOptions,
  "vocabulary" | "replace" | "numerals" | "fillers" | "profanity" | "typography" | "redact"
>;

export function useTextWishes(): TextWishes {
  const { numerals, fillers, profanity, typography, redact } = usePage().preferences;
  const terms = useSyncExternalStore(DICTIONARY.subscribe, DICTIONARY.getSnapshot);
  const replace = useSyncExternalStore(REPLACEMENTS.subscribe, REPLACEMENTS.getSent);
  return useMemo(
    () => ({ vocabulary: [...terms], replace, numerals, fillers, profanity, typography, redact }),
    [terms, replace, numerals, fillers, profanity, typography, redact],
  );
}
