/** The rule of `vocabulary.ts` as a schema, for configuration and wires. Pure calls: bundlers leave it out of a browser's bundle. */
import * as z from "zod/mini";
import {
  isVocabularyEntry,
  MAX_TERMS,
  MAX_VOCABULARY_CHARACTERS,
  VOCABULARY_ENTRY_RULE,
  type VocabularyEntry,
  vocabularyCharacters,
} from "./vocabulary.js";

const entry = /* @__PURE__ */ (() =>
  z.pipe(
    z.unknown(),
    z.transform((value, context): VocabularyEntry => {
      if (isVocabularyEntry(value)) return value;
      context.issues.push({ code: "custom", message: `must be ${VOCABULARY_ENTRY_RULE}`, input: value });
      return z.NEVER;
    }),
  ))();

export const vocabularySchema = /* @__PURE__ */ (() =>
  z.array(entry).check(
    z.maxLength(MAX_TERMS),
    z.refine((entries) => vocabularyCharacters(entries) <= MAX_VOCABULARY_CHARACTERS, {
      error: `must have at most ${MAX_VOCABULARY_CHARACTERS} characters in all`,
    }),
  ))();
