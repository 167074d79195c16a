import type { SessionOptions } from "@stt/core";
import { type AnnouncedAudio, readAudio } from "../../http/deepgram/audio-input.js";
import { type OptionWarning, QueryReader } from "../../http/deepgram/query-reader.js";
import { readTextOptions, type TextOptions } from "../../http/deepgram/text-options.js";

/** How sure it has to be that somebody has finished. */
export interface TurnThresholds {
  /** 0.5..1 */
  eot_threshold?: number | undefined;
  /** 0.3..0.9; without it there is no `EagerEndOfTurn`. */
  eager_eot_threshold?: number | undefined;
  /** Silence that ends a turn in any case, milliseconds. */
  eot_timeout_ms?: number | undefined;
}

/** What the URL of a `/v2/listen` socket asks for, checked. */
export interface TurnOptions extends TextOptions {
  audio: AnnouncedAudio | undefined;
  thresholds: TurnThresholds;
  warnings: readonly OptionWarning[];
}

export const THRESHOLD_LIMITS = {
  eot_threshold: { min: 0.5, max: 1 },
  eager_eot_threshold: { min: 0.3, max: 0.9 },
  eot_timeout_ms: { min: 500, max: 60_000 },
} as const;
/** The longest silence that a session waits. */
const MAX_SILENCE_MS = 10_000;

/** @throws SttError `invalid_argument` naming the option, its value and what is allowed. */
export function readTurnOptions(search: URLSearchParams): TurnOptions {
  const query = new QueryReader(search);
  query.text("model");
  const audio = readAudio(query);
  const text = readTextOptions(query);
  const thresholds: TurnThresholds = {
    eot_threshold: query.number("eot_threshold", THRESHOLD_LIMITS.eot_threshold),
    eager_eot_threshold: query.number("eager_eot_threshold", THRESHOLD_LIMITS.eager_eot_threshold),
    eot_timeout_ms: query.number("eot_timeout_ms", THRESHOLD_LIMITS.eot_timeout_ms),
  };
  if ((thresholds.eot_timeout_ms ?? 0) > MAX_SILENCE_MS) {
    const message = `This server waits ${MAX_SILENCE_MS} ms at most.`;
    query.warn({ parameter: "eot_timeout_ms", type: "adjusted", message });
  }
  query.finish();
  const session = { ...text.session, words: true, endpointing: endpointingOf(thresholds) };
  return { ...text, session, audio, thresholds, warnings: query.warnings };
}

/** How sure the model has to be, in the words of a session: from this threshold on ... */
const EAGERNESS = [
  [0.85, "low"],
  [0.65, "medium"],
  [0, "high"],
] as const;
const DEFAULT_THRESHOLD = 0.7;

/** The thresholds in the words of a session. */
export function endpointingOf({
  eot_timeout_ms,
  eot_threshold,
}: TurnThresholds): NonNullable<SessionOptions["endpointing"]> {
  const silenceMs = eot_timeout_ms && Math.min(eot_timeout_ms, MAX_SILENCE_MS);
  const threshold = eot_threshold ?? DEFAULT_THRESHOLD;
  return {
    minUtteranceMs: 0,
    endOfTurn: "model",
    eagerness: EAGERNESS.find(([least]) => threshold >= least)![1],
    ...(silenceMs !== undefined && { silenceMs, maxSilenceMs: silenceMs }),
  };
}
