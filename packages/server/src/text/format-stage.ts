import { capitalize, collapseSpaces, endsSentence, type FinalWord, withFullStop } from "@stt/core";
import type { TextContext, TextPiece, TextStage } from "./text-stage.js";

/** What a rule wrote stays as it is: "[email]", "iPhone". */
const HAS_OWN_CASE = /^(?:\[|\p{Ll}+\p{Lu})/u;
const LEADING_DOTS = /^(?:\.{3}|…)\s*/u;

/** One space between words, before anything else looks at them (TEXT_FORMATTING). */
export const spacesStage: TextStage = {
  final(pieces, { settings }) {
    if (!settings.textFormatting) return [...pieces];
    return pieces.map((piece) => ({ ...piece, text: collapseSpaces(piece.text) }));
  },

  live({ committed, tentative }, { settings }) {
    if (!settings.textFormatting) return { committed, tentative };
    return { committed: collapseSpaces(committed), tentative: collapseSpaces(tentative) };
  },
};

/**
 * The capital at the beginning and the full stop at the end (TEXT_FORMATTING), as the original system has them. What goes on in the
 * sentence of a text that was cut has no capital, what is cut has no full stop, and who dictates the marks says the full stop too.
 */
export const formatStage: TextStage = {
  final(pieces, context) {
    if (!context.settings.textFormatting) return [...pieces];
    const first = pieces.findIndex(({ text }) => text !== "");
    const last = pieces.findLastIndex(({ text }) => text !== "");
    return pieces.map((piece, i) => {
      let done = piece;
      if (i === first) done = mapEnds(done, { first: (text) => beginning(text, context), last: (text) => text });
      if (i === last) done = mapEnds(done, { first: (text) => text, last: (text) => ending(text, context) });
      return done;
    });
  },

  live({ committed, tentative }, context) {
    if (!context.settings.textFormatting) return { committed, tentative };
    return committed === ""
      ? { committed, tentative: beginning(tentative, context) }
      : { committed: beginning(committed, context), tentative };
  },
};

function beginning(text: string, { language, before = "" }: TextContext): string {
  const bare = text.replace(LEADING_DOTS, "");
  return HAS_OWN_CASE.test(bare) || !endsSentence(before) ? bare : capitalize(bare, language);
}

function ending(text: string, { settings, language, continues = false }: TextContext): string {
  if (continues || settings.spokenPunctuation) return text;
  return /\[(?:email|phone|card)\]$/.test(text) ? `${text}.` : withFullStop(text, language);
}

interface EndChanges {
  first(text: string): string;
  last(text: string): string;
}

/** The ends of a text are those of its first and last word. */
function mapEnds<T extends TextPiece>(piece: T, change: EndChanges): T {
  return {
    ...piece,
    text: change.last(change.first(piece.text)),
    words: piece.words && changedWords(piece.words, change),
  };
}

function changedWords(words: readonly FinalWord[], { first, last }: EndChanges): FinalWord[] {
  return words.map((word, i) => {
    let { text } = word;
    if (i === 0) text = first(text);
    if (i === words.length - 1) text = last(text);
    return text === word.text ? word : { ...word, text };
  });
}
