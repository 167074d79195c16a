import {
  checkHallucination,
  checkSpeech,
  type FinalWord,
  type HallucinationRule,
  joinText,
  type SpeechEvidence,
  type SpokenCommand,
  type Transcription,
  type TranscriptionSegment,
} from "@stt/core";
import type { Log } from "../observability/log.js";
import type { JobHandle, JobKind } from "../scheduler/scheduler.js";
import type { SessionSettings } from "../settings/session-settings.js";
import { withoutCommands } from "../text/rules-stage.js";
import { workOnFinal } from "../text/text-stages.js";
import { confidenceOf, round } from "./confidence.js";
import type { Decoder, FinalOverrides } from "./decoder.js";
import type { LanguageRequest } from "./language-keeper.js";
import { type Candidate, checkDecoded, repair } from "./repair.js";

/** A part of an utterance with its audio. */
export interface PartAudio {
  /** 16 kHz mono samples in [-1, 1]. */
  audio: Float32Array;
  /** Time of the first sample, milliseconds on the session's or file's timeline. */
  startMs: number;
  evidence: SpeechEvidence;
}

export interface PartRequest {
  part: PartAudio;
  kind: Extract<JobKind, "final" | "batch">;
  settings: SessionSettings;
  language: LanguageRequest;
  /** Text that came before. */
  context: string;
  /** A decode of this very audio that was started ahead. */
  ahead?: JobHandle<Transcription> | undefined;
  signal: AbortSignal;
}

/** What a part came to: a text, which may be doubted, or no text and the sign that says why. */
export type PartText = Omit<Candidate, "transcription"> & {
  part: PartAudio;
  transcription: Transcription | undefined;
};

/** What the live text of an utterance was when it ended. */
export interface LiveSnapshot {
  committed: string;
  tentative: string;
  language: string;
}

export interface Composition {
  settings: SessionSettings;
  /** Where speech was heard, milliseconds on the timeline. */
  speechStartMs: number;
  speechEndMs: number;
  parts: readonly PartText[];
  /** What a reader was shown; committed text is never taken back. */
  live?: LiveSnapshot | undefined;
  /** A part could not be decoded, and its text is missing. */
  failed?: boolean;
  /** The end of the text that this one goes on with, if it does. */
  before?: string | undefined;
  /** The next utterance goes on with this one. */
  continues?: boolean;
  /** Silences within, milliseconds on the timeline: a command in mid-speech stands behind one. */
  pauses?: readonly { startMs: number; endMs: number }[];
}

/** A run of a final's text. Times are milliseconds on the timeline. */
export interface FinalSegment {
  text: string;
  startMs: number;
  endMs: number;
  /** Start of the audio that was decoded for it. */
  seekMs: number;
  /** 0..1 */
  noSpeechProbability: number;
  /** At most 0. */
  averageLogProbability: number;
  words?: FinalWord[] | undefined;
}

export interface FinalText {
  /** Empty only where nothing but commands was said. */
  text: string;
  segments: FinalSegment[];
  /** Absent where they were not asked for, or the engine gave none. */
  words?: FinalWord[];
  /** Mean probability of a token, 0..1; at most {@link DOUBTED_CONFIDENCE} where the text is doubted. */
  confidence: number;
  /** ISO 639-1 code. */
  language: string;
  /** Commands that were spoken behind the text. */
  commands: SpokenCommand[];
}

/** Why an utterance has no text. Stable: it labels metrics and is told to clients. */
export type NoTextRule = HallucinationRule | "cancelled" | "failed" | "nothing_left";

export interface NoText {
  text: undefined;
  rule: NoTextRule;
  /** In words, for a log. */
  reason: string;
}

/** A text that a check speaks against is shown with no more confidence than this. */
export const DOUBTED_CONFIDENCE = 0.3;

/**
 * From audio to the final text, for live speech and files alike. The stages, in order:
 *
 * 1. decode: the engine, through the scheduler;
 * 2. check: can this have been said?
 * 3. repair: what looks broken is decoded again;
 * 4. compose: the parts of an utterance become one text, which the text stages work on.
 *
 * The caller delivers. What somebody said is never dropped here: a text that stays doubtful is kept with a low confidence, and
 * nothing is given only where nobody spoke.
 */
export class FinalPipeline {
  readonly #decoder: Decoder;
  readonly #log: Log;

  constructor(decoder: Decoder, log: Log) {
    this.#decoder = decoder;
    this.#log = log;
  }

  /**
   * Decodes, checks and repairs one part.
   *
   * @throws SttError of the engine; `aborted` once the signal fires
   */
  async transcribe(request: PartRequest): Promise<PartText> {
    const { part, settings, signal } = request;
    const { evidence } = part;
    const silent = settings.hallucinationFilter ? checkSpeech(evidence) : undefined;
    if (silent) {
      request.ahead?.cancel();
      return { part, transcription: undefined, sign: silent };
    }
    const transcription = await this.#decode(request);
    if (!settings.hallucinationFilter) {
      return { part, transcription: transcription.text.trim() === "" ? undefined : transcription };
    }
    const sign = checkDecoded(transcription, evidence);
    if (!sign) return { part, transcription };
    if (sign.kind === "no_speech") return { part, transcription: undefined, sign };
    this.#log.info({ rule: sign.rule, reason: sign.reason }, "a final looks broken; decoding again");
    const repaired = await repair(
      { transcription, sign },
      {
        audio: part.audio,
        evidence,
        fullWindow: settings.finalAudioContext === "full",
        decode: (audio, overrides) => this.#submit(request, audio, overrides, signal),
      },
    );
    const empty = repaired.transcription.text.trim() === "" || repaired.sign?.kind === "no_speech";
    return { part, transcription: empty ? undefined : repaired.transcription, sign: repaired.sign };
  }

  /** The text of an utterance out of its parts, or why it has none. */
  compose(composition: Composition): FinalText | NoText {
    const { settings, speechStartMs, speechEndMs, parts, live, failed = false } = composition;
    const spoken = parts.filter((part) => part.transcription !== undefined);
    const doubted = failed || spoken.some(({ sign }) => sign !== undefined);
    if ((spoken.length === 0 || doubted) && live && isTrustworthy(live, parts)) {
      return fromLiveText(live, composition);
    }
    const first = spoken[0]?.transcription;
    if (!first && failed) return { text: undefined, rule: "failed", reason: "the engine failed" };
    if (!first) {
      const sign = parts.find((part) => part.sign)?.sign;
      return { text: undefined, rule: sign?.rule ?? "empty", reason: sign?.reason ?? "the decoder found no words" };
    }
    const { language } = first;
    const decoded = spoken.flatMap(({ part, transcription }) => segmentsOnTimeline(part, transcription!));
    const { before, continues = false, pauses } = composition;
    const context = { settings, language, shown: live?.committed, before, continues };
    const said = withinSpeech(decoded, speechStartMs, speechEndMs);
    const speech = { startMs: speechStartMs, endMs: speechEndMs };
    const { pieces, commands } = continues
      ? { pieces: said, commands: [] }
      : withoutCommands(said, { ...context, pauses }, speech);
    const segments = workOnFinal(pieces.filter(hasText), context).filter(hasText);
    if (segments.length === 0 && commands.length === 0) return NOTHING_LEFT;
    const confidence = confidenceOf(spoken.map(({ transcription }) => transcription!));
    const hasWords = settings.words && segments.every(({ words }) => words);
    return {
      text: segments.reduce((text, segment) => joinText(text, segment.text, language), ""),
      segments,
      ...(hasWords && { words: segments.flatMap(({ words }) => words!) }),
      confidence: doubted ? Math.min(DOUBTED_CONFIDENCE, confidence) : confidence,
      language,
      commands,
    };
  }

  async #decode(request: PartRequest): Promise<Transcription> {
    const { ahead, signal } = request;
    if (ahead) {
      ahead.promote(request.kind);
      try {
        return await untilAborted(ahead, signal);
      } catch (error) {
        if (signal.aborted) throw error;
        this.#log.warn({ err: error }, "a speculative final was lost; decoding again");
      }
    }
    return this.#submit(request, request.part.audio, {}, signal);
  }

  #submit(request: PartRequest, audio: Float32Array, overrides: FinalOverrides, signal: AbortSignal) {
    const { kind, settings, language, context } = request;
    return untilAborted(this.#decoder.final(kind, { audio, settings, language, context }, overrides), signal);
  }
}

async function untilAborted<T>(handle: JobHandle<T>, signal: AbortSignal): Promise<T> {
  const cancel = () => handle.cancel(signal.reason);
  if (signal.aborted) cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    return await handle.result;
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

/** Live text was checked as it came; what was committed has been shown as certain. */
function isTrustworthy({ committed, tentative, language }: LiveSnapshot, parts: readonly PartText[]): boolean {
  if (committed === "") return false;
  const speechMs = parts.reduce((sum, { part }) => sum + part.evidence.speechMs, 0);
  const audioMs = parts.reduce((sum, { part }) => sum + part.evidence.audioMs, 0);
  const text = joinText(committed, tentative, language);
  return checkHallucination({ text }, { speechMs, audioMs })?.kind !== "broken";
}

const NOTHING_LEFT: NoText = {
  text: undefined,
  rule: "nothing_left",
  reason: "all words were such as the settings leave out",
};

function hasText({ text }: FinalSegment): boolean {
  return text !== "";
}

function fromLiveText(
  { committed, tentative, language }: LiveSnapshot,
  { settings, speechStartMs: startMs, speechEndMs: endMs, before, continues }: Composition,
): FinalText | NoText {
  const text = joinText(committed, tentative, language);
  const segment = {
    text,
    startMs,
    endMs,
    seekMs: startMs,
    noSpeechProbability: 0,
    averageLogProbability: Math.log(DOUBTED_CONFIDENCE),
  };
  const segments: FinalSegment[] = workOnFinal([segment], { settings, language, before, continues }).filter(hasText);
  if (!segments[0]) return NOTHING_LEFT;
  const confidence = DOUBTED_CONFIDENCE;
  return { text: segments[0].text, segments, confidence, language, commands: [] };
}

function segmentsOnTimeline({ startMs }: PartAudio, { segments }: Transcription): FinalSegment[] {
  return segments
    .filter(({ text }) => text.trim() !== "")
    .map((segment) => ({
      text: segment.text.trim(),
      startMs: startMs + segment.startMs,
      endMs: startMs + segment.endMs,
      seekMs: startMs,
      noSpeechProbability: segment.noSpeechProbability,
      averageLogProbability: segment.averageLogProbability,
      words: segment.words && wordsOnTimeline(segment, startMs),
    }));
}

function wordsOnTimeline({ words = [] }: TranscriptionSegment, offsetMs: number): FinalWord[] {
  return words.map(({ text, startMs, endMs, confidence }) => ({
    text,
    startMs: round(offsetMs + startMs, 1),
    endMs: round(offsetMs + endMs, 1),
    confidence: round(confidence, 3),
  }));
}

/** Where an utterance begins and ends the voice detector knows best; between its segments the engine's times count. */
function withinSpeech(segments: readonly FinalSegment[], fromMs: number, toMs: number): FinalSegment[] {
  let at = fromMs;
  return segments.map((segment, i) => {
    const startMs = i === 0 ? fromMs : clamp(segment.startMs, at, toMs);
    const endMs = i === segments.length - 1 ? toMs : clamp(segment.endMs, startMs, toMs);
    at = endMs;
    return { ...segment, startMs, endMs };
  });
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
