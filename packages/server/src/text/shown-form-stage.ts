import { foldWord } from "@stt/core";
import type { TextPiece, TextStage } from "./text-stage.js";

/**
 * Keeps the case and punctuation in which a word was shown as certain, where the final has the same word. More than half of what
 * a reader saw change when a final came was of that kind; it is no gain in truth, and it pulls the eye back.
 */
export const shownFormStage: TextStage = {
  final(pieces, { shown = "" }) {
    const shownWords = shown.split(/\s+/).filter((word) => word !== "");
    // What stands behind the last word was not committed with it.
    shownWords.pop();
    if (shownWords.length === 0) return [...pieces];
    const words = pieces.map(({ text }) => text.split(/\s+/).filter((word) => word !== ""));
    const forms = shownForms(words.flat(), shownWords);
    let first = 0;
    return pieces.map((piece, i) => {
      const count = words[i]!.length;
      const changed = forms.slice(first, first + count);
      first += count;
      return withWords(piece, words[i]!, changed);
    });
  },

  live: (text) => text,
};

/** For each word the form in which it was shown, if it was. */
function shownForms(words: readonly string[], shown: readonly string[]): (string | undefined)[] {
  const a = words.map(foldWord);
  const b = shown.map(foldWord);
  // Lengths of the longest common subsequences of what follows.
  const longest = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i]![j] = a[i] === b[j] ? longest[i + 1]![j + 1]! + 1 : Math.max(longest[i + 1]![j]!, longest[i]![j + 1]!);
    }
  }
  const forms: (string | undefined)[] = words.map(() => undefined);
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) forms[i++] = shown[j++];
    else if (longest[i + 1]![j]! >= longest[i]![j + 1]!) i++;
    else j++;
  }
  return forms;
}

function withWords<T extends TextPiece>(piece: T, words: readonly string[], forms: readonly (string | undefined)[]): T {
  if (words.every((word, i) => forms[i] === undefined || forms[i] === word)) return piece;
  const text = words.map((word, i) => forms[i] ?? word).join(" ");
  const timed = piece.words?.length === words.length ? piece.words : undefined;
  return {
    ...piece,
    text,
    words: timed ? timed.map((word, i) => ({ ...word, text: forms[i] ?? word.text })) : piece.words,
  };
}
