/** How much room text takes in a terminal. */

/** Code points that take two columns: Hangul Jamo, CJK, Hangul, full-width forms, emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}]/u;
const ZERO = /\p{Mn}|\p{Me}|\p{Cf}/u;

export function widthOf(character: string): 0 | 1 | 2 {
  if (ZERO.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** Rows that the terminal breaks the text into; 0 for none. */
export function rowsOf(text: string, columns: number): number {
  if (text === "") return 0;
  let rows = 1;
  let column = 0;
  for (const character of text) {
    const width = widthOf(character);
    if (column + width > columns) {
      rows++;
      column = 0;
    }
    column += width;
  }
  return rows;
}

/** The end of the text, at most `room` columns, marked where it was cut. */
export function tailOf(text: string, room: number): string {
  const characters = [...text];
  let width = 0;
  for (let i = characters.length - 1; i >= 0; i--) {
    width += widthOf(characters[i]!);
    if (width > room) return `…${characters.slice(i + 2).join("")}`;
  }
  return text;
}
