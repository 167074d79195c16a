import {
  type Eagerness,
  type Numerals,
  type Redaction,
  type Replacement,
  type SessionOptions,
  type SpokenCommands,
  type TrackerOptions,
  type VocabularyTerm,
  vocabularyOf,
} from "@stt/core";
import type { Beams, Config } from "@stt/core/config";
import { likelyLanguages } from "./likely-languages.js";
import { replacementsOf } from "./session-replacements.js";

/** Everything a session decides by, in one immutable record. An `update` makes a new one. */
export interface SessionSettings {
  /** Whisper's code of a language, or `auto`. */
  language: string;
  /** The languages among which `auto` decides; none: all. */
  languages: readonly string[];
  /** Who is likely to speak here, for short audio that does not tell: what the server's settings name, else a short list. */
  likelyLanguages: readonly string[];
  task: "transcribe" | "translate";
  prompt: string;
  /** Names and terms to expect, the session's own before those of the server's settings. */
  vocabulary: readonly VocabularyTerm[];
  /** How much likelier the decoder takes terms, 0..3. */
  vocabularyBias: number;
  /** Whether what sounds like a term is written as it. */
  vocabularyCorrection: boolean;
  /** `"committed"`: partials never carry text that may be rewritten. */
  partials: boolean | "committed";
  words: boolean;
  silenceMs: number;
  /** Silence after which it is told that the end is being counted. */
  silenceConfirmMs: number;
  minUtteranceMs: number;
  maxUtteranceMs: number;
  preRollMs: number;
  /** Frames at or above this probability are speech, 0..1. */
  speechThreshold: number;
  adaptiveEndpointing: boolean;
  /** What decides that a turn is over; `silence` wherever the model has no answer. */
  endOfTurn: "silence" | "model";
  /** How soon a turn ends that sounds finished. */
  eagerness: Eagerness;
  /** Silence that ends a turn which sounds unfinished. */
  maxSilenceMs: number;
  /** A client that stops sending for this long gets its final, wall clock. */
  idleAudioMs: number;
  beamSize: Beams;
  /** Of finals, 0..1. */
  temperature: number;
  beamSizeRealtime: Beams;
  finalAudioContext: "auto" | "full" | number;
  partialAudioContext: "auto" | "full" | number;
  /** Least gap between two partial decodes. */
  realtimePauseMs: number;
  speculativeFinals: boolean;
  /** Silence after which a final is decoded ahead of the endpoint. */
  speculativeSilenceMs: number;
  hallucinationFilter: boolean;
  textFormatting: boolean;
  /** Words written otherwise than they are recognised, in this order: the session's own before those of the server's settings. */
  replace: readonly Replacement[];
  numerals: Numerals;
  fillers: "keep" | "remove";
  profanity: "keep" | "mask";
  /** Swear words instead of the built-in lists; empty: those. */
  profanityWords: readonly string[];
  redact: readonly Redaction[];
  spokenPunctuation: boolean;
  /** Only a wire that can tell them may have them. */
  commands: SpokenCommands;
  /** Quotes, dashes and spaces that do not break, as the language has them. */
  typography: boolean;
}

/** What one session has otherwise than the server's settings say. */
export type SettingOverrides = Partial<SessionSettings>;

/** RealtimeSTT's own default of `deactivity_silence_confirmation_duration`. */
const SILENCE_CONFIRM_MS = 160;

/**
 * A session's settings when its client asks for nothing.
 *
 * @param fileTerms what `VOCABULARY_FILE` holds
 */
export function defaultSettings(config: Config, fileTerms: readonly VocabularyTerm[] = []): SessionSettings {
  return {
    language: config.language,
    languages: config.languages,
    likelyLanguages: likelyLanguages(config),
    task: "transcribe",
    prompt: config.initialPrompt,
    vocabulary: vocabularyOf(config.vocabulary, fileTerms),
    vocabularyBias: config.vocabularyBias,
    vocabularyCorrection: config.vocabularyCorrection,
    partials: config.enableRealtimeTranscription,
    words: false,
    silenceMs: config.postSpeechSilenceDurationMs,
    silenceConfirmMs: SILENCE_CONFIRM_MS,
    minUtteranceMs: config.minLengthOfRecordingMs,
    maxUtteranceMs: config.maxUtteranceDurationMs,
    preRollMs: config.preRecordingBufferDurationMs,
    speechThreshold: 1 - config.sileroSensitivity,
    adaptiveEndpointing: config.adaptiveEndpointing,
    endOfTurn: config.endOfTurn,
    eagerness: config.endOfTurnEagerness,
    maxSilenceMs: config.endOfTurnMaxSilenceMs,
    idleAudioMs: config.idleAudioTimeoutMs,
    beamSize: config.beamSize,
    temperature: 0,
    beamSizeRealtime: config.beamSizeRealtime,
    finalAudioContext: config.finalAudioContext,
    partialAudioContext: config.partialAudioContext,
    realtimePauseMs: config.realtimeProcessingPauseMs,
    speculativeFinals: config.speculativeFinals,
    speculativeSilenceMs: config.speculativeSilenceMs,
    hallucinationFilter: config.hallucinationFilter,
    textFormatting: config.textFormatting,
    replace: config.replacements,
    numerals: config.numerals,
    fillers: config.fillers,
    profanity: config.profanity,
    profanityWords: config.profanityWords
      .split(/[,\n]/)
      .map((word) => word.trim())
      .filter(Boolean),
    redact: config.redact,
    spokenPunctuation: config.spokenPunctuation,
    commands: config.spokenCommands,
    typography: config.typography,
  };
}

/** What a client of the native wire asks for. Its limits are those of the protocol schema. */
export function overridesOf(options: SessionOptions): SettingOverrides {
  const { endpointing = {}, vocabulary, ...others } = options;
  return given({ ...others, ...endpointing, vocabulary: vocabulary && vocabularyOf(vocabulary) });
}

/** Without what was left out; every name is that of a setting, and every value has its type. */
function given<T extends { [K in keyof T]: K extends keyof SessionSettings ? SessionSettings[K] | undefined : never }>(
  wishes: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(wishes).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** `base` with what differs in one session laid over it. */
export function withOverrides(base: SessionSettings, overrides: SettingOverrides): SessionSettings {
  const { likelyLanguages = [], ...others } = overrides;
  // A guess at who speaks does not count against what the operator names.
  const isGuess = likelyLanguages.length > 0 && base.languages.length === 0;
  return {
    ...base,
    ...(isGuess ? { languages: likelyLanguages, likelyLanguages } : {}),
    ...others,
    vocabulary: overrides.vocabulary ? vocabularyOf(overrides.vocabulary, base.vocabulary) : base.vocabulary,
    replace: replacementsOf(overrides.replace, base.replace),
    // What must not be written, and the "no" to realtime transcription, are the operator's and not the client's to overrule.
    redact: [...new Set([...base.redact, ...(overrides.redact ?? [])])],
    ...(base.partials === false ? { partials: false } : {}),
  };
}

/** Frames may dip this far below the speech threshold before silence is counted ... */
const HYSTERESIS = 0.15;
/** ... and as far as this in any case: short and soft words stay at 0.5 to 0.9, and the ends of words fade. */
const SURE_SILENCE = 0.5;
/** Silence that a decoder hears before the first sound. */
const LEAD_IN_MS = 200;
/** A long utterance is decoded in parts, which end at pauses of this length ... */
const PART_PAUSE_MS = 250;
/** ... once they are this long, and at their quietest point when they reach the greatest length. */
const PART_MIN_MS = 6000;
const PART_MAX_MS = 12_000;
/** Speech shorter than this is a click, not an utterance. */
const MIN_SPEECH_MS = 64;

/** Frames of an utterance below this probability are silence. */
export function silenceThreshold({ speechThreshold }: SessionSettings): number {
  return Math.max(0.01, Math.min(SURE_SILENCE, speechThreshold - HYSTERESIS));
}

export function trackerOptions(settings: SessionSettings): TrackerOptions {
  return {
    speechThreshold: settings.speechThreshold,
    silenceThreshold: silenceThreshold(settings),
    minSpeechMs: MIN_SPEECH_MS,
    preRollMs: settings.preRollMs,
    leadInMs: LEAD_IN_MS,
    silenceMs: settings.silenceMs,
    silenceConfirmMs: settings.silenceConfirmMs,
    minUtteranceMs: settings.minUtteranceMs,
    maxUtteranceMs: settings.maxUtteranceMs,
    // The decoder hears as much silence as the speculative decode had, so that its result is the final one.
    speechPadMs: settings.speculativeSilenceMs,
    partPauseMs: PART_PAUSE_MS,
    partMinMs: PART_MIN_MS,
    partMaxMs: PART_MAX_MS,
    adaptiveSilence: settings.adaptiveEndpointing,
  };
}
