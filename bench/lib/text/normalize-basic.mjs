/** What OpenAI's paper on Whisper does to texts of other languages than English before words are counted (appendix C). */

/** Lower case, nothing in brackets, no symbols or punctuation, single spaces. Accents, digits and spellings stay. */
export function normalizeBasic(text) {
  return withoutBrackets(text.toLowerCase())
    .normalize("NFKC")
    .replace(/[\p{M}\p{S}\p{P}]/gu, " ")
    .toLowerCase()
    .replace(/\s+/g, " ")
    .trim();
}

/** Notes such as [music] and (laughs) are not what was said. */
export function withoutBrackets(text) {
  return text.replace(/[<[][^>\]]*[>\]]/g, "").replace(/\([^)]+\)/g, "");
}
