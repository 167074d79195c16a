import {
  abortError,
  ENGINE_SAMPLE_RATE,
  type EngineInfo,
  type EngineMemory,
  messageOf,
  SttError,
  type TranscribeOptions,
  type Transcription,
  type TranscriptionEngine,
} from "@stt/core";
import { inferenceCores } from "../../machine/inference-cores.js";
import type { Log } from "../../observability/log.js";
import { Semaphore } from "../semaphore.js";
import type { NativeAddon, NativeJobOptions, NativeModel, NativeModelInfo, NativeSession } from "./addon.js";
import { audioContextFor } from "./audio-context.js";
import { guardExit } from "./exit-guard.js";
import { type OpenedSessions, openSessions } from "./open-sessions.js";
import type { WhisperEngineOptions } from "./options.js";
import { readResult } from "./read-result.js";

/** whisper.cpp holds at most this many decoders. */
const MAX_BEAMS = 8;
/** As in OpenAI's reference implementation. */
const FALLBACK_STEP = 0.2;
/** whisper.cpp keeps 223 prompt tokens; longer text only costs time, and very long words overflow its tokenizer's stack. */
const MAX_PROMPT_CHARACTERS = 1800;
/** Nats for tokens of favoured terms at the weight 1, by `npm run bench -- vocabulary`. */
const TERM_START_BONUS = 1;
const TERM_NEXT_BONUS = 3;
const MAX_TERM_WEIGHT = 3;
/** Threads of a small model gain less and less: two end a decode in six tenths of the time of one. More than two were not measured. */
const MOST_LANES = 4;
const MAX_AUDIO_MS = 60 * 60 * 1000;

/**
 * whisper.cpp in this process. One copy of the weights serves `concurrency` calls at a time; further ones wait in order.
 *
 * A native crash ends the whole process: servers use {@link SupervisedEngine} around it.
 */
export class WhisperEngine implements TranscriptionEngine {
  readonly info: EngineInfo;
  readonly #addon: NativeAddon;
  readonly #model: NativeModel;
  readonly #modelInfo: NativeModelInfo;
  readonly #sessions: readonly NativeSession[];
  readonly #pool: Semaphore<NativeSession>;
  readonly #languages: readonly string[];
  readonly #threads: number;
  readonly #log: Log;
  readonly #running = new Map<NativeSession, Promise<unknown>>();
  readonly #unguard: () => void;
  #closing: Promise<void> | undefined;

  /**
   * Checks the model file, loads it and allocates the states, all off the JavaScript thread.
   *
   * @throws SttError `model_not_found`, `bad_model`, `native_unavailable`, `invalid_argument` or `engine_failed`
   */
  static async open(options: WhisperEngineOptions): Promise<WhisperEngine> {
    return new WhisperEngine(await openSessions(options), options);
  }

  private constructor(opened: OpenedSessions, options: WhisperEngineOptions) {
    this.#addon = opened.addon;
    this.#model = opened.model;
    this.#modelInfo = opened.model.info();
    this.#sessions = opened.sessions;
    this.#pool = new Semaphore(opened.sessions);
    this.#languages = opened.addon.languages();
    this.#threads = opened.threads;
    this.#log = options.log;
    this.#unguard = guardExit(() => this.#closeSessions());
    const { multilingual } = this.#modelInfo;
    this.info = {
      name: "whisper.cpp",
      model: options.modelName,
      multilingual,
      requestedDevice: options.device,
      actualDevice: opened.device,
      concurrency: opened.sessions.length,
      capabilities: {
        beamSearch: true,
        prompt: true,
        wordTimestamps: true,
        languageDetection: multilingual,
        translation: multilingual,
        abort: true,
        audioContext: true,
        maxAudioMs: MAX_AUDIO_MS,
        mostLanes: mostLanes(opened, options),
      },
    };
  }

  async transcribe(audio: Float32Array, options: TranscribeOptions, signal?: AbortSignal): Promise<Transcription> {
    const job = this.#toJob(audio, options);
    const session = await this.#pool.acquire(signal);
    const startedAt = performance.now();
    const abort = (): void => session.abort();
    try {
      // Either may have happened while this call waited for its turn to continue.
      if (this.#closing) throw closedError(this.info.model);
      if (signal?.aborted) throw abortError(signal.reason);
      signal?.addEventListener("abort", abort, { once: true });
      const running = session.transcribe(audio, job);
      this.#running.set(session, running);
      const result = await running;
      // The signal came too late to stop the decoder, but its promise holds.
      if (signal?.aborted) throw abortError(signal.reason);
      return readResult(result, {
        samples: audio.length,
        endOfTextToken: this.#modelInfo.endOfTextToken,
        words: options.words ?? false,
        computeMs: performance.now() - startedAt,
      });
    } catch (error) {
      throw this.#toError(error, signal);
    } finally {
      signal?.removeEventListener("abort", abort);
      this.#running.delete(session);
      this.#pool.release(session);
    }
  }

  async memory(): Promise<EngineMemory> {
    const gpu = this.info.actualDevice === "cuda" ? this.#addon.devices().find((device) => device.gpu) : undefined;
    const { user, system } = process.cpuUsage();
    return {
      rssBytes: process.memoryUsage.rss(),
      cpuMs: (user + system) / 1000,
      ...(gpu && { gpuTotalBytes: gpu.totalBytes, gpuFreeBytes: gpu.freeBytes }),
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#pool.close(closedError(this.info.model));
    for (const session of this.#running.keys()) session.abort();
    await Promise.allSettled(this.#running.values());
    this.#unguard();
    this.#closeSessions();
  }

  #closeSessions(): void {
    for (const session of this.#sessions) session.close();
    this.#model.close();
  }

  #toJob(audio: Float32Array, options: TranscribeOptions): NativeJobOptions {
    const { language, task = "transcribe", prompt = "", beamSize = 1, temperature = 0, termWeight = 1 } = options;
    if (audio.length > (MAX_AUDIO_MS / 1000) * ENGINE_SAMPLE_RATE) {
      const seconds = Math.round(audio.length / ENGINE_SAMPLE_RATE);
      throw new SttError(
        "invalid_argument",
        `The audio is ${seconds} s long; pass at most ${MAX_AUDIO_MS / 1000} s at a time.`,
      );
    }
    if (language !== "auto" && !this.#languages.includes(language)) {
      throw new SttError(
        "invalid_argument",
        `The language "${language}" is not known to Whisper: pass an ISO 639-1 code such as "en" or "ru", or "auto".`,
      );
    }
    if (!(Number.isInteger(beamSize) && beamSize >= 1)) {
      throw new SttError(
        "invalid_argument",
        `The beam size is ${beamSize}; pass a whole number from 1 to ${MAX_BEAMS}.`,
      );
    }
    if (!(temperature >= 0 && temperature <= 1)) {
      throw new SttError("invalid_argument", `The temperature is ${temperature}; pass a number from 0 to 1.`);
    }
    if (!(termWeight >= 0 && termWeight <= MAX_TERM_WEIGHT)) {
      throw new SttError(
        "invalid_argument",
        `The weight of the terms is ${termWeight}; pass a number from 0 to ${MAX_TERM_WEIGHT}.`,
      );
    }
    const { multilingual, audioContext: full } = this.#modelInfo;
    return {
      language: multilingual ? language : "en",
      languageWeights: this.#languageWeights(language === "auto" ? options.languages : undefined),
      translate: task === "translate" && multilingual,
      // The native side takes a C string, which a NUL would end.
      prompt: prompt.replaceAll("\0", " ").slice(-MAX_PROMPT_CHARACTERS),
      terms: termWeight > 0 ? (options.terms ?? []) : [],
      termStartBonus: TERM_START_BONUS * termWeight,
      termNextBonus: TERM_NEXT_BONUS * termWeight,
      beamSize: Math.min(beamSize, MAX_BEAMS),
      temperature,
      temperatureStep: (options.temperatureFallback ?? true) ? FALLBACK_STEP : 0,
      audioContext: audioContextFor(audio.length, options.audioContext ?? "auto", full),
      threads: this.#threads * Math.max(1, Math.min(options.lanes ?? 1, this.info.capabilities.mostLanes ?? 1)),
      tokenTimes: options.words ?? false,
    };
  }

  #languageWeights(languages: TranscribeOptions["languages"]): Float32Array {
    if (languages === undefined) return new Float32Array(0);
    return Float32Array.from(this.#languages, (language) => languages[language] ?? 0);
  }

  #toError(error: unknown, signal: AbortSignal | undefined): unknown {
    const lines = this.#addon.drainLogs().map((line) => line.text.trim());
    if (error instanceof SttError) return error;
    if ((error as { aborted?: boolean }).aborted) {
      return this.#closing && !signal?.aborted ? closedError(this.info.model) : abortError(signal?.reason);
    }
    this.#log.error({ error: messageOf(error), native: lines }, "whisper.cpp failed to decode");
    const detail = lines.at(-1) ?? messageOf(error);
    return new SttError("engine_failed", `whisper.cpp could not decode the audio: ${detail}. Try again.`, {
      cause: error,
      retryable: true,
    });
  }
}

function mostLanes({ device, sessions }: OpenedSessions, { threads = 0 }: WhisperEngineOptions): number {
  return device === "cpu" && threads === 0 ? Math.min(MOST_LANES, sessions.length, inferenceCores()) : 1;
}

function closedError(model: string): SttError {
  return new SttError("aborted", `The engine with the model ${model} was closed.`);
}
