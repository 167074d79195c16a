import { collapseSpaces, type FinalWord, formatText, withFullStop } from "@stt/core";
import type { TextPiece, TextStage } from "./text-stage.js";

/** White space, the capital at the beginning and the full stop at the end (TEXT_FORMATTING): see `formatText`. */
export const formatStage: TextStage = {
  final(pieces, { settings, language }) {
    if (!settings.textFormatting) return [...pieces];
    return pieces.map((piece, i) => {
      let done = mapEnds(piece, { text: collapseSpaces, first: (word) => word, last: (word) => word });
      if (i === 0) {
        const begin = (text: string) => formatText(text, { final: false, language });
        done = mapEnds(done, { text: begin, first: begin, last: (word) => word });
      }
      if (i === pieces.length - 1) {
        const end = (text: string) => withFullStop(text, language);
        done = mapEnds(done, { text: end, first: (word) => word, last: end });
      }
      return done;
    });
  },

  live({ committed, tentative }, { settings, language }) {
    if (!settings.textFormatting) return { committed, tentative };
    const begin = (text: string) => formatText(text, { final: false, language });
    return committed === ""
      ? { committed, tentative: begin(tentative) }
      : { committed: begin(committed), tentative: collapseSpaces(tentative) };
  },
};

interface EndChanges {
  text(text: string): string;
  first(word: string): string;
  last(word: string): string;
}

function mapEnds<T extends TextPiece>(piece: T, change: EndChanges): T {
  return { ...piece, text: change.text(piece.text), words: piece.words && changedWords(piece.words, change) };
}

function changedWords(words: readonly FinalWord[], { first, last }: EndChanges): FinalWord[] {
  return words.map((word, i) => {
    let { text } = word;
    if (i === 0) text = first(text);
    if (i === words.length - 1) text = last(text);
    return text === word.text ? word : { ...word, text };
  });
}
