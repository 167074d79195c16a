/** How much room text takes in a terminal. */
import { graphemesOf } from "@stt/core/document";

/** Code points that take two columns: Hangul Jamo, CJK, Hangul, full-width forms, emoji shown as such. */
const WIDE =
  /^(?:[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\p{Regional_Indicator}{2})/u;
const EMOJI_STYLE = /\ufe0f/;
const ZERO = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;
/** Columns between tab stops. */
export const TAB_COLUMNS = 4;

/** Columns of one grapheme cluster that stands at a column. */
export function widthAt(grapheme: string, column: number): number {
  // Latin and Cyrillic letters, without asking three expressions.
  const code = grapheme.length === 1 ? grapheme.charCodeAt(0) : 0;
  if ((code >= 0x20 && code < 0x7f) || (code >= 0x400 && code < 0x483)) return 1;
  if (grapheme === "\t") return TAB_COLUMNS - (column % TAB_COLUMNS);
  if (ZERO.test(grapheme)) return 0;
  return WIDE.test(grapheme) || EMOJI_STYLE.test(grapheme) ? 2 : 1;
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
