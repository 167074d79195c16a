/** Where something stands in the text. */
import type { TextRange } from "@stt/core/document";

/** More would only slow the page down. */
const MAX_MATCHES = 2000;

/** Every place of `query`, whatever its case; what is typed is looked for as it is. */
export function findAll(text: string, query: string): TextRange[] {
  if (query === "") return [];
  const pattern = new RegExp(query.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "giu");
  const found: TextRange[] = [];
  for (const match of text.matchAll(pattern)) {
    found.push({ from: match.index, to: match.index + match[0].length });
    if (found.length === MAX_MATCHES) break;
  }
  return found;
}
