/** What OpenAI's paper on Whisper does to English texts before words are counted (appendix C), by rules of our own. */

import { americanSpelling } from "./american-spelling.mjs";
import { withoutBrackets } from "./normalize-basic.mjs";
import { numbersAsDigits } from "./numbers-as-digits.mjs";

const HESITATIONS = /\b(?:hmm|mm|mhm|mmm|uh|um)\b/g;

/** In this order: what is irregular comes before the endings. */
const LONG_FORMS = Object.entries({
  "won't": "will not",
  "can't": "can not",
  "let's": "let us",
  "ain't": "aint",
  "y'all": "you all",
  wanna: "want to",
  kinda: "kind of",
  sorta: "sort of",
  dunno: "do not know",
  gotta: "got to",
  gonna: "going to",
  "i'ma": "i am going to",
  imma: "i am going to",
  woulda: "would have",
  coulda: "could have",
  shoulda: "should have",
  cause: "because",
  "ma'am": "madam",
  mr: "mister ",
  mrs: "missus ",
  st: "saint ",
  dr: "doctor ",
  prof: "professor ",
  capt: "captain ",
  gov: "governor ",
  ald: "alderman ",
  gen: "general ",
  sen: "senator ",
  rep: "representative ",
  pres: "president ",
  rev: "reverend ",
  hon: "honorable ",
  asst: "assistant ",
  assoc: "associate ",
  lt: "lieutenant ",
  col: "colonel ",
  jr: "junior ",
  sr: "senior ",
  esq: "esquire ",
}).map(([short, long]) => [new RegExp(`\\b${short}\\b`, "g"), long]);

const ENDINGS = [
  [/'d (been|gone|done)\b/g, " had $1"],
  [/'s (been|gone|got)\b/g, " has $1"],
  [/n't\b/g, " not"],
  [/'re\b/g, " are"],
  [/'s\b/g, " is"],
  [/'d\b/g, " would"],
  [/'ll\b/g, " will"],
  [/'t\b/g, " not"],
  [/'ve\b/g, " have"],
  [/'m\b/g, " am"],
];

/** Letters that Unicode does not take apart. */
const PLAIN_LETTERS = { œ: "oe", ø: "o", æ: "ae", ß: "ss", đ: "d", ð: "d", þ: "th", ł: "l" };

/** Lower case, long forms, numbers in digits, American spelling; no hesitations, brackets, accents and punctuation. */
export function normalizeEnglish(text) {
  let normal = withoutBrackets(text.toLowerCase()).replace(HESITATIONS, "").replace(/\s+'/g, "'");
  for (const [short, long] of [...LONG_FORMS, ...ENDINGS]) normal = normal.replace(short, long);
  normal = normal.replace(/(\d),(\d)/g, "$1$2").replace(/\.(?!\d)/g, " ");
  normal = normal
    .normalize("NFKD")
    .replace(/\p{Mn}/gu, "")
    .replace(/[œøæßđðþł]/g, (letter) => PLAIN_LETTERS[letter])
    // These may be part of a number.
    .replace(/(?![.%$¢€£])[\p{M}\p{S}\p{P}]/gu, " ");
  return numbersAsDigits(normal)
    .split(/\s+/)
    .map(americanSpelling)
    .join(" ")
    .replace(/[.$¢€£](\D)/g, " $1")
    .replace(/(\D)%/g, "$1 ")
    .replace(/\s+/g, " ")
    .trim();
}
