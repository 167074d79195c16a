/** What is said for marks, breaks and commands, by language. */

/** What a phrase stands for. */
export interface SpokenMark {
  /** The mark, or line breaks. */
  text: string;
  /** Where spaces stand around it. */
  spacing: "closing" | "opening" | "both" | "none" | "break";
}

const closing = (text: string): SpokenMark => ({ text, spacing: "closing" });
const opening = (text: string): SpokenMark => ({ text, spacing: "opening" });
const LINE: SpokenMark = { text: "\n", spacing: "break" };
const PARAGRAPH: SpokenMark = { text: "\n\n", spacing: "break" };
const DASH: SpokenMark = { text: "—", spacing: "both" };
const HYPHEN: SpokenMark = { text: "-", spacing: "none" };

export const SPOKEN_MARKS: Readonly<Record<string, Readonly<Record<string, SpokenMark>>>> = {
  en: {
    comma: closing(","),
    period: closing("."),
    "full stop": closing("."),
    "question mark": closing("?"),
    "exclamation mark": closing("!"),
    "exclamation point": closing("!"),
    colon: closing(":"),
    semicolon: closing(";"),
    "semi colon": closing(";"),
    ellipsis: closing("…"),
    dash: DASH,
    hyphen: HYPHEN,
    "open quote": opening('"'),
    "open quotes": opening('"'),
    "close quote": closing('"'),
    "close quotes": closing('"'),
    unquote: closing('"'),
    "open parenthesis": opening("("),
    "open paren": opening("("),
    "open bracket": opening("("),
    "close parenthesis": closing(")"),
    "close paren": closing(")"),
    "close bracket": closing(")"),
    "new line": LINE,
    newline: LINE,
    "next line": LINE,
    "new paragraph": PARAGRAPH,
    "next paragraph": PARAGRAPH,
  },
  ru: {
    запятая: closing(","),
    точка: closing("."),
    "точка с запятой": closing(";"),
    "вопросительный знак": closing("?"),
    "знак вопроса": closing("?"),
    "восклицательный знак": closing("!"),
    двоеточие: closing(":"),
    многоточие: closing("…"),
    тире: DASH,
    дефис: HYPHEN,
    "открыть кавычки": opening("«"),
    "открой кавычки": opening("«"),
    "кавычки открываются": opening("«"),
    "закрыть кавычки": closing("»"),
    "закрой кавычки": closing("»"),
    "кавычки закрываются": closing("»"),
    "открыть скобку": opening("("),
    "открой скобку": opening("("),
    "скобка открывается": opening("("),
    "закрыть скобку": closing(")"),
    "закрой скобку": closing(")"),
    "скобка закрывается": closing(")"),
    "новая строка": LINE,
    "с новой строки": LINE,
    абзац: PARAGRAPH,
    "новый абзац": PARAGRAPH,
    "с нового абзаца": PARAGRAPH,
  },
};

/** Said before a phrase that is meant as words: "literal comma". */
export const LITERAL: Readonly<Record<string, string>> = { en: "literal", ru: "слово" };

/** Commands that editors know, by what is said. */
export const SPOKEN_COMMANDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  en: {
    "delete that": "delete_that",
    "scratch that": "delete_that",
    undo: "undo",
    "undo that": "undo",
    redo: "redo",
    "select all": "select_all",
    copy: "copy",
    "copy that": "copy",
    "copy all": "copy_all",
    "stop listening": "stop_listening",
    "stop dictation": "stop_listening",
  },
  ru: {
    "удали это": "delete_that",
    "удалить это": "delete_that",
    "сотри это": "delete_that",
    отмени: "undo",
    отменить: "undo",
    верни: "redo",
    "верни назад": "redo",
    "выдели все": "select_all",
    "выделить все": "select_all",
    скопируй: "copy",
    копировать: "copy",
    "скопируй все": "copy_all",
    стоп: "stop_listening",
    "хватит слушать": "stop_listening",
  },
};
