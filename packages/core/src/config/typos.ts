/** Names in the environment that are nearly, but not quite, ours. */
import { distance } from "fastest-levenshtein";

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
    let best: { meant: string; edits: number } | undefined;
    for (const meant of known) {
      const reach = meant.length >= LONG_NAME ? 2 : 1;
      const edits = editsBetween(name.toUpperCase(), meant);
      if (edits <= reach && (!best || edits < best.edits)) best = { meant, edits };
    }
    if (best) typos.push({ name, meant: best.meant });
  }
  return typos;
}

/** Edits that lead from one name to another; two neighbours that changed places are one slip of the fingers, and count as one. */
function editsBetween(name: string, meant: string): number {
  const edits = distance(name, meant);
  return edits === 2 && lettersOf(name) === lettersOf(meant) ? 1 : edits;
}

function lettersOf(name: string): string {
  return [...name].sort().join("");
}
