import type { VocabularyTerm } from "@stt/core";

/** Of a prompt's characters, those that terms may take: what is said must be left room, and so must what was said before. */
const MAX_CHARACTERS = 400;

/** The first terms of a vocabulary as a prompt shows them to a model; of a long list as many as fit. */
export function vocabularyPrompt(vocabulary: readonly VocabularyTerm[]): string {
  let text = "";
  for (const { term } of vocabulary) {
    const longer = text === "" ? term : `${text}, ${term}`;
    if (longer.length > MAX_CHARACTERS) break;
    text = longer;
  }
  return text;
}
