/** How much room text takes in a terminal. */
import { graphemesOf } from "@stt/core/document";
import { eastAsianWidth } from "get-east-asian-width";

/** A letter with an emoji's picture: terminals show the whole of it, skin and family included, in two columns. */
const EMOJI = /^\p{Emoji_Presentation}|\ufe0f/u;
/** Regional indicators make a flag by two, and terminals count each. */
const FLAG = /^\p{Regional_Indicator}/u;
/**
 * Marks that stand over or under a letter, format characters, and the vowels and final consonants of a Hangul syllable in parts.
 * The soft hyphen is shown, though it is a format character. Spacing marks, as in Devanagari, are not among them: terminals give those a column of their own.
 */
const ZERO = /^(?!\u00ad)[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff\ud7b0-\ud7ff]$/u;
/** Columns between tab stops. */
export const TAB_COLUMNS = 4;

/** Columns of one grapheme cluster that stands at a column. */
export function widthAt(grapheme: string, column: number): number {
  // Latin and Cyrillic letters, without asking three expressions.
  const code = grapheme.length === 1 ? grapheme.charCodeAt(0) : 0;
  if ((code >= 0x20 && code < 0x7f) || (code >= 0x400 && code < 0x483)) return 1;
  if (grapheme === "\t") return TAB_COLUMNS - (column % TAB_COLUMNS);
  if (EMOJI.test(grapheme) && !FLAG.test(grapheme)) return 2;
  let width = 0;
  // Terminals know nothing of clusters: they count code points, also where Unicode makes one letter of several.
  for (const character of grapheme) if (!ZERO.test(character)) width += eastAsianWidth(character.codePointAt(0)!);
  return width;
}

/** A grapheme cluster as it may be sent to a terminal: what would command it becomes a visible sign. */
export function printable(grapheme: string, column: number): string {
  const code = grapheme.charCodeAt(0);
  if (grapheme === "\t") return " ".repeat(widthAt(grapheme, column));
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return "\u2421";
  return code > 0x7f && code < 0xa0 ? "\ufffd" : grapheme;
}

/** Columns of a text that begins at the left edge. */
export function widthOf(text: string): number {
  let width = 0;
  for (const grapheme of graphemesOf(text)) width += widthAt(grapheme, width);
  return width;
}

/** The beginning of a text, at most `room` columns, marked where it was cut. */
export function cut(text: string, room: number): string {
  if (widthOf(text) <= room) return text;
  if (room < 2) return "";
  let out = "";
  let width = 0;
  for (const grapheme of graphemesOf(text)) {
    width += widthAt(grapheme, width);
    if (width > room - 1) break;
    out += grapheme;
  }
  return `${out}…`;
}
