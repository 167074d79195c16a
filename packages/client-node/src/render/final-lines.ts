import type { ServerMessageOf } from "@stt/core";
import type { RenderSource } from "./renderer.js";

/** A final as lines of text: the sentence, or with `words` one word a line after its start and end in seconds. */
export function finalLines(source: RenderSource, final: ServerMessageOf<"final">, words: boolean): string[] {
  const label = source.labelled && source.file ? `${source.file}: ` : "";
  if (words && final.words) {
    return final.words.map((w) => `${label}${seconds(w.startMs)}\t${seconds(w.endMs)}\t${w.text}`);
  }
  return final.text ? [`${label}${final.text}`] : [];
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2);
}
