import { type AnnouncedAudio, readAudio } from "./audio-input.js";
import { type OptionWarning, QueryReader } from "./query-reader.js";
import { readTextOptions, type TextOptions } from "./text-options.js";

/** What the URL of `POST /v1/listen` asks for, checked. */
export interface PrerecordedOptions extends TextOptions {
  /** How raw audio is to be read; undefined where the file says it. */
  audio: AnnouncedAudio | undefined;
  /** `detect_language`: the language heard is told. */
  detectLanguage: boolean;
  /** The utterances one by one. */
  utterances: boolean;
  /** The text in paragraphs, one for each utterance. */
  paragraphs: boolean;
  warnings: readonly OptionWarning[];
}

/** @throws SttError `invalid_argument` naming the option, its value and what is allowed. */
export function readPrerecordedOptions(search: URLSearchParams): PrerecordedOptions {
  const query = new QueryReader(search);
  query.text("model");
  const audio = readAudio(query);
  const text = readTextOptions(query);
  const detectLanguage = query.flag("detect_language") ?? false;
  const utterances = query.flag("utterances") ?? false;
  const paragraphs = query.flag("paragraphs") ?? false;
  query.refuse(["multichannel"], "the channels of a file are mixed to one");
  query.ignore(["utt_split"], "Files are cut at their pauses.");
  query.finish();
  const session = { ...text.session, ...(detectLanguage && { language: "auto" }), words: true };
  return { ...text, session, audio, detectLanguage, utterances, paragraphs, warnings: query.warnings };
}
