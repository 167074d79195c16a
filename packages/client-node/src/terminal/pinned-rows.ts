import { widthOf } from "./width.js";

/** Begin and end of an update that terminals which know it show at once. */
const BEGIN = "\x1b[?2026h";
const END = "\x1b[?2026l";
// biome-ignore lint/suspicious/noControlCharactersInRegex: styles take no room
const STYLES = /\x1b\[\d*m/g;

/** The part of an output stream that it uses. */
export interface RowsOutput {
  write(text: string): unknown;
  readonly columns?: number;
}

/**
 * Rows at the bottom of what a terminal shows, which change while everything above scrolls by. Only rows that are different are
 * sent. Between calls the cursor stands at the beginning of the last row.
 */
export class PinnedRows {
  #rows: readonly string[] = [];
  readonly #output: RowsOutput;

  constructor(output: RowsOutput) {
    this.#output = output;
  }

  /** @param rows without line breaks, none wider than the terminal */
  draw(rows: readonly string[]): void {
    const out = this.#changes(rows);
    this.#rows = [...rows];
    if (out !== "") this.#output.write(`${BEGIN}${out}\r${END}`);
  }

  /** Takes the rows away, lets `print` write whole lines, and puts it back below them. */
  printAbove(print: () => void): void {
    const rows = this.#rows;
    this.clear();
    print();
    this.draw(rows);
  }

  /** Takes them away. It also finds them when the terminal has become narrower and broken them. */
  clear(): void {
    if (this.#rows.length === 0) return;
    const columns = Math.max(1, this.#output.columns || 80);
    const above = this.#rows
      .slice(0, -1)
      .reduce((sum, row) => sum + Math.max(1, Math.ceil(widthOf(row.replace(STYLES, "")) / columns)), 0);
    this.#output.write(`\r${above > 0 ? `\x1b[${above}A` : ""}\x1b[J`);
    this.#rows = [];
  }

  #changes(rows: readonly string[]): string {
    const old = this.#rows;
    let out = "";
    let at = Math.max(0, old.length - 1);
    const goTo = (row: number) => {
      if (row < at) out += `\x1b[${at - row}A\r`;
      else if (row > at) out += "\r\n".repeat(row - at);
      else out += "\r";
      at = row;
    };
    rows.forEach((row, i) => {
      if (i < old.length && row === old[i]) return;
      goTo(i);
      out += `\x1b[K${row}`;
    });
    if (rows.length < old.length) {
      goTo(rows.length);
      out += "\x1b[J";
    }
    if (out !== "" || rows.length !== old.length) goTo(Math.max(0, rows.length - 1));
    return out;
  }
}
