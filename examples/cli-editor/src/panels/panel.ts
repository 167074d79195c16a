import { cut, Layout, widthOf } from "@stt/client-node/cli";
import type { InputEvent } from "../terminal/input-parser.js";

const BOLD = "\x1b[1m";
const REVERSE = "\x1b[7m";
const RESET = "\x1b[0m";

/** What stands in the place of the text for a while. */
export interface Panel {
  /** @returns a line for each row, without line breaks, none wider than `columns` */
  render(columns: number, rows: number): string[];
  /** Takes everything that is typed. @returns false when the panel is to be closed */
  input(event: InputEvent): boolean;
}

/** A line that says what this is. */
export function heading(text: string, columns: number): string {
  return `${BOLD}${cut(text, columns)}${RESET}`;
}

/** A line that is chosen. */
export function chosen(text: string, columns: number): string {
  const line = cut(text, columns);
  return `${REVERSE}${line}${" ".repeat(Math.max(0, columns - widthOf(line)))}${RESET}`;
}

/** A text as lines of at most `columns`, broken between words. */
export function wrapped(text: string, columns: number): string[] {
  const layout = new Layout();
  layout.update(text, columns);
  return layout.rows.map(({ from, to }) => cut(text.slice(from, to).trimEnd(), columns));
}
