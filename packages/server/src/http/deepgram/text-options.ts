import { MAX_TERM_CHARACTERS, MAX_TERMS, type Redaction, type Replacement, type SessionOptions } from "@stt/core";
import { LANGUAGE_RULE, MAX_LANGUAGES, normalizeLanguage, normalizeLanguageChoice } from "@stt/core/config";
import { type QueryReader, shown, wrong } from "./query-reader.js";

/** How the text of a stream or a file is asked to read: what Deepgram's calls have in common. */
export interface TextOptions {
  /** Of the session or the file, in the words of the native wire. */
  session: SessionOptions;
  /** As they were sent, boosts left out. */
  keyterms: readonly string[];
  /** `language=multi`: the languages heard are told. */
  multilingual: boolean;
  /** False only where somebody switched punctuation off by name. */
  punctuate: boolean;
}

/** As the native wire bounds a vocabulary. */
export const TERM_LIMITS = { maxItems: MAX_TERMS, maxLength: MAX_TERM_CHARACTERS };

/** A URL holds no more anyway. */
const REPLACE_LIMITS = { maxItems: 100, maxLength: 200 };

/** @throws SttError `invalid_argument` naming the option, its value and what is allowed. */
export function readTextOptions(query: QueryReader): TextOptions {
  const session: SessionOptions = {};
  const tag = query.text("language")?.toLowerCase();
  const multilingual = tag === "multi";
  if (tag !== undefined) {
    const language = multilingual ? "auto" : normalizeLanguageChoice(tag);
    if (language === undefined) throw wrong("language", shown(tag), `it must be multi or ${LANGUAGE_RULE.en}`);
    session.language = language;
  }
  const hints = query.list("language_hint", { maxItems: MAX_LANGUAGES, maxLength: 32 });
  if (hints.length > 0) session.languages = hints.map(readHint);
  const keyterms = [...query.list("keyterm", TERM_LIMITS), ...readKeywords(query)].slice(0, TERM_LIMITS.maxItems);
  if (keyterms.length > 0) session.vocabulary = [...keyterms];
  const punctuate = query.flag("punctuate");
  const smart = query.flag("smart_format");
  const numerals = query.flag("numerals") ?? smart;
  if (numerals !== undefined) session.numerals = numerals ? "figures" : "as_is";
  if (query.flag("profanity_filter")) session.profanity = "mask";
  const fillers = query.flag("filler_words");
  if (fillers !== undefined) session.fillers = fillers ? "keep" : "remove";
  const redact = readRedact(query);
  if (redact.length > 0) session.redact = redact;
  const replace = query.list("replace", REPLACE_LIMITS).map(readReplacement);
  if (replace.length > 0) session.replace = replace;
  query.refuse(["diarize", "diarize_model", "diarize_version"], "speakers are not told apart");
  query.refuse(["detect_entities", "search", "dictation", "measurements"], "the answer would lack what they add");
  query.refuse(
    ["sentiment", "summarize", "topics", "custom_topic", "intents", "custom_intent"],
    "this is a recogniser of speech",
  );
  query.ignore(["custom_topic_mode", "custom_intent_mode"], "It belongs to an option that is not served here.");
  query.refuse(["callback"], "the text comes in the answer");
  query.ignore(["callback_method"], "There are no callbacks.");
  query.ignore(["tag", "extra", "mip_opt_out", "version"], "It changes nothing on this server.");
  return { session, keyterms, multilingual, punctuate: smart === true || punctuate !== false };
}

/** Deepgram's words for what can be redacted here. */
const REDACTIONS: Readonly<Record<string, readonly Redaction[]>> = {
  false: [],
  true: ["card", "email", "phone"],
  pci: ["card"],
  credit_card: ["card"],
  email_address: ["email"],
  phone_number: ["phone"],
};

function readRedact(query: QueryReader): Redaction[] {
  const asked = query.list("redact", { maxItems: 20, maxLength: 64 }).map((name) => name.toLowerCase());
  return [
    ...new Set(
      asked.flatMap((name) => {
        const kinds = Object.hasOwn(REDACTIONS, name) ? REDACTIONS[name] : undefined;
        if (!kinds) throw wrong("redact", shown(name), `this server takes ${Object.keys(REDACTIONS).join(", ")}`);
        return kinds;
      }),
    ),
  ];
}

/** `find:replace`; without a replacement the word goes. */
function readReplacement(text: string): Replacement {
  const at = text.indexOf(":");
  const find = (at < 0 ? text : text.slice(0, at)).trim();
  if (find === "") throw wrong("replace", shown(text), "it must be find:replace");
  return { find, replace: at < 0 ? "" : text.slice(at + 1) };
}

function readHint(hint: string): string {
  const language = normalizeLanguage(hint);
  if (language === undefined) throw wrong("language_hint", shown(hint), "it must be a language that Whisper knows");
  return language;
}

/** The older form of key terms: `term:boost`. */
function readKeywords(query: QueryReader): string[] {
  const keywords = query.list("keywords", TERM_LIMITS);
  const boosted = keywords.some((keyword) => /:-?[\d.]+$/.test(keyword));
  if (boosted) {
    query.warn({
      parameter: "keywords",
      type: "adjusted",
      message: "The terms count, all alike: their boosts do not.",
    });
  }
  return keywords.map((keyword) => keyword.replace(/:-?[\d.]+$/, ""));
}
