/** What a person takes for one character or one word. */

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const words = new Intl.Segmenter(undefined, { granularity: "word" });

/** More context than any grapheme cluster needs: long texts are not segmented for one key press. */
const WINDOW = 256;

/** Text in which every UTF-16 unit is a character: nearly all there is, and quick to tell. */
const SIMPLE = /^[\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u0556\u2010-\u2027\u2030-\u205e]*$/;

/** Whether every UTF-16 unit of a text is a character of its own, one column wide. */
export function isSimple(text: string): boolean {
  return SIMPLE.test(text);
}

/**
 * The characters of a text as they are perceived: one for a letter with its accents, one for a family of emoji. In pieces, for
 * the time that V8's segmenter takes grows with the square of the length.
 */
export function graphemesOf(text: string): string[] {
  const found: string[] = [];
  for (let from = 0; from < text.length; ) {
    const piece = text.slice(from, from + WINDOW);
    const characters = isSimple(piece)
      ? piece.split("")
      : Array.from(graphemes.segment(piece), ({ segment }) => segment);
    // The last one may go on in the next piece.
    const isLast = from + piece.length >= text.length;
    if (!isLast && characters.length > 1) from -= characters.pop()!.length;
    from += piece.length;
    for (const character of characters) found.push(character);
  }
  return found;
}

export function nextGrapheme(text: string, offset: number): number {
  if (offset >= text.length) return text.length;
  const [first] = graphemes.segment(text.slice(offset, offset + WINDOW));
  return offset + (first?.segment.length ?? 1);
}

export function previousGrapheme(text: string, offset: number): number {
  if (offset <= 0) return 0;
  const start = windowStart(text, offset);
  const last = graphemes.segment(text.slice(start, offset)).containing(offset - start - 1);
  return start + (last?.index ?? offset - start - 1);
}

/** The end of the word that the caret is in or before. */
export function nextWord(text: string, offset: number): number {
  let seen = 0;
  for (const { segment, isWordLike } of words.segment(text.slice(offset, offset + 2 * WINDOW))) {
    seen += segment.length;
    if (isWordLike) return offset + seen;
  }
  return Math.min(text.length, offset + Math.max(seen, 1));
}

/** The beginning of the word that the caret is in or behind. */
export function previousWord(text: string, offset: number): number {
  const start = windowStart(text, offset, 2 * WINDOW);
  let found = start;
  for (const { index, isWordLike } of words.segment(text.slice(start, offset))) {
    if (isWordLike) found = start + index;
  }
  return found;
}

/** The word, or the run of anything else, at an offset: what a double click selects. */
export function wordAt(text: string, offset: number): { from: number; to: number } {
  const start = windowStart(text, offset);
  const found = words.segment(text.slice(start, offset + WINDOW)).containing(offset - start);
  if (!found || found.segment.includes("\n")) return { from: offset, to: offset };
  return { from: start + found.index, to: start + found.index + found.segment.length };
}

/** A place shortly before `offset` that is not within a surrogate pair, nor within a cluster where lines are of usual length. */
function windowStart(text: string, offset: number, size = WINDOW): number {
  if (offset <= size) return 0;
  const start = offset - size;
  const newline = text.lastIndexOf("\n", start);
  if (start - newline <= size) return newline + 1;
  return /[\uDC00-\uDFFF]/.test(text.charAt(start)) ? start - 1 : start;
}
