/** Begin and end of an update that terminals which know it show at once. */
const BEGIN = "\x1b[?2026h";
const END = "\x1b[?2026l";
const HIDE_CURSOR = "\x1b[?25l";
const SHOW_CURSOR = "\x1b[?25h";

/** Brings a screen up to date line by line: what has not changed is not sent again. */
export class Painter {
  #shown: string[] | undefined;
  #shownCursor = "";
  readonly #write: (text: string) => void;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** The next paint begins with an empty screen. */
  reset(): void {
    this.#shown = undefined;
    this.#shownCursor = "";
  }

  /** @param lines one for each row of the screen, without line breaks. @param cursor hidden when undefined */
  paint(lines: readonly string[], cursor: { row: number; column: number } | undefined): void {
    let out = this.#shown ? "" : "\x1b[0m\x1b[2J";
    const shown = this.#shown ?? [];
    lines.forEach((line, row) => {
      // Erased, not filled with spaces: they would be copied. And before it is written: behind a full line the cursor stands
      // on its last character.
      if (line !== (shown[row] ?? "")) out += `\x1b[${row + 1};1H\x1b[K${line}`;
    });
    this.#shown = [...lines];
    const place = cursor ? `\x1b[${cursor.row + 1};${cursor.column + 1}H${SHOW_CURSOR}` : "";
    if (out === "" && place === this.#shownCursor) return;
    this.#shownCursor = place;
    this.#write(`${BEGIN}${HIDE_CURSOR}${out}${place}${END}`);
  }
}
