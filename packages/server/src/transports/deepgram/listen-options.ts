import { type AnnouncedAudio, readAudio } from "../../http/deepgram/audio-input.js";
import { type OptionWarning, QueryReader } from "../../http/deepgram/query-reader.js";
import { readTextOptions, type TextOptions } from "../../http/deepgram/text-options.js";
import type { SettingOverrides } from "../../settings/session-settings.js";

/** What the URL of a `/v1/listen` socket asks for, checked. */
export interface ListenOptions extends TextOptions {
  audio: AnnouncedAudio | undefined;
  /** What the words of the native wire do not say. */
  overrides: SettingOverrides;
  interimResults: boolean;
  /** False: utterances are cut as ever, and none is called the end of what somebody said. */
  endpointing: boolean;
  /** Silence after the last word that is told by itself; undefined is never. */
  utteranceEndMs: number | undefined;
  vadEvents: boolean;
  warnings: readonly OptionWarning[];
}

/** The shortest silence that ends an utterance here: below it every breath would. */
const MIN_SILENCE_MS = 100;
const MAX_SILENCE_MS = 10_000;

/** @throws SttError `invalid_argument` naming the option, its value and what is allowed. */
export function readListenOptions(search: URLSearchParams): ListenOptions {
  const query = new QueryReader(search);
  // The server has one model: the answers name the one that decodes.
  query.text("model");
  const audio = readAudio(query);
  const text = readTextOptions(query);
  const interimResults = query.flag("interim_results") ?? false;
  const silence = readEndpointing(query);
  const utteranceEndMs = query.number("utterance_end_ms", { min: 1000, max: MAX_SILENCE_MS });
  const vadEvents = query.flag("vad_events") ?? false;
  query.refuse(["multichannel"], "open one connection for each channel, or send the file to POST /v1/listen");
  query.ignore(["no_delay"], "It changes nothing on this server.");
  query.finish();
  const session = {
    ...text.session,
    ...(typeof silence === "number" && { endpointing: { silenceMs: silence, minUtteranceMs: 0 } }),
    ...(!interimResults && { partials: false }),
    words: true,
  };
  return {
    ...text,
    session,
    // A silence that is named is meant: no more, no less.
    overrides: typeof silence === "number" ? { adaptiveEndpointing: false } : {},
    audio,
    interimResults,
    endpointing: silence !== false,
    utteranceEndMs,
    vadEvents,
    warnings: query.warnings,
  };
}

/** @returns the silence that ends an utterance, ms; false without endpointing; undefined for the server's own setting */
function readEndpointing(query: QueryReader): number | false | undefined {
  const value = query.text("endpointing")?.toLowerCase();
  if (value === "false") return false;
  if (value === undefined || value === "true") return undefined;
  const asked = query.number("endpointing", { min: 0, max: MAX_SILENCE_MS })!;
  if (asked >= MIN_SILENCE_MS) return asked;
  const message = `${asked} ms would end an utterance at every breath: ${MIN_SILENCE_MS} ms of silence do here.`;
  query.warn({ parameter: "endpointing", type: "adjusted", message });
  return MIN_SILENCE_MS;
}
