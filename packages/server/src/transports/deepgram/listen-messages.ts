import { joinText } from "@stt/core";
import {
  type ListenWord,
  listenWord,
  modelInfo,
  modelUuid,
  seconds,
  shownText,
} from "../../http/deepgram/deepgram-words.js";
import type { OptionWarning } from "../../http/deepgram/query-reader.js";
import type { TextOptions } from "../../http/deepgram/text-options.js";
import type { FinalEvent, PartialEvent } from "../../session/events.js";
import { liveWords, meanConfidence } from "./live-words.js";

interface Alternative {
  transcript: string;
  /** Mean probability of a token, of interim results of a word, 0..1. */
  confidence: number;
  languages?: string[];
  words: ListenWord[];
}

interface ResultsMetadata {
  request_id: string;
  model_info: { name: string; version: string; arch: string };
  model_uuid: string;
  warnings?: readonly OptionWarning[];
}

export interface Results {
  type: "Results";
  channel_index: [number, number];
  /** Seconds. */
  duration: number;
  start: number;
  is_final: boolean;
  speech_final: boolean;
  from_finalize?: boolean;
  channel: { alternatives: [Alternative] };
  metadata: ResultsMetadata;
}

/** What the server says on a `/v1/listen` socket. */
export type ListenMessage =
  | Results
  | { type: "SpeechStarted"; channel: [number, number]; timestamp: number }
  | { type: "UtteranceEnd"; channel: [number, number]; last_word_end: number }
  | {
      type: "Metadata";
      transaction_key: "deprecated";
      request_id: string;
      sha256: string;
      /** ISO 8601, UTC. */
      created: string;
      duration: number;
      channels: number;
      models: string[];
      model_info: Record<string, { name: string; version: string; arch: string }>;
      warnings?: readonly OptionWarning[];
    }
  | { type: "ConfigureSuccess"; request_id: string; keyterms?: readonly string[] }
  | { type: "ConfigureFailure"; request_id: string; code: string; description: string }
  | { type: "Error"; variant: string; description: string; message?: string };

/** Which connection and model an answer is of. */
export interface AnswerSource {
  requestId: string;
  /** Name of the model that decodes. */
  model: string;
  warnings: readonly OptionWarning[];
}

/** There is one channel here, and it is the first. */
export const CHANNEL: [number, number] = [0, 1];

export function metadataOf({ requestId, model, warnings }: AnswerSource): ResultsMetadata {
  return {
    request_id: requestId,
    model_info: modelInfo(model),
    model_uuid: modelUuid(model),
    ...(warnings.length > 0 && { warnings }),
  };
}

export function interimResults(event: PartialEvent, options: TextOptions, source: AnswerSource): Results {
  const { committed, tentative, language, startMs, endMs } = event;
  const text = joinText(committed, tentative, language);
  const words = liveWords(text, event.heard, startMs, endMs);
  const alternative: Alternative = {
    transcript: shownText(text, options),
    confidence: meanConfidence(words),
    ...(options.multilingual && { languages: [language] }),
    words: words.map((word) => listenWord(word, options, language)),
  };
  return results(startMs, endMs, alternative, source, { is_final: false });
}

/** @param flags what else is known of the end of the utterance */
export function finalResults(
  event: FinalEvent,
  options: TextOptions,
  source: AnswerSource,
  flags: { speech_final: boolean; from_finalize?: boolean },
): Results {
  const { text, confidence, language, startMs, endMs, words = [] } = event;
  const alternative: Alternative = {
    transcript: shownText(text, options),
    confidence,
    ...(options.multilingual && { languages: [language] }),
    words: words.map((word) => listenWord(word, options, language)),
  };
  return results(startMs, endMs, alternative, source, { is_final: true, ...flags });
}

/** An answer to `Finalize` where nothing was said since the last final. */
export function emptyResults(atMs: number, source: AnswerSource): Results {
  const flags = { is_final: true, speech_final: true, from_finalize: true };
  return results(atMs, atMs, { transcript: "", confidence: 0, words: [] }, source, flags);
}

function results(
  startMs: number,
  endMs: number,
  alternative: Alternative,
  source: AnswerSource,
  flags: Pick<Results, "is_final"> & Partial<Pick<Results, "speech_final" | "from_finalize">>,
): Results {
  return {
    type: "Results",
    channel_index: CHANNEL,
    duration: seconds(endMs - startMs),
    start: seconds(startMs),
    speech_final: false,
    ...flags,
    channel: { alternatives: [alternative] },
    metadata: metadataOf(source),
  };
}
