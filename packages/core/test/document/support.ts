/** A document as a string: `|` for the caret, `[` `]` around the selection, `<` `>` around tentative text. */
import { TextDocument } from "../../src/document/index.js";

export function picture(document: TextDocument): string {
  const { text, caret, selection } = document;
  const signs: [number, string][] = [[caret, "|"]];
  if (selection) signs.push([selection.from, "["], [selection.to, "]"]);
  for (const { from, to } of document.tentativeRanges()) signs.push([from, "<"], [to, ">"]);
  const at = (offset: number) => {
    const here = signs.filter(([place]) => place === offset).map(([, sign]) => sign);
    return [
      ...here.filter((s) => s === ">" || s === "]"),
      ...here.filter((s) => s === "|"),
      ...here.filter((s) => s === "<" || s === "["),
    ].join("");
  };
  let out = at(0);
  for (let i = 0; i < text.length; i++) out += text.charAt(i) + at(i + 1);
  return out;
}

/** A document from a string with `|` where the caret is. */
export function documentOf(text: string): TextDocument {
  const caret = text.indexOf("|");
  const document = new TextDocument(text.replace("|", ""));
  document.moveTo(caret < 0 ? text.length : caret);
  return document;
}

/** A reproducible random number generator (mulberry32). */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  };
}
