/** Text as rows of a screen. */
import { graphemesOf, isSimple } from "@stt/core/document";
import { widthAt } from "./width.js";

/** A row of the screen: a stretch of the text. White space at its end may hang over the edge. */
export interface Row {
  from: number;
  /** Exclusive; the newline, if one ends the row, is not part of it. */
  to: number;
  /** Whether the row ends where the paragraph does. */
  ends: boolean;
}

/** Where the paragraphs of a text break, remembered from one version of the text to the next. */
export class Layout {
  rows: Row[] = [{ from: 0, to: 0, ends: true }];
  #columns = 0;
  #remembered = new Map<string, number[]>();

  update(text: string, columns: number): void {
    const before = columns === this.#columns ? this.#remembered : new Map<string, number[]>();
    this.#columns = columns;
    this.#remembered = new Map();
    this.rows = [];
    let from = 0;
    for (const paragraph of text.split("\n")) {
      const breaks = before.get(paragraph) ?? this.#remembered.get(paragraph) ?? breaksOf(paragraph, columns);
      this.#remembered.set(paragraph, breaks);
      let start = 0;
      for (const end of breaks) {
        this.rows.push({ from: from + start, to: from + end, ends: false });
        start = end;
      }
      this.rows.push({ from: from + start, to: from + paragraph.length, ends: true });
      from += paragraph.length + 1;
    }
  }

  /** The row in which the caret at an offset stands. */
  rowOf(offset: number): number {
    let low = 0;
    let high = this.rows.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.rows[middle]!.from <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Where a paragraph breaks: after white space or a hyphen, between wide characters, or else within a word. */
export function breaksOf(paragraph: string, columns: number): number[] {
  if (paragraph.length <= columns && isSimple(paragraph)) return [];
  const breaks: number[] = [];
  let start = 0;
  let column = 0;
  /** The latest place to break, and the column there. */
  let opportunity = 0;
  let opportunityColumn = 0;
  let offset = 0;
  for (const grapheme of graphemesOf(paragraph)) {
    const width = widthAt(grapheme, column);
    const isSpace = grapheme === " " || grapheme === "\t";
    if (column + width > columns && !isSpace && offset > start) {
      const place = opportunity > start ? opportunity : offset;
      breaks.push(place);
      column = place === offset ? 0 : column - opportunityColumn;
      start = place;
    }
    if (width === 2 && offset > opportunity) {
      opportunity = offset;
      opportunityColumn = column;
    }
    offset += grapheme.length;
    column += width;
    if (isSpace || grapheme === "-" || grapheme === "–" || grapheme === "—" || width === 2) {
      opportunity = offset;
      opportunityColumn = column;
    }
  }
  return breaks;
}
