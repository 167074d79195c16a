/** Names and terms to expect: how they are given, what is allowed, and the one form in which they are used. */

/** A term, or a term with spellings of what it sounds like: `{ term: "Kubernetes", soundsLike: ["cooper netties"] }`. */
export type VocabularyEntry = string | { term: string; soundsLike?: readonly string[] | undefined };

/** A {@link VocabularyEntry} as it is used: single spaces, nothing twice. */
export interface VocabularyTerm {
  /** As it is to be written. */
  term: string;
  soundsLike: readonly string[];
}

export const MAX_TERMS = 500;
/** Of a term and of each spelling. */
export const MAX_TERM_CHARACTERS = 64;
export const MAX_SPELLINGS = 8;
/** Of all terms and spellings together: what a decoder and a wire take without noticing. */
export const MAX_VOCABULARY_CHARACTERS = 20_000;

export const VOCABULARY_ENTRY_RULE = `a term of at most ${MAX_TERM_CHARACTERS} characters, or { term, soundsLike } with at most ${MAX_SPELLINGS} spellings of at most ${MAX_TERM_CHARACTERS}, without control characters`;
export const VOCABULARY_RULE = {
  en: `at most ${MAX_TERMS} terms of at most ${MAX_TERM_CHARACTERS} characters, ${MAX_VOCABULARY_CHARACTERS} in all, each with at most ${MAX_SPELLINGS} spellings of what it sounds like`,
  ru: `не больше ${MAX_TERMS} терминов не длиннее ${MAX_TERM_CHARACTERS} знаков, вместе ${MAX_VOCABULARY_CHARACTERS}, у каждого не больше ${MAX_SPELLINGS} написаний на слух`,
};

/** What has no place in a name: control and format characters, halves of surrogate pairs, line ends. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029\uFEFF\u202A-\u202E\u2066-\u2069]/u;

/** Whether a value may be an entry. What is blank may: it is left out. */
export function isVocabularyEntry(value: unknown): value is VocabularyEntry {
  if (typeof value === "string") return isTerm(value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const { term, soundsLike = [] } = value as { term?: unknown; soundsLike?: unknown };
  return isTerm(term) && Array.isArray(soundsLike) && soundsLike.length <= MAX_SPELLINGS && soundsLike.every(isTerm);
}

function isTerm(value: unknown): value is string {
  return typeof value === "string" && value.length <= MAX_TERM_CHARACTERS && !UNPRINTABLE.test(value);
}

/** Characters of all terms and spellings of a list. */
export function vocabularyCharacters(entries: readonly VocabularyEntry[]): number {
  return entries.reduce((sum, entry) => {
    if (typeof entry === "string") return sum + entry.length;
    return sum + entry.term.length + (entry.soundsLike ?? []).reduce((length, each) => length + each.length, 0);
  }, 0);
}

/** Whether a value is a list within the bounds. */
export function isVocabulary(value: unknown): value is VocabularyEntry[] {
  return (
    Array.isArray(value) &&
    value.length <= MAX_TERMS &&
    value.every(isVocabularyEntry) &&
    vocabularyCharacters(value) <= MAX_VOCABULARY_CHARACTERS
  );
}

/**
 * Lists as one, in the form in which they are used: what is blank is left out, and a term that stands in several places is one with
 * the spellings of all.
 *
 * @param lists of entries that {@link isVocabularyEntry} takes, the most important first
 */
export function vocabularyOf(...lists: readonly (readonly VocabularyEntry[])[]): VocabularyTerm[] {
  const terms = new Map<string, { term: string; soundsLike: Set<string> }>();
  for (const entry of lists.flat()) {
    const { term, soundsLike = [] } = typeof entry === "string" ? { term: entry } : entry;
    const name = tidy(term);
    // Marks alone are heard as nothing.
    if (!/[\p{L}\p{N}]/u.test(name)) continue;
    const known = terms.get(name) ?? { term: name, soundsLike: new Set<string>() };
    terms.set(name, known);
    for (const spelling of soundsLike.map(tidy)) {
      if (/[\p{L}\p{N}]/u.test(spelling) && spelling !== name) known.soundsLike.add(spelling);
    }
  }
  return [...terms.values()].map(({ term, soundsLike }) => ({ term, soundsLike: [...soundsLike] }));
}

function tidy(text: string): string {
  return text.normalize("NFC").replace(/\s+/g, " ").trim();
}
