import { diffArrays } from "diff";

/** More edits than anybody makes between two saves; the comparison takes the square of their number. */
const MAX_EDITS = 20_000;

/**
 * Gives an edited text the line ends that it had: every line that was there keeps its own, edited or not, and a new one gets
 * that of the line before.
 *
 * @param old the text as it was on the disk, with `\n` and `\r\n`, perhaps both
 * @param text as it is now, with `\n`
 */
export function restoreLineEnds(old: string, text: string): string {
  if (!old.includes("\r\n")) return text;
  const lines = text.split("\n");
  const usual = usualEnd(old);
  if (usual.isOnlyOne) return lines.join(usual.end);
  const oldLines = old.split("\n");
  const ends = endsOf(oldLines, lines);
  let result = "";
  let end = usual.end;
  for (const [i, line] of lines.entries()) {
    end = ends[i] ?? end;
    result += i < lines.length - 1 ? line + end : line;
  }
  return result;
}

/** For each line that was there before, as it is or as it was before it was edited, its line end. */
function endsOf(oldLines: readonly string[], lines: readonly string[]): (string | undefined)[] {
  // The last line has no end.
  const oldEnds = oldLines.map((line, i) =>
    i === oldLines.length - 1 ? undefined : line.endsWith("\r") ? "\r\n" : "\n",
  );
  const bare = oldLines.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
  const ends: (string | undefined)[] = [];
  let at = 0;
  /** Ends of the lines in whose place the next ones stand. */
  let replaced: (string | undefined)[] = [];
  for (const { count = 0, added, removed } of diffArrays(bare, [...lines], { maxEditLength: MAX_EDITS }) ?? []) {
    if (added) {
      for (let i = 0; i < count; i++) ends.push(replaced[i]);
      replaced = [];
      continue;
    }
    const own = oldEnds.slice(at, at + count);
    at += count;
    if (removed) replaced = own;
    else {
      ends.push(...own);
      replaced = [];
    }
  }
  return ends;
}

function usualEnd(text: string): { end: string; isOnlyOne: boolean } {
  const all = text.split("\n").length - 1;
  const windows = text.split("\r\n").length - 1;
  return { end: windows * 2 >= all ? "\r\n" : "\n", isOnlyOne: windows === all };
}
