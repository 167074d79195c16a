import { Layout, printable, widthAt } from "@stt/client-node/cli";
import { graphemesOf, type TextDocument, type TextRange } from "@stt/core/document";

const DIM = "\x1b[2m";
const REVERSE = "\x1b[7m";
const RESET = "\x1b[0m";

/** A window onto a document: wraps it, scrolls it, and says which character stands where. */
export class TextView {
  columns = 80;
  rows = 23;
  #top = 0;
  readonly #layout = new Layout();
  /** The column that a row of up and down moves keeps to. */
  #goal: number | undefined;
  #shownCaret = -1;
  readonly #document: TextDocument;

  constructor(document: TextDocument) {
    this.#document = document;
  }

  resize(columns: number, rows: number): void {
    this.columns = Math.max(1, columns);
    this.rows = Math.max(1, rows);
    this.#shownCaret = -1;
  }

  /** The rows to be seen as terminal text, and where the cursor stands; no cursor while it is scrolled out of sight. */
  render(): { lines: string[]; cursor: { row: number; column: number } | undefined } {
    const document = this.#document;
    const layout = this.#layout;
    layout.update(document.text, this.columns);
    const caretRow = layout.rowOf(document.caret);
    // Scrolling with the wheel leaves the caret behind; whatever moves the caret brings the view back to it.
    if (document.caret !== this.#shownCaret) this.#reveal(caretRow);
    this.#shownCaret = document.caret;
    this.scroll(0);
    const dim = document.tentativeRanges();
    const lines = Array.from({ length: this.rows }, (_, i) => this.#line(this.#top + i, dim));
    const row = caretRow - this.#top;
    const column = Math.min(this.#columnOf(document.caret), this.columns - 1);
    return { lines, cursor: row >= 0 && row < this.rows ? { row, column } : undefined };
  }

  /** Moves what is to be seen without moving the caret. */
  scroll(rows: number): void {
    this.#top = Math.max(0, Math.min(this.#top + rows, this.#layout.rows.length - this.rows));
  }

  /** The offset of the character at a place of the window. */
  offsetAt(row: number, column: number): number {
    const index = Math.max(0, Math.min(this.#top + row, this.#layout.rows.length - 1));
    return this.#offsetInRow(index, column);
  }

  /** Moves the caret by rows, keeping its column. */
  moveRows(rows: number, select: boolean): void {
    const document = this.#document;
    const layout = this.#layout;
    layout.update(document.text, this.columns);
    const goal = this.#goal ?? this.#columnOf(document.caret);
    const row = layout.rowOf(document.caret) + rows;
    if (row < 0) document.moveTo(0, select);
    else if (row >= layout.rows.length) document.moveTo(document.text.length, select);
    else document.moveTo(this.#offsetInRow(row, goal), select);
    this.#goal = goal;
  }

  /** Moves the caret to the beginning or end of its row. */
  moveInRow(to: "start" | "end", select: boolean): void {
    const document = this.#document;
    const layout = this.#layout;
    this.forgetColumn();
    layout.update(document.text, this.columns);
    const row = layout.rowOf(document.caret);
    document.moveTo(to === "start" ? layout.rows[row]!.from : this.#offsetInRow(row, Number.POSITIVE_INFINITY), select);
  }

  /** The next up or down starts from the column where the caret is then. */
  forgetColumn(): void {
    this.#goal = undefined;
  }

  #reveal(row: number): void {
    if (row < this.#top) this.#top = row;
    else if (row >= this.#top + this.rows) this.#top = row - this.rows + 1;
  }

  #columnOf(offset: number): number {
    const row = this.#layout.rows[this.#layout.rowOf(offset)]!;
    let column = 0;
    for (const grapheme of graphemesOf(this.#document.text.slice(row.from, offset)))
      column += widthAt(grapheme, column);
    return column;
  }

  #offsetInRow(index: number, target: number): number {
    const row = this.#layout.rows[index]!;
    let offset = row.from;
    let column = 0;
    for (const grapheme of graphemesOf(this.#document.text.slice(row.from, row.to))) {
      const width = widthAt(grapheme, column);
      // The offset behind a wrapped row's last character is the beginning of the next row.
      if (column + width / 2 > target || (!row.ends && offset + grapheme.length >= row.to)) break;
      offset += grapheme.length;
      column += width;
    }
    return offset;
  }

  #line(index: number, dim: readonly TextRange[]): string {
    const row = this.#layout.rows[index];
    if (!row) return "";
    const { text, selection } = this.#document;
    let out = "";
    let style = "";
    let column = 0;
    let offset = row.from;
    for (const grapheme of graphemesOf(text.slice(row.from, row.to))) {
      const width = widthAt(grapheme, column);
      // White space that hangs over the edge.
      if (column + width > this.columns) break;
      const wanted = `${isWithin(offset, dim) ? DIM : ""}${selection && isWithin(offset, [selection]) ? REVERSE : ""}`;
      if (wanted !== style) out += `${style === "" ? "" : RESET}${wanted}`;
      style = wanted;
      out += printable(grapheme, column);
      offset += grapheme.length;
      column += width;
    }
    // A selected line break is seen too.
    const isBreakSelected = row.ends && selection && offset >= selection.from && offset < selection.to;
    if (isBreakSelected && column < this.columns) {
      out += style.includes(REVERSE) ? " " : `${REVERSE} `;
      style = REVERSE;
    }
    return style === "" ? out : out + RESET;
  }
}

function isWithin(offset: number, ranges: readonly TextRange[]): boolean {
  return ranges.some(({ from, to }) => from <= offset && offset < to);
}
