/** The words of a text as word error rates are counted: normalised as OpenAI does it for the figures of Whisper. */
import { normalizeBasic } from "./normalize-basic.mjs";
import { normalizeEnglish } from "./normalize-english.mjs";

/** @param language English has rules of its own (numbers, contractions, spellings) */
export function wordsOf(text, language) {
  const normal = language === "en" ? normalizeEnglish(text) : normalizeBasic(text);
  return normal === "" ? [] : normal.split(" ");
}
