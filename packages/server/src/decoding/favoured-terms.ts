import { capitalize, type VocabularyTerm } from "@stt/core";

const known = new WeakMap<readonly VocabularyTerm[], readonly string[]>();

/** The terms of a vocabulary in each way in which a decoder may write them: as given, in small letters, with a capital. */
export function favouredTerms(vocabulary: readonly VocabularyTerm[]): readonly string[] {
  let terms = known.get(vocabulary);
  if (!terms) {
    terms = [...new Set(vocabulary.flatMap(({ term }) => [term, term.toLowerCase(), capitalize(term)]))];
    known.set(vocabulary, terms);
  }
  return terms;
}
