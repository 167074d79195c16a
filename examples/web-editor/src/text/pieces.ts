/** The text in pieces, for a copy of it that is drawn with marks. */
import type { TextRange } from "@stt/core/document";

export interface Piece extends TextRange {
  /** Names of the marks that it has, apart by spaces; empty for none. */
  marks: string;
}

/** @param marks ranges by their name @param places where a piece has to begin besides */
export function piecesOf(
  text: string,
  marks: Readonly<Record<string, readonly TextRange[]>>,
  places: readonly number[],
): Piece[] {
  const named = Object.entries(marks).flatMap(([name, ranges]) => ranges.map(({ from, to }) => ({ name, from, to })));
  const cuts = new Set([0, text.length, ...places, ...named.flatMap(({ from, to }) => [from, to])]);
  const sorted = [...cuts].sort((a, b) => a - b);
  named.sort((a, b) => a.from - b.from);
  const open: typeof named = [];
  let next = 0;
  return sorted.map((from, i) => {
    for (; next < named.length && named[next]!.from <= from; next++) open.push(named[next]!);
    const here = open.filter((range) => range.to > from);
    open.splice(0, open.length, ...here);
    return { from, to: sorted[i + 1] ?? from, marks: here.map(({ name }) => name).join(" ") };
  });
}
