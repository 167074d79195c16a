/** How recognised text is written: white space, capitals, full stops, and the seams between pieces. */
import { beginsWithName } from "./names.js";
import type { TextHint } from "./utterance-events.js";

/** Languages written without spaces between words. */
const LANGUAGES_WITHOUT_SPACES = new Set(["zh", "yue", "ja", "th", "lo", "my", "km"]);
/** What a finished sentence ends with where it is no full stop; Thai and its neighbours use none. */
const FULL_STOPS: Readonly<Record<string, string>> = { zh: "。", yue: "。", ja: "。", th: "", lo: "", my: "", km: "" };

const NO_SPACE_CHARACTER =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Myanmar}\p{Script=Khmer}\u3000-\u303F\uFF00-\uFFEF]/u;
const CLOSING = /^[,.!?;:…%\p{Pe}\p{Pf}’]/u;
const OPENING = /[\p{Ps}\p{Pi}¿¡]$/u;
const LETTER = /\p{L}/u;
const LAST_CHARACTER = /.$/su;
const SENTENCE_END = /[.!?…。！？｡។၊။؟۔]["'\p{Pe}\p{Pf}]*\s*$/u;
const CONTINUES = /(?:\.{2,}|…|[,;:、，；：،-]|\p{Pd})["'\p{Pe}\p{Pf}]*\s*$/u;
/** Brackets and quotes that what follows stands in: they take no part in whether a sentence has ended before them. */
const OPENED = /["'\p{Ps}\p{Pi}¿¡]+$/u;
/** A line on which no sentence has begun yet. */
const FRESH_LINE = /(?:^|\n)[\s"'\p{Ps}\p{Pi}\p{Pd}¿¡]*$/u;
/** What may stand before the first letter of a sentence. */
const FIRST_LETTER = /^([\s"'\p{Ps}\p{Pi}\p{Pd}¿¡-]*)(\p{L})/u;

export interface FormatOptions {
  /** A final text: may get a full stop. */
  final: boolean;
  /** ISO 639-1 code, `yue` or `auto`. @default "auto" */
  language?: string;
}

/** White space runs become one space; none at the ends. */
export function collapseSpaces(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/**
 * {@link collapseSpaces} for text that a session has written as it was asked to: line breaks were said or stand in a snippet, and spaces
 * that do not break were set.
 */
export function collapseBlanks(text: string): string {
  return text
    .replace(/[^\S\n\u00A0]+/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .replace(/^ | $/g, "");
}

/**
 * Formats as the original system did (RealtimeSTT `_preprocess_output` and its server's `preprocess_text`): white space
 * collapsed, a leading "..." taken off, the first letter a capital, and a final ends with a full stop if its last character
 * is a letter or digit. Languages with another full stop, or none, keep their own.
 */
export function formatText(text: string, options: FormatOptions): string {
  const bare = collapseSpaces(collapseSpaces(text).replace(/^(?:\.{3}|…)/u, ""));
  const capital = capitalize(bare, options.language);
  return options.final ? withFullStop(capital, options.language) : capital;
}

/** Ends a text that ends with a letter or digit with the full stop of its language. */
export function withFullStop(text: string, language?: string): string {
  if (!/[\p{L}\p{N}]\p{M}*$/u.test(text)) return text;
  return text + (FULL_STOPS[language ?? "auto"] ?? fullStopAfter(lastCharacter(text)));
}

/** The full stop of the script, when the language is not known. */
function fullStopAfter(character: string): string {
  if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(character)) return "。";
  return NO_SPACE_CHARACTER.test(character) ? "" : ".";
}

/** The first letter as a capital, behind opening quotes and brackets if there are any. A text that begins otherwise is kept. */
export function capitalize(text: string, language?: string): string {
  return text.replace(FIRST_LETTER, (_, before: string, letter: string) => before + upper(letter, language));
}

function upper(letter: string, language?: string): string {
  // Turkish and Azerbaijani: i becomes İ.
  const capital = language === "tr" || language === "az" ? letter.toLocaleUpperCase(language) : letter.toUpperCase();
  // "ß" would become two letters.
  return capital.length === letter.length ? capital : letter;
}

/**
 * The separator between two pieces of text: a space, or nothing before closing and after opening punctuation, and in
 * writing without spaces.
 */
export function separator(before: string, after: string, language?: string): "" | " " {
  if (before === "" || after === "" || /\s$/.test(before) || /^\s/.test(after)) return "";
  if (CLOSING.test(after) || OPENING.test(before)) return "";
  const left = lastCharacter(before);
  const right = String.fromCodePoint(after.codePointAt(0)!);
  if (NO_SPACE_CHARACTER.test(left) || NO_SPACE_CHARACTER.test(right)) return "";
  // Within such a language only foreign words stay apart: digits and signs do not.
  if (language !== undefined && LANGUAGES_WITHOUT_SPACES.has(language)) {
    return LETTER.test(left) && LETTER.test(right) ? " " : "";
  }
  return " ";
}

/** Words (each without surrounding white space) as running text. */
export function joinWords(words: readonly string[], language?: string): string {
  let text = "";
  for (const word of words) text += separator(text, word, language) + word;
  return text;
}

/** Committed and tentative text, or two neighbouring segments, as one. */
export function joinText(committed: string, tentative: string, language?: string): string {
  return committed + separator(committed, tentative, language) + tentative;
}

/** Whether the text ends a sentence; true for an empty text, since whatever follows begins one. */
export function endsSentence(text: string): boolean {
  return text.trim() === "" || SENTENCE_END.test(text);
}

/** What the end of a text says about whether the speaker is done: for the tracker's adaptive silence. */
export function textHint(text: string): TextHint {
  if (text.trim() === "") return "neutral";
  if (CONTINUES.test(text)) return "continues";
  return SENTENCE_END.test(text) ? "complete" : "neutral";
}

/** Options of {@link joinAt}. */
export interface JoinAtOptions {
  language?: string;
  /**
   * `auto` fits the first letter and the full stop to the place: within a sentence neither is wanted. `keep` leaves them.
   * @default "auto"
   */
  style?: "auto" | "keep";
  /** Whether a word is a name, which keeps its capital within a sentence. What can be told from the text itself need not be told. */
  isName?: ((word: string) => boolean) | undefined;
}

/**
 * Dictated text made ready for insertion at a caret: spaces where it meets its neighbours, a capital at the start of a
 * sentence only, and no full stop in the middle of one.
 *
 * @param before the text left of the caret (its last line or two suffice)
 * @param text what was dictated
 * @param after the text right of the caret
 * @returns what to insert; empty when `text` is blank
 */
export function joinAt(before: string, text: string, after: string, options: JoinAtOptions = {}): string {
  let inserted = collapseBlanks(text);
  if (inserted === "") return "";
  const { language, style = "auto", isName } = options;
  if (style === "auto") {
    const startsSentence = FRESH_LINE.test(before) || endsSentence(before.replace(OPENED, ""));
    if (startsSentence) inserted = capitalize(inserted, language);
    else if (!beginsWithName(inserted, language, isName)) inserted = lowerFirst(inserted, language);
    // What follows goes on with the sentence: it has its own end.
    if (/^[^\S\n]*[\p{Ll},;:.!?…]/u.test(after)) inserted = inserted.replace(/(^|[^.])[.。]$/u, "$1");
  }
  return separator(before, inserted, language) + inserted + separator(inserted, after, language);
}

/** Lower case for a capital that only marked the start of a sentence: not for "I", acronyms, or German, whose nouns keep theirs. */
export function lowerFirst(text: string, language?: string): string {
  if (language === "de" || language === "lb") return text;
  const word = /^\p{L}[\p{L}'’\p{M}]*/u.exec(text)?.[0];
  if (!word || /^I(?:['’]|$)/.test(word) || /^.+\p{Lu}/u.test(word)) return text;
  // A lone capital letter is a name or a label, except where one-letter words are common.
  if (word.length === 1 && !/[AАИОУЯВКС]/u.test(word)) return text;
  const first = word.charAt(0);
  return (
    (language === "tr" || language === "az" ? first.toLocaleLowerCase(language) : first.toLowerCase()) + text.slice(1)
  );
}

function lastCharacter(text: string): string {
  return LAST_CHARACTER.exec(text)?.[0] ?? "";
}
