import type { SegmenterOptions, SessionOptions } from "@stt/core";
import type { Config } from "@stt/core/config";

/** Everything a session decides by, in one immutable record. An `update` makes a new one. */
export interface SessionSettings {
  /** ISO 639-1 code or `auto`. */
  language: string;
  task: "transcribe" | "translate";
  prompt: string;
  vocabulary: readonly string[];
  /** `"committed"`: partials never carry text that may be rewritten. */
  partials: boolean | "committed";
  words: boolean;
  /** `manual`: only a command ends an utterance, or its greatest length. */
  endpointing: "silence" | "manual";
  silenceMs: number;
  minUtteranceMs: number;
  maxUtteranceMs: number;
  preRollMs: number;
  /** Frames at or above this probability are speech, 0..1. */
  speechThreshold: number;
  adaptiveEndpointing: boolean;
  /** A client that stops sending for this long gets its final, wall clock. */
  idleAudioMs: number;
  beamSize: number;
  beamSizeRealtime: number;
  finalAudioContext: "auto" | "full" | number;
  partialAudioContext: "auto" | "full" | number;
  /** Least gap between two partial decodes. */
  realtimePauseMs: number;
  speculativeFinals: boolean;
  /** Silence after which a final is decoded ahead of the endpoint. */
  speculativeSilenceMs: number;
  hallucinationFilter: boolean;
  textFormatting: boolean;
}

/** A session's settings when its client asks for nothing. */
export function defaultSettings(config: Config): SessionSettings {
  return {
    language: config.language,
    task: "transcribe",
    prompt: config.initialPrompt,
    vocabulary: [],
    partials: config.enableRealtimeTranscription,
    words: false,
    endpointing: "silence",
    silenceMs: config.postSpeechSilenceDurationMs,
    minUtteranceMs: config.minLengthOfRecordingMs,
    maxUtteranceMs: config.maxUtteranceDurationMs,
    preRollMs: config.preRecordingBufferDurationMs,
    speechThreshold: 1 - config.sileroSensitivity,
    adaptiveEndpointing: config.adaptiveEndpointing,
    idleAudioMs: config.idleAudioTimeoutMs,
    beamSize: config.beamSize,
    beamSizeRealtime: config.beamSizeRealtime,
    finalAudioContext: config.finalAudioContext,
    partialAudioContext: config.partialAudioContext,
    realtimePauseMs: config.realtimeProcessingPauseMs,
    speculativeFinals: config.speculativeFinals,
    speculativeSilenceMs: config.speculativeSilenceMs,
    hallucinationFilter: config.hallucinationFilter,
    textFormatting: config.textFormatting,
  };
}

/**
 * `base` with what a client asked for laid over it. The client's limits are those of the protocol schema.
 *
 * @param overrides what a wire sets that the options have no word for, within limits that the wire has checked
 */
export function withOptions(
  base: SessionSettings,
  options: SessionOptions,
  overrides: Partial<SessionSettings> = {},
): SessionSettings {
  const { endpointing } = options;
  return {
    ...base,
    language: options.language ?? base.language,
    task: options.task ?? base.task,
    prompt: options.prompt ?? base.prompt,
    vocabulary: options.vocabulary ?? base.vocabulary,
    // The operator's "no" to realtime transcription is not the client's to overrule.
    partials: base.partials === false ? false : (options.partials ?? base.partials),
    words: options.words ?? base.words,
    silenceMs: endpointing?.silenceMs ?? base.silenceMs,
    minUtteranceMs: endpointing?.minUtteranceMs ?? base.minUtteranceMs,
    maxUtteranceMs: endpointing?.maxUtteranceMs ?? base.maxUtteranceMs,
    ...overrides,
  };
}

/** Frames may dip this far below the speech threshold before silence is counted. */
const HYSTERESIS = 0.15;
/** Silence that a decoder hears before the first sound. */
const LEAD_IN_MS = 200;
/** Speech shorter than this is a click, not an utterance. */
const MIN_SPEECH_MS = 64;

/** Frames of an utterance below this probability are silence. */
export function silenceThreshold({ speechThreshold }: SessionSettings): number {
  return Math.max(0.01, speechThreshold - HYSTERESIS);
}

export function segmenterOptions(settings: SessionSettings): SegmenterOptions {
  return {
    speechThreshold: settings.speechThreshold,
    silenceThreshold: silenceThreshold(settings),
    minSpeechMs: MIN_SPEECH_MS,
    preRollMs: settings.preRollMs,
    leadInMs: LEAD_IN_MS,
    silenceMs: settings.endpointing === "manual" ? Number.POSITIVE_INFINITY : settings.silenceMs,
    minUtteranceMs: settings.minUtteranceMs,
    maxUtteranceMs: settings.maxUtteranceMs,
    // The decoder hears as much silence as the speculative decode had, so that its result is the final one.
    speechPadMs: settings.speculativeSilenceMs,
    adaptiveSilence: settings.adaptiveEndpointing,
  };
}
