import {
  abortError,
  type Clock,
  ENGINE_SAMPLE_RATE,
  type EngineInfo,
  messageOf,
  SttError,
  systemClock,
  type TranscribeOptions,
  type Transcription,
  type TranscriptionEngine,
} from "@stt/core";
import { Semaphore } from "../semaphore.js";
import { parseAnswer, readAnswer } from "./read-answer.js";
import { RemoteApi, type RemoteApiOptions, RemoteRefusal } from "./remote-api.js";
import { type Detail, requestForm } from "./transcription-request.js";

export interface RemoteEngineOptions extends Omit<RemoteApiOptions, "clock" | "random"> {
  /** Name of the model to ask for. */
  model: string;
  /** Most requests at the same time. */
  concurrency: number;
  /** @default the real one */
  clock?: Clock;
  /** Uniform in [0, 1). @default Math.random */
  random?: () => number;
}

/** Whisper's window: every endpoint takes that much. */
const MAX_AUDIO_MS = 30_000;
/** After a failure the engine counts as away for this long, unless it answers sooner. */
const AWAY_MS = 10_000;
const DETAILS: readonly Detail[] = ["words", "segments", "text"];
/** An endpoint that does not know a field or format says so in one of these ways. */
const NOT_UNDERSTOOD = [400, 415, 422, 501];

/**
 * Decodes by asking any OpenAI-compatible `/audio/transcriptions`: vLLM, OpenAI itself, another server of this kind.
 */
export class RemoteEngine implements TranscriptionEngine {
  readonly info: EngineInfo;
  readonly #api: RemoteApi;
  readonly #model: string;
  readonly #detail: Detail;
  readonly #clock: Clock;
  readonly #slots: Semaphore<number>;
  readonly #closed = new AbortController();
  #failure: { at: number; why: string } | undefined;

  /**
   * Asks the endpoint for a second of silence, to find out whether it is there and how much it tells.
   *
   * @throws SttError `engine_failed` naming the URL and the variable to look at.
   */
  static async open(
    options: RemoteEngineOptions,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<RemoteEngine> {
    const { clock = systemClock, random = Math.random } = options;
    const api = new RemoteApi({ ...options, clock, random });
    try {
      return new RemoteEngine(api, options, await detailOf(api, options.model, signal));
    } catch (error) {
      await api.close();
      throw error;
    }
  }

  private constructor(
    api: RemoteApi,
    { model, concurrency, clock = systemClock }: RemoteEngineOptions,
    detail: Detail,
  ) {
    this.#api = api;
    this.#model = model;
    this.#detail = detail;
    this.#clock = clock;
    this.#slots = new Semaphore(Array.from({ length: concurrency }, (_, i) => i));
    this.info = {
      name: "remote",
      model,
      multilingual: true,
      requestedDevice: "auto",
      actualDevice: "cpu",
      concurrency,
      capabilities: {
        beamSearch: false,
        prompt: true,
        wordTimestamps: detail === "words",
        // Every endpoint detects; only one that gives details reports what it heard.
        languageDetection: detail !== "text",
        translation: true,
        abort: true,
        audioContext: false,
        maxAudioMs: MAX_AUDIO_MS,
      },
    };
  }

  get unavailable(): string | undefined {
    const { at, why } = this.#failure ?? { at: Number.NEGATIVE_INFINITY, why: "" };
    return this.#clock.now() - at < AWAY_MS ? why : undefined;
  }

  async transcribe(audio: Float32Array, options: TranscribeOptions, signal?: AbortSignal): Promise<Transcription> {
    const stop = signal ? AbortSignal.any([signal, this.#closed.signal]) : this.#closed.signal;
    const slot = await this.#slots.acquire(stop);
    try {
      const startedAt = this.#clock.now();
      const path = options.task === "translate" ? "/audio/translations" : "/audio/transcriptions";
      const body = await this.#ask(path, audio, options, stop);
      const answer = parseAnswer(body);
      if (!answer) throw notAnAnswer(this.#api.name);
      this.#failure = undefined;
      return readAnswer(answer, audio.length, options, this.#clock.now() - startedAt);
    } catch (error) {
      // Audio that one endpoint does not take says nothing of the next.
      if (!stop.aborted && !isNotUnderstood(error)) {
        this.#failure = { at: this.#clock.now(), why: messageOf(error).replace(/\.$/, "") };
      }
      throw error;
    } finally {
      this.#slots.release(slot);
    }
  }

  /** vLLM, until it detected languages itself, refused details where no language was named, and gave plain text. */
  async #ask(path: string, audio: Float32Array, options: TranscribeOptions, signal: AbortSignal): Promise<string> {
    const ask = async (detail: Detail) =>
      this.#api.post(path, await requestForm(audio, options, { model: this.#model, detail }), signal);
    try {
      return await ask(this.#detail);
    } catch (error) {
      if (options.language !== "auto" || this.#detail === "text" || !isNotUnderstood(error)) throw error;
      return ask("text");
    }
  }

  async close(): Promise<void> {
    if (this.#closed.signal.aborted) return;
    const reason = new SttError("aborted", "The remote engine was closed.");
    this.#closed.abort(reason);
    this.#slots.close(abortError(reason));
    this.#api.close();
  }
}

/** The most that an endpoint tells. */
async function detailOf(api: RemoteApi, model: string, signal: AbortSignal): Promise<Detail> {
  const silence = new Float32Array(ENGINE_SAMPLE_RATE);
  for (const detail of DETAILS) {
    try {
      const options = { language: "en", words: true };
      const body = await api.post(
        "/audio/transcriptions",
        await requestForm(silence, options, { model, detail }),
        signal,
      );
      const answer = parseAnswer(body);
      if (!answer) throw notAnAnswer(api.name);
      // Some take the field and leave it at that.
      if (!answer.segments) return "text";
      return detail === "words" && !answer.words ? "segments" : detail;
    } catch (error) {
      if (!isNotUnderstood(error) || detail === "text") throw error;
    }
  }
  return "text";
}

function isNotUnderstood(error: unknown): boolean {
  return error instanceof RemoteRefusal && NOT_UNDERSTOOD.includes(error.status);
}

function notAnAnswer(name: string): SttError {
  return new SttError(
    "engine_failed",
    `What ${name} answered is no transcription. REMOTE_URL must be the base of an OpenAI-compatible API, such as http://host:8000/v1.`,
  );
}
