import {
  capitalize,
  type TranscribedWord,
  type Transcription,
  type TranscriptionSegment,
  type VocabularyTerm,
} from "@stt/core";
import { commonWords } from "./common-words.js";
import { type HeardWord, type TermMatch, TermMatcher } from "./term-matcher.js";

const matchers = new WeakMap<readonly VocabularyTerm[], TermMatcher>();

/**
 * Writes the terms of a vocabulary where something that sounds or is spelled like them was heard. Live text and finals pass it
 * right behind the decoder, so that both read the same; words keep their times.
 *
 * @returns the transcription itself where nothing changes
 */
export function correctTerms(transcription: Transcription, vocabulary: readonly VocabularyTerm[]): Transcription {
  if (vocabulary.length === 0 || transcription.segments.length === 0) return transcription;
  let matcher = matchers.get(vocabulary);
  if (!matcher) {
    matcher = new TermMatcher(vocabulary);
    matchers.set(vocabulary, matcher);
  }
  const common = commonWords(transcription.language);
  const { segments } = transcription;
  const corrected = segments.map((segment) => correctSegment(segment, matcher, common));
  if (corrected.every((segment, i) => segment === segments[i])) return transcription;
  // Segments are joined as the engine joins them: what stands between them stays.
  let { text } = transcription;
  let at = 0;
  for (const [i, { text: before }] of segments.entries()) {
    const found = text.indexOf(before, at);
    if (found < 0) continue;
    text = text.slice(0, found) + corrected[i]!.text + text.slice(found + before.length);
    at = found + corrected[i]!.text.length;
  }
  return { ...transcription, text, segments: corrected };
}

function correctSegment(
  segment: TranscriptionSegment,
  matcher: TermMatcher,
  common: ReadonlySet<string>,
): TranscriptionSegment {
  const texts = segment.text.split(/\s+/).filter((word) => word !== "");
  const timed = segment.words?.length === texts.length ? segment.words : undefined;
  // Times and text that do not go together would part for good.
  if (segment.words && !timed) return segment;
  const confidence = Math.exp(segment.averageLogProbability);
  const heard: HeardWord[] = timed ?? texts.map((text) => ({ text, confidence }));
  const matches = matcher
    .find(heard, common)
    .map((match) => ({ ...match, written: written(match, heard) }))
    .filter(({ first, end, written }) => written !== joined(heard, first, end));
  if (matches.length === 0) return segment;

  const result: string[] = [];
  const words: TranscribedWord[] = [];
  let at = 0;
  const keepTo = (end: number) => {
    result.push(...heard.slice(at, end).map(({ text }) => text));
    if (timed) words.push(...timed.slice(at, end));
  };
  for (const { first, end, written } of matches) {
    keepTo(first);
    result.push(written);
    if (timed) words.push(...spread(written.split(" "), timed.slice(first, end)));
    at = end;
  }
  keepTo(heard.length);
  return { ...segment, text: result.join(" "), ...(timed && { words }) };
}

function joined(heard: readonly HeardWord[], first: number, end: number): string {
  return heard
    .slice(first, end)
    .map(({ text }) => text)
    .join(" ");
}

/** The term between the marks that stood around what was heard. */
function written({ first, end, term }: TermMatch, heard: readonly HeardWord[]): string {
  const before = /^[^\p{L}\p{N}]*/u.exec(heard[first]!.text)![0];
  const after = /[^\p{L}\p{N}]*$/u.exec(heard[end - 1]!.text)![0];
  // A term in small letters begins a sentence like any other word; one with capitals is always written so.
  const capital = /^[^\p{L}\p{N}]*\p{Lu}/u.test(heard[first]!.text) && term === term.toLowerCase();
  const written = capital ? capitalize(term) : term;
  return (term.startsWith(before) ? "" : before) + written + (term.endsWith(after) ? "" : after);
}

/** Words in the time of others, each as long as its letters say. */
function spread(texts: readonly string[], heard: readonly TranscribedWord[]): TranscribedWord[] {
  if (texts.length === heard.length) return texts.map((text, i) => ({ ...heard[i]!, text }));
  const { startMs } = heard[0]!;
  const lengthMs = heard.at(-1)!.endMs - startMs;
  const confidence = heard.reduce((sum, word) => sum + word.confidence, 0) / heard.length;
  const letters = texts.reduce((sum, text) => sum + text.length, 0);
  let before = 0;
  return texts.map((text) => {
    const from = startMs + (lengthMs * before) / letters;
    before += text.length;
    return { text, startMs: from, endMs: startMs + (lengthMs * before) / letters, confidence };
  });
}
