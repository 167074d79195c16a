import { readFileSync } from "node:fs";
import {
  isVocabulary,
  messageOf,
  parseVocabulary,
  SttError,
  VOCABULARY_RULE,
  type VocabularyTerm,
  vocabularyOf,
} from "@stt/core";

/**
 * The terms of `VOCABULARY_FILE`, one a line.
 *
 * @param file empty: none
 * @throws SttError `invalid_config`: it cannot be read, or holds more than is allowed
 */
export function readVocabularyFile(file: string): VocabularyTerm[] {
  if (file === "") return [];
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new SttError("invalid_config", `VOCABULARY_FILE cannot be read: ${messageOf(error)}.`, { cause: error });
  }
  const entries = parseVocabulary(text);
  if (!isVocabulary(entries)) {
    throw new SttError("invalid_config", `VOCABULARY_FILE ${file} may hold ${VOCABULARY_RULE.en}.`);
  }
  return vocabularyOf(entries);
}
