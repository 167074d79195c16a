import { type FinalWord, foldWord, type HypothesisWord, splitWords } from "@stt/core";

/** Words that live text may have in place of as many others: a number that is written in figures. */
const LOOK_AHEAD = 6;

/** The words of live text that were not found again, between two that were. */
interface Gap {
  words: string[];
  fromMs: number;
  untilMs: number;
  confidences: number[];
}

/**
 * The words of live text with their times and confidence. Those that the model heard have their own; what was written otherwise
 * shares the time of what it stands for.
 *
 * @param heard what the model heard, in order
 * @param startMs where the text begins, for words without times
 */
export function liveWords(text: string, heard: readonly HypothesisWord[], startMs: number, endMs: number): FinalWord[] {
  const words: FinalWord[] = [];
  const known = mean(heard.flatMap(({ confidence }) => confidence ?? [])) ?? 0;
  let next = 0;
  let gap: Gap = { words: [], fromMs: startMs, untilMs: endMs, confidences: [] };
  const close = (untilMs: number) => {
    words.push(...spread({ ...gap, untilMs: Math.max(gap.fromMs, untilMs) }, known));
  };
  for (const word of splitWords(text)) {
    const at = indexOf(word, heard, next);
    const found = heard[at];
    if (!found) {
      gap.words.push(word);
      continue;
    }
    gap.confidences = heard.slice(next, at).flatMap(({ confidence }) => confidence ?? []);
    close(found.startMs!);
    const from = Math.max(gap.fromMs, found.startMs!);
    const until = Math.max(from, found.endMs!);
    words.push({ text: word, startMs: from, endMs: until, confidence: found.confidence ?? known });
    gap = { words: [], fromMs: until, untilMs: endMs, confidences: [] };
    next = at + 1;
  }
  gap.confidences = heard.slice(next).flatMap(({ confidence }) => confidence ?? []);
  close(endMs);
  return words;
}

export function meanConfidence(words: readonly FinalWord[]): number {
  return mean(words.map(({ confidence }) => confidence)) ?? 0;
}

function indexOf(word: string, heard: readonly HypothesisWord[], from: number): number {
  const folded = foldWord(word);
  const until = Math.min(heard.length, from + LOOK_AHEAD);
  for (let at = from; at < until; at++) {
    const { text, startMs, endMs } = heard[at]!;
    if (startMs !== undefined && endMs !== undefined && foldWord(text) === folded) return at;
  }
  return -1;
}

/** Evenly, by letters. */
function spread({ words, fromMs, untilMs, confidences }: Gap, known: number): FinalWord[] {
  const letters = words.reduce((sum, word) => sum + word.length, 0);
  const confidence = round(mean(confidences) ?? known);
  let done = 0;
  const timeAt = (count: number) => Math.round(fromMs + ((untilMs - fromMs) * count) / letters);
  return words.map((text) => {
    const startMs = timeAt(done);
    done += text.length;
    return { text, startMs, endMs: timeAt(done), confidence };
  });
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : round(values.reduce((sum, value) => sum + value, 0) / values.length);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
