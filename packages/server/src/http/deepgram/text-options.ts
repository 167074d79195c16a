import { MAX_TERM_CHARACTERS, MAX_TERMS, type SessionOptions } from "@stt/core";
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
  // Whisper writes digits where people do.
  if (query.flag("numerals") === true) {
    query.warn({ parameter: "numerals", type: "ignored", message: "Numbers are written as the model writes them." });
  }
  query.ignore(["filler_words"], "They are written where the model writes them.");
  query.refuse(["profanity_filter", "redact", "replace"], "the text is given as it was heard");
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
