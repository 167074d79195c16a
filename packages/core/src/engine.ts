/** The seam behind which speech recognisers live. */

/** Where inference runs. */
export type Device = "cpu" | "cuda";

/** What an engine can do, so that callers ask instead of guess. */
export interface EngineCapabilities {
  /** Honours {@link TranscribeOptions.beamSize} above 1. */
  beamSearch: boolean;
  /** Honours {@link TranscribeOptions.prompt}. */
  prompt: boolean;
  /** Fills {@link TranscriptionSegment.words}. */
  wordTimestamps: boolean;
  /** Accepts `language: "auto"` and reports what it heard. */
  languageDetection: boolean;
  /** Translates to English (`task: "translate"`). */
  translation: boolean;
  /** Stops computing soon after the signal fires (instead of merely ignoring the result). */
  abort: boolean;
  /** Honours {@link TranscribeOptions.audioContext}. */
  audioContext: boolean;
  /** Longest audio of one call, in milliseconds. */
  maxAudioMs: number;
  /** Honours {@link TranscribeOptions.lanes} up to this number. @default 1 */
  mostLanes?: number;
}

/** What is known of an engine once it is ready. */
export interface EngineInfo {
  /** Engine name, for example `whisper.cpp`. */
  name: string;
  /** Model name as configured, for example `medium` or `micro`. */
  model: string;
  /** Whether the model knows more than English. */
  multilingual: boolean;
  requestedDevice: Device | "auto";
  actualDevice: Device;
  /** How many calls run at the same time; further ones wait. */
  concurrency: number;
  capabilities: EngineCapabilities;
}

/** Memory of an engine in bytes; absent where it cannot be told. */
export interface EngineMemory {
  /** Resident memory of the process that runs inference. */
  rssBytes?: number;
  /** CPU time that this process has used since its start, milliseconds. */
  cpuMs?: number;
  gpuTotalBytes?: number;
  gpuFreeBytes?: number;
}

export interface TranscribeOptions {
  /** ISO 639-1 code, or `auto` to detect. */
  language: string;
  /**
   * With `auto`: the languages among which it is detected, each with the weight of what is known beforehand (a prior: only the
   * ratios count). @default all languages, all alike
   */
  languages?: Readonly<Record<string, number>> | undefined;
  /** @default "transcribe" */
  task?: "transcribe" | "translate";
  /** Text that came before, or words to expect. Engines cut it to what they can use. */
  prompt?: string;
  /**
   * Words and phrases that are likelier than elsewhere, each as it is to be written. An engine that cannot favour them leaves them
   * out of account.
   */
  terms?: readonly string[];
  /** How much likelier, where 1 is what suits the engine and 0 is not at all. @default 1 */
  termWeight?: number;
  /** 1 is greedy. @default 1 */
  beamSize?: number;
  /** Decoding temperature, 0..1. @default 0 */
  temperature?: number;
  /** Decode again at a higher temperature when the result looks broken. @default true */
  temperatureFallback?: boolean;
  /**
   * Encoder positions to compute, 50 a second; a tighter window costs less. `auto` fits the window to the audio, `full` is
   * the model's own 30 s. @default "auto"
   */
  audioContext?: "auto" | "full" | number;
  /** Fill `words` of each segment. @default false */
  words?: boolean;
  /**
   * So many of the engine's concurrent calls does this one take the place of: it may use their share of the machine as well, to be
   * done sooner. @default 1
   */
  lanes?: number;
}

/** One recognised word. Times are milliseconds from the start of the audio passed in. */
export interface TranscribedWord {
  /** The word with its punctuation, without surrounding white space. */
  text: string;
  startMs: number;
  endMs: number;
  /** Mean token probability, 0..1. */
  confidence: number;
}

/** A run of text with its times, in milliseconds from the start of the audio passed in. */
export interface TranscriptionSegment {
  text: string;
  startMs: number;
  endMs: number;
  /** Probability that the window holds no speech, 0..1. */
  noSpeechProbability: number;
  /** Mean log probability of the tokens, at most 0. */
  averageLogProbability: number;
  /** Number of text tokens. */
  tokenCount: number;
  /** Present when asked for and the engine can. */
  words?: TranscribedWord[];
}

export interface Transcription {
  /** All segments' text, joined and trimmed; empty when nothing was said. */
  text: string;
  /** ISO 639-1 code of the language decoded. */
  language: string;
  /** Probability of `language` among the candidates by the audio alone, without their weights, 0..1; when it was detected. */
  languageProbability?: number;
  segments: TranscriptionSegment[];
  /** Length of the audio passed in, milliseconds. */
  audioMs: number;
  /** Compute time inside the engine, milliseconds, without queueing. */
  computeMs: number;
}

/**
 * A speech recogniser. Implementations are free to batch, pool or forward calls; one call never disturbs another.
 *
 * @example A third party's engine is passed to the server as it is: `createServer({ engine: myEngine })`.
 */
export interface TranscriptionEngine {
  readonly info: EngineInfo;
  /** Why it cannot decode at present, as the end of a sentence; undefined while it can. Cheap to ask. */
  readonly unavailable?: string | undefined;
  /**
   * @param audio 16 kHz mono samples in [-1, 1]; not modified, and not kept after the promise settles.
   * @throws SttError `aborted` once `signal` fires, `engine_failed` when decoding failed.
   */
  transcribe(audio: Float32Array, options: TranscribeOptions, signal?: AbortSignal): Promise<Transcription>;
  /** Present figures, if the engine knows them. */
  memory?(): Promise<EngineMemory>;
  /** Frees everything. Idempotent; running calls reject with `aborted`. */
  close(): Promise<void>;
}

/** Sample rate of all audio between the resampler and the engine, in Hz. */
export const ENGINE_SAMPLE_RATE = 16_000;
