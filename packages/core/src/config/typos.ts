/** Names in the environment that are nearly, but not quite, ours. */

/** One suspicious name and the known name it resembles. */
export interface Typo {
  name: string;
  meant: string;
}

/** Below this length a name two edits away is more likely somebody else's variable than a mistyped one. */
const LONG_NAME = 12;

/** Names that other programs have and that look like ours. */
const FOREIGN_NAMES = new Set(["SSL_CERT_FILE"]);

/** Finds names that differ from a known one by one edit (two in long names) or only by case. */
export function findTypos(names: Iterable<string>, known: readonly string[]): Typo[] {
  const typos: Typo[] = [];
  for (const name of new Set(names)) {
    if (known.includes(name) || FOREIGN_NAMES.has(name)) continue;
    let best: { meant: string; distance: number } | undefined;
    for (const meant of known) {
      const reach = meant.length >= LONG_NAME ? 2 : 1;
      const distance = editDistance(name.toUpperCase(), meant, reach);
      if (distance <= reach && (!best || distance < best.distance)) best = { meant, distance };
    }
    if (best) typos.push({ name, meant: best.meant });
  }
  return typos;
}

/**
 * Edits (insert, delete, replace, swap neighbours) from one text to another: the optimal string alignment distance. Gives
 * `limit + 1` as soon as the lengths alone exceed it.
 */
export function editDistance(from: string, to: string, limit = Number.POSITIVE_INFINITY): number {
  if (Math.abs(from.length - to.length) > limit) return limit + 1;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const cost = from[i - 1] === to[j - 1] ? 0 : 1;
      let least = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + cost);
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (swapped) least = Math.min(least, beforePrevious[j - 2]! + 1);
      row.push(least);
    }
    beforePrevious = previous;
    previous = row;
  }
  return previous[to.length]!;
}
