/** As much of a terminal as the live view uses: text, CR, LF, cursor up and down, erase to the end, colours. */
export class Screen {
  /** Everything written. */
  raw = "";
  #grid: string[][] = [[]];
  #row = 0;
  #column = 0;
  readonly #columns: number;

  constructor(columns: number) {
    this.#columns = columns;
  }

  write(text: string): void {
    this.raw += text;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what this reads
    for (const [part, count, command] of text.matchAll(/\x1b\[\??(\d*)([A-Za-z])|./gsu)) {
      if (part.startsWith("\x1b")) this.#control(command ?? "", Number(count || 1));
      else this.#put(part);
    }
  }

  /** What stands on the screen, without trailing blank lines. */
  lines(): string[] {
    const lines = this.#grid.map((cells) => cells.join("").trimEnd());
    while (lines.at(-1) === "") lines.pop();
    return lines;
  }

  #put(character: string): void {
    if (character === "\r") this.#column = 0;
    else if (character === "\n") {
      this.#row++;
      this.#column = 0;
    } else {
      if (this.#column === this.#columns) {
        this.#row++;
        this.#column = 0;
      }
      this.#line()[this.#column++] = character;
    }
    this.#line();
  }

  #control(command: string, count: number): void {
    if (command === "A") this.#row = Math.max(0, this.#row - count);
    if (command === "B") this.#row += count;
    if (command === "K") this.#line().length = this.#column;
    if (command === "J") {
      this.#line().length = this.#column;
      this.#grid.length = this.#row + 1;
    }
  }

  #line(): string[] {
    while (this.#grid.length <= this.#row) this.#grid.push([]);
    return this.#grid[this.#row]!;
  }
}
