/** Finds the terms of a vocabulary among words that were heard: by spelling, by sound, and as far as the words are doubted. */
import { foldWord, type VocabularyTerm } from "@stt/core";
import { leastDistance, soundCounts, soundDistance } from "./sound-distance.js";
import { soundsOf, withoutDoubles } from "./sounds.js";

/** A word as it was heard. */
export interface HeardWord {
  /** With its punctuation. */
  text: string;
  /** 0..1 */
  confidence: number;
}

/** Words from `first` up to `end`, exclusive, that are a term. */
export interface TermMatch {
  first: number;
  end: number;
  /** As it is to be written. */
  term: string;
}

/** Most words that one term may have been heard as. */
const MAX_WINDOW = 4;
/** Windows with more letters are no term. */
const MAX_LETTERS = 80;
/** Letters of a word that stay when its ending changes, and letters of the ending. */
const LEAST_STEM = 4;
const MOST_ENDING = 3;
/** Sounds of a term, at least, for a likeness by ear alone. */
const LEAST_SOUNDS = 4;

/** Pairs of sounds that one text may cost, some 20 ms: whoever sends terms and speech to wear a server out gets no further. */
const MOST_WORK = 4_000_000;

/** How unlike a window may sound, as a share of the longer one's sounds, by the number of sounds of the term. */
function allowedDistance(sounds: number): number {
  if (sounds < LEAST_SOUNDS) return 0;
  if (sounds < 6) return 0.1;
  return sounds < 9 ? 0.17 : 0.22;
}

/** A decoder that is sure is seldom wrong: by the mean confidence of a window how much of the distance is allowed. */
function trustIn(confidence: number): number {
  if (confidence >= 0.9) return 0.25;
  if (confidence >= 0.8) return 0.5;
  return confidence >= 0.7 ? 0.8 : 1;
}
/** Several words are alike to something more easily than one: as much of the distance is allowed. */
const TRUST_IN_SEVERAL = 0.6;
/** From one alphabet to the other sounds alone speak, and those of two languages. */
const TRUST_ACROSS_SCRIPTS = 0.6;
/** Where a common word is among several, they are most often what was said. */
const TRUST_IN_COMMON_WORDS = 0.4;

interface Spelling {
  term: string;
  letters: string;
  sounds: string;
  counts: Uint8Array;
  cyrillic: boolean;
  /** Said to sound like the term, so that it means the term wherever it stands. */
  given: boolean;
}

/** A vocabulary, prepared. */
export class TermMatcher {
  readonly #byLetters = new Map<string, Spelling>();
  readonly #bySound: Spelling[] = [];
  /** Terms of one word, whose other endings are left alone. */
  readonly #words: string[] = [];
  /** What is left of {@link MOST_WORK}. */
  #work = 0;

  constructor(vocabulary: readonly VocabularyTerm[]) {
    for (const { term, soundsLike } of vocabulary) {
      this.#add(term, term, false);
      for (const spelling of soundsLike) this.#add(term, spelling, true);
      const letters = lettersOf(term);
      if (!/\s/.test(term) && letters.length >= LEAST_STEM) this.#words.push(letters);
    }
  }

  #add(term: string, spelling: string, given: boolean): void {
    const letters = lettersOf(spelling);
    if (letters === "" || this.#byLetters.has(letters)) return;
    const sounds = soundsOf(spelling);
    const entry = { term, letters, sounds, counts: soundCounts(sounds), cyrillic: isCyrillic(letters), given };
    this.#byLetters.set(letters, entry);
    if (sounds.length >= LEAST_SOUNDS) this.#bySound.push(entry);
  }

  /**
   * Terms among the words, in order, none over another.
   *
   * @param common words that are seldom a name, as `foldWord` writes them
   */
  find(words: readonly HeardWord[], common: ReadonlySet<string>): TermMatch[] {
    const folded = words.map(({ text }) => lettersOf(text));
    const taken = new Array<boolean>(words.length).fill(false);
    const found: TermMatch[] = [];
    const take = (first: number, end: number, term?: string) => {
      taken.fill(true, first, end);
      if (term !== undefined) found.push({ first, end, term });
    };

    // What has a term's letters is the term, and no part of another one.
    this.#eachWindow(folded, taken, (first, end, letters) => {
      const spelling = this.#byLetters.get(letters);
      if (!spelling) return;
      const ordinary = end - first === 1 && common.has(letters) && !spelling.given;
      take(first, end, ordinary ? undefined : spelling.term);
    });
    for (const [i, letters] of folded.entries()) {
      if (!taken[i] && this.#words.some((term) => isInflected(letters, term))) take(i, i + 1);
    }

    // Of what only sounds like a term the likest goes first.
    const ordinary = words.map(({ text }) => isOrdinary(text, common));
    const sounds = folded.map(soundsOf);
    this.#work = MOST_WORK;
    const alike: (TermMatch & { distance: number })[] = [];
    this.#eachWindow(folded, taken, (first, end, letters) => {
      if (letters.length < LEAST_SOUNDS) return;
      const isOrdinary = ordinary.slice(first, end).some(Boolean);
      // One word of every day is never taken for another.
      if (isOrdinary && end - first === 1) return;
      const window = words.slice(first, end);
      const confidence = window.reduce((sum, word) => sum + word.confidence, 0) / window.length;
      const several = end - first > 1 ? TRUST_IN_SEVERAL : 1;
      const trust = trustIn(confidence) * (isOrdinary ? TRUST_IN_COMMON_WORDS : several);
      const match = this.#likest(withoutDoubles(sounds.slice(first, end).join("")), isCyrillic(letters), trust);
      if (match) alike.push({ first, end, ...match });
    });
    alike.sort((a, b) => a.distance - b.distance);
    for (const { first, end, term } of alike) {
      if (!taken.slice(first, end).some(Boolean)) take(first, end, term);
    }
    return found.sort((a, b) => a.first - b.first);
  }

  /** Windows of free words, the longest at a place first. */
  #eachWindow(
    folded: readonly string[],
    taken: readonly boolean[],
    visit: (first: number, end: number, letters: string) => void,
  ): void {
    for (let first = 0; first < folded.length; first++) {
      for (let end = Math.min(folded.length, first + MAX_WINDOW); end > first; end--) {
        if (folded[first] === "" || folded[end - 1] === "") continue;
        if (taken.slice(first, end).some(Boolean)) continue;
        const letters = folded.slice(first, end).join("");
        if (letters.length <= MAX_LETTERS) visit(first, end, letters);
      }
    }
  }

  /** The term that sounds most like a window, within what is allowed. */
  #likest(sounds: string, cyrillic: boolean, trust: number): { term: string; distance: number } | undefined {
    const counts = soundCounts(sounds);
    let best: { term: string; distance: number } | undefined;
    for (const spelling of this.#bySound) {
      const longer = Math.max(sounds.length, spelling.sounds.length);
      const across = cyrillic === spelling.cyrillic ? 1 : TRUST_ACROSS_SCRIPTS;
      const limit = allowedDistance(spelling.sounds.length) * trust * across;
      if (Math.abs(sounds.length - spelling.sounds.length) * 0.4 > limit * longer) continue;
      if (leastDistance(counts, spelling.counts) > limit * longer) continue;
      this.#work -= sounds.length * spelling.sounds.length;
      if (this.#work < 0) return undefined;
      const distance = soundDistance(sounds, spelling.sounds, limit * longer) / longer;
      if (distance <= limit && distance < (best?.distance ?? Number.POSITIVE_INFINITY)) {
        best = { term: spelling.term, distance };
      }
    }
    return best;
  }
}

/** The letters and digits of a text as they are compared, without spaces. */
function lettersOf(text: string): string {
  return /[\p{L}\p{N}]/u.test(text) ? foldWord(text) : "";
}

function isCyrillic(letters: string): boolean {
  return /\p{Script=Cyrillic}/u.test(letters);
}

/** Whether all that a word is put together from, as in "open-source", is common. */
function isOrdinary(text: string, common: ReadonlySet<string>): boolean {
  return text.split(/[-‐–—/]/).every((part) => lettersOf(part) === "" || common.has(lettersOf(part)));
}

/** A term with another ending: "Asterisks", «Астериском». */
function isInflected(letters: string, term: string): boolean {
  const common = commonBeginning(letters, term);
  // English adds to a word, Russian puts one ending in place of another.
  const stem = /\p{Script=Cyrillic}/u.test(term) ? Math.max(LEAST_STEM, term.length - MOST_ENDING) : term.length;
  return common >= stem && letters.length - common <= MOST_ENDING;
}

function commonBeginning(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}
