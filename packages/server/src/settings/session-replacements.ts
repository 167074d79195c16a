import { foldedWords, type Replacement } from "@stt/core";

/**
 * A session's replacements before those of the server's settings. Where both have a rule for the same words, or the same pattern, the
 * session's counts.
 *
 * @returns `servers` itself where the session has none, so that what was made ready for it is made once
 */
export function replacementsOf(
  own: readonly Replacement[] | undefined,
  servers: readonly Replacement[],
): readonly Replacement[] {
  if (!own || own.length === 0) return servers;
  const taken = new Set(own.map(keyOf));
  return [...own, ...servers.filter((each) => !taken.has(keyOf(each)))];
}

function keyOf({ find, pattern }: Replacement): string {
  return pattern ? `/${find}` : ` ${foldedWords(find).join(" ")}`;
}
