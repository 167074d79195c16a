/** Which words of the text the server was not sure of. */
import type { TextDocument, TextRange } from "@stt/core/document";
import type { ClientEvent } from "@stt/react";

type Final = Extract<ClientEvent, { type: "final" }>;

/** Below this a word is worth a second look. */
const DOUBTFUL = 0.5;
/** Older utterances have been read by then. */
const KEPT_UTTERANCES = 50;

export class Doubts {
  readonly #words = new Map<number, { text: string; isDoubtful: boolean }[]>();

  take({ utterance, words }: Final): void {
    if (!words?.some(({ confidence }) => confidence < DOUBTFUL)) return;
    this.#words.set(
      utterance,
      words.map(({ text, confidence }) => ({ text: bare(text), isDoubtful: confidence < DOUBTFUL })),
    );
    if (this.#words.size > KEPT_UTTERANCES) this.#words.delete(this.#words.keys().next().value!);
  }

  /** In order. A word that was corrected is no longer among them. */
  rangesIn(document: TextDocument): TextRange[] {
    const ranges = [...this.#words].flatMap(([utterance, words]) => {
      const range = document.spokenRange(utterance);
      return range ? doubtfulRanges(document.text.slice(range.from, range.to), range.from, words) : [];
    });
    return ranges.sort((a, b) => a.from - b.from);
  }
}

function doubtfulRanges(
  text: string,
  offset: number,
  words: readonly { text: string; isDoubtful: boolean }[],
): TextRange[] {
  const folded = text.toLowerCase();
  let at = 0;
  return words.flatMap(({ text: word, isDoubtful }) => {
    const found = word === "" ? -1 : folded.indexOf(word, at);
    if (found < 0) return [];
    at = found + word.length;
    return isDoubtful ? [{ from: offset + found, to: offset + at }] : [];
  });
}

function bare(word: string): string {
  return word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "").toLowerCase();
}
