/** Text as words, and words as they are compared. */

const SCRIPT_WITHOUT_SPACES =
  /([\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Myanmar}\p{Script=Khmer}][\p{M}\p{P}ー]*)/u;

/** What ends a clause or a sentence, with the quotes and brackets that close after it. */
const ENDING = /[.,!?;:…。！？｡、，；：၊။؟۔]+["'\p{Pe}\p{Pf}]*$/u;

/** A word, and the punctuation behind it that ends a clause or a sentence. What consists of punctuation only is a word. */
export function splitEnding(text: string): { word: string; ending: string } {
  const at = text.search(ENDING);
  return at > 0 ? { word: text.slice(0, at), ending: text.slice(at) } : { word: text, ending: "" };
}

/** Text cut at white space, and into characters (with their marks and punctuation) in scripts without spaces. */
export function splitWords(text: string): string[] {
  return text
    .split(/\s+/)
    .flatMap((run) => run.split(SCRIPT_WITHOUT_SPACES))
    .filter((word) => word !== "");
}

/** A word as it is compared: no case, no punctuation, ё as е. What consists of punctuation only stays as it is. */
export function foldWord(text: string): string {
  const folded = text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/ё/g, "е")
    .replace(/[\p{P}\p{S}\s]/gu, "");
  return folded === "" ? text : folded;
}

/** The words of a text as they are compared; what consists of punctuation only is dropped. */
export function foldedWords(text: string): string[] {
  return splitWords(text)
    .map(foldWord)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
}
