import { type VocabularyEntry, vocabularyOf } from "@stt/core";
import type { SessionSettings } from "../../settings/session-settings.js";
import type {
  Delay,
  Dialect,
  Eagerness,
  InputFormatChange,
  SessionChange,
  TurnDetection,
  TurnDetectionChange,
} from "./client-events.js";
import { DEFAULT_INPUT_FORMAT, type InputFormat } from "./input-format.js";

/** Longest wait for somebody to go on, milliseconds: what OpenAI promises for each eagerness. */
const LONGEST_WAIT_MS: Readonly<Record<Eagerness, number>> = { low: 8000, medium: 4000, high: 2000, auto: 4000 };
const DEFAULT_EAGERNESS: Eagerness = "auto";
/** Least time between two looks at what is being said, milliseconds: deltas are what several of them agree on. */
const LOOK_EVERY_MS: Readonly<Record<Delay, number>> = { minimal: 100, low: 200, medium: 500, high: 1000, xhigh: 2000 };
/** Without the model that hears the ends of turns, the text tells: an unfinished sentence waits this much longer than a neutral one. */
const UNFINISHED_FACTOR = 1.5;
/** The client says itself when there is speech: what is quiet should not be missed then. */
const MANUAL_THRESHOLD = 0.5;
/** The threshold for silence lies a bit below that for speech, and needs room. */
const LEAST_THRESHOLD = 0.02;

/** What a client has asked of its session so far. */
export interface RealtimeConfig {
  readonly format: InputFormat;
  readonly language?: string;
  readonly languages?: readonly string[];
  readonly prompt?: string;
  readonly keywords?: readonly VocabularyEntry[];
  readonly delay?: Delay;
  readonly turnDetection?: TurnDetection | null;
}

export const DEFAULT_CONFIG: RealtimeConfig = { format: DEFAULT_INPUT_FORMAT };

/** `config` with the fields that `change` has; all others stay. */
export function withChange(config: RealtimeConfig, change: SessionChange): RealtimeConfig {
  const language = changed(config.language, change.language);
  const languages = changed(config.languages, change.languages);
  const prompt = changed(config.prompt, change.prompt);
  const keywords = changed(config.keywords, change.keywords);
  const delay = changed(config.delay, change.delay);
  const turnDetection = changedTurnDetection(config.turnDetection, change.turnDetection);
  return {
    format: changedFormat(config.format, change.format),
    ...(language !== undefined && { language }),
    ...(languages !== undefined && { languages }),
    ...(prompt !== undefined && { prompt }),
    ...(keywords !== undefined && { keywords }),
    ...(delay !== undefined && { delay }),
    ...(turnDetection !== undefined && { turnDetection }),
  };
}

function changed<T>(before: T | undefined, now: T | null | undefined): T | undefined {
  return now === undefined ? before : (now ?? undefined);
}

function changedFormat(before: InputFormat, now: InputFormatChange | undefined): InputFormat {
  const type = now?.type ?? before.type;
  if (type !== "audio/pcm") return { type };
  const known = before.type === type ? before : DEFAULT_INPUT_FORMAT;
  return { type, rate: now?.rate ?? known.rate };
}

function changedTurnDetection(
  before: TurnDetection | null | undefined,
  now: TurnDetectionChange | null | undefined,
): TurnDetection | null | undefined {
  if (now === undefined) return before;
  if (now === null) return null;
  const type = now.type ?? before?.type ?? "server_vad";
  // The numbers of one kind of detection mean nothing to the other.
  const kept: TurnDetectionChange = before?.type === type ? before : {};
  if (type === "semantic_vad") return { type, eagerness: now.eagerness ?? kept.eagerness };
  return {
    type,
    threshold: now.threshold ?? kept.threshold,
    prefix_padding_ms: now.prefix_padding_ms ?? kept.prefix_padding_ms,
    silence_duration_ms: now.silence_duration_ms ?? kept.silence_duration_ms,
  };
}

/** What the session does otherwise than the server's settings say. */
export function overridesOf(config: RealtimeConfig, defaults: SessionSettings): Partial<SessionSettings> {
  return {
    language: config.language ?? defaults.language,
    languages: config.languages ?? defaults.languages,
    prompt: config.prompt ?? defaults.prompt,
    vocabulary: vocabularyOf(config.keywords ?? []),
    realtimePauseMs: config.delay === undefined ? defaults.realtimePauseMs : LOOK_EVERY_MS[config.delay],
    // What is sent as a delta cannot be taken back.
    partials: defaults.partials === false ? false : "committed",
    ...endpointingOf(config.turnDetection, defaults),
  };
}

function endpointingOf(
  turnDetection: TurnDetection | null | undefined,
  defaults: SessionSettings,
): Partial<SessionSettings> {
  const { silenceMs, minUtteranceMs, preRollMs, speechThreshold, adaptiveEndpointing, idleAudioMs } = defaults;
  const { endOfTurn, eagerness, maxSilenceMs } = defaults;
  const usual = {
    ...{ silenceMs, minUtteranceMs, preRollMs, speechThreshold, adaptiveEndpointing, idleAudioMs },
    ...{ endOfTurn, eagerness, maxSilenceMs },
  };
  // Speech is still decoded in utterances, since models invent text in long silence; their texts wait for the commit. A client
  // that pauses in the middle of a word does not end one.
  if (turnDetection === null) {
    const threshold = Math.min(speechThreshold, MANUAL_THRESHOLD);
    return { ...usual, endOfTurn: "silence", speechThreshold: threshold, idleAudioMs: 0 };
  }
  // The wire knows no least length: its silence alone ends a turn.
  if (turnDetection?.type === "semantic_vad") {
    const wanted = turnDetection.eagerness ?? DEFAULT_EAGERNESS;
    const longest = LONGEST_WAIT_MS[wanted];
    return {
      ...usual,
      minUtteranceMs: 0,
      endOfTurn: "model",
      eagerness: wanted === "auto" ? "medium" : wanted,
      maxSilenceMs: longest,
      adaptiveEndpointing: true,
      silenceMs: longest / UNFINISHED_FACTOR,
    };
  }
  return {
    ...usual,
    // Who names this kind wants silence to decide.
    ...(turnDetection && { endOfTurn: "silence" as const }),
    minUtteranceMs: 0,
    silenceMs: turnDetection?.silence_duration_ms ?? silenceMs,
    preRollMs: turnDetection?.prefix_padding_ms ?? preRollMs,
    speechThreshold: Math.max(LEAST_THRESHOLD, turnDetection?.threshold ?? speechThreshold),
  };
}

export interface SessionDescription {
  id: string;
  model: string;
  config: RealtimeConfig;
  /** The settings in effect. */
  settings: SessionSettings;
}

/** The session as `session.created` and `session.updated` (or their forerunners) show it: the configuration in effect. */
export function describeSession(dialect: Dialect, description: SessionDescription): Record<string, unknown> {
  const { id, model, config, settings } = description;
  const transcription = {
    model,
    language: settings.language === "auto" ? null : settings.language,
    ...(settings.languages.length > 0 && { languages: settings.languages }),
    prompt: settings.prompt,
    ...(config.keywords !== undefined && { keywords: config.keywords }),
    ...(config.delay !== undefined && { delay: config.delay }),
  };
  const turn_detection = describeTurnDetection(config, settings);
  const common = { id, object: "realtime.transcription_session", include: null };
  if (dialect === "ga") {
    const input = { format: config.format, transcription, noise_reduction: null, turn_detection };
    return { ...common, type: "transcription", audio: { input } };
  }
  return {
    ...common,
    input_audio_format: BETA_NAMES[config.format.type],
    input_audio_transcription: transcription,
    input_audio_noise_reduction: null,
    turn_detection,
  };
}

const BETA_NAMES = { "audio/pcm": "pcm16", "audio/pcmu": "g711_ulaw", "audio/pcma": "g711_alaw" } as const;

function describeTurnDetection({ turnDetection }: RealtimeConfig, settings: SessionSettings): object | null {
  if (turnDetection === null) return null;
  if (turnDetection?.type === "semantic_vad") {
    return { type: "semantic_vad", eagerness: turnDetection.eagerness ?? DEFAULT_EAGERNESS };
  }
  return {
    type: "server_vad",
    threshold: settings.speechThreshold,
    prefix_padding_ms: settings.preRollMs,
    silence_duration_ms: settings.silenceMs,
  };
}
