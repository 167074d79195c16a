/** What a text field did, told from what it held before and holds now. */
import type { TextRange } from "@stt/core/document";

/**
 * The replaced range of `before`, and the new text. Many places fit when neighbours are alike (one more `l` in `hello`): the
 * caret, which stands behind what was typed, decides.
 *
 * @param caret offset in `after`
 */
export function editBetween(before: string, after: string, caret: number): { range: TextRange; text: string } {
  const shorter = Math.min(before.length, after.length);
  const behindCaret = Math.min(shorter, after.length - caret);
  let suffix = 0;
  while (suffix < behindCaret && before.at(-1 - suffix) === after.at(-1 - suffix)) suffix++;
  let prefix = 0;
  while (prefix < shorter - suffix && before[prefix] === after[prefix]) prefix++;
  // A caret that is not behind the change, as after text was dropped in: whatever else is alike stays out of it.
  while (suffix < shorter - prefix && before.at(-1 - suffix) === after.at(-1 - suffix)) suffix++;
  return { range: { from: prefix, to: before.length - suffix }, text: after.slice(prefix, after.length - suffix) };
}
