import type { HypothesisWord } from "../../src/speech/hypothesis.js";

/** Words of 400 ms each from `startMs` on. */
export function timed(text: string, startMs = 0): HypothesisWord[] {
  return text
    .split(" ")
    .filter(Boolean)
    .map((word, i) => ({ text: word, startMs: startMs + 400 * i, endMs: startMs + 400 * (i + 1) }));
}
/** The same words without times. */
export const untimed = (text: string): HypothesisWord[] =>
  text
    .split(" ")
    .filter(Boolean)
    .map((word) => ({ text: word }));
