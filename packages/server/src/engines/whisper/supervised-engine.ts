import { setTimeout as delay } from "node:timers/promises";
import {
  abortError,
  ENGINE_SAMPLE_RATE,
  type EngineInfo,
  type EngineMemory,
  isSttError,
  messageOf,
  SttError,
  type TranscribeOptions,
  type Transcription,
  type TranscriptionEngine,
} from "@stt/core";
import { Semaphore } from "../semaphore.js";
import type { WhisperEngineOptions } from "./options.js";
import { isPermanent, type WorkerExit, WorkerGone, WorkerProcess } from "./worker-process.js";

/** Options of {@link SupervisedEngine}. */
export interface SupervisedEngineOptions extends WhisperEngineOptions {
  /**
   * How long one call may take before its process counts as hung and is replaced, in milliseconds.
   * @default 60 s + 10 times the length of the audio
   */
  jobTimeoutMs?: (audioMs: number) => number;
  /** Pause before the first restart, in milliseconds; doubles with each further crash in a row. @default 100 */
  restartDelayMs?: number;
  /** Longest pause before a restart, in milliseconds. @default 10000 */
  maxRestartDelayMs?: number;
}

/** A call whose process ended is run once more, then given up: it may be what crashes the process. */
const ATTEMPTS = 2;
/** Failed starts in a row after which waiting calls are told. */
const STARTS = 3;

/**
 * {@link WhisperEngine} in a child process of its own, which is replaced when it crashes or hangs. A native fault or a GPU that
 * runs out of memory costs a call some latency, and nothing else.
 */
export class SupervisedEngine implements TranscriptionEngine {
  readonly info: EngineInfo;
  readonly #options: SupervisedEngineOptions;
  readonly #pool: Semaphore<number>;
  readonly #closed = new AbortController();
  /** The present process, or the one being started. */
  #worker: Promise<WorkerProcess>;
  #current: WorkerProcess | undefined;
  /** Set when starting was given up; the next call tries again. */
  #down: WorkerExit | undefined;
  /** Why no process is ready; undefined while one is. */
  #unavailable: string | undefined;
  /** Processes lost since the last call that succeeded. */
  #crashes = 0;
  #closing: Promise<void> | undefined;

  /**
   * Starts the process and waits until its model is loaded.
   *
   * @throws SttError as {@link WhisperEngine.open}
   */
  static async open(options: SupervisedEngineOptions): Promise<SupervisedEngine> {
    const worker = new WorkerProcess(options);
    try {
      return new SupervisedEngine(options, worker, await worker.info);
    } catch (error) {
      worker.kill();
      throw error instanceof WorkerGone ? startFailed(options.modelName, error) : error;
    }
  }

  private constructor(options: SupervisedEngineOptions, worker: WorkerProcess, info: EngineInfo) {
    this.#options = options;
    this.info = info;
    this.#pool = new Semaphore(Array.from({ length: info.concurrency }, (_, slot) => slot));
    this.#worker = Promise.resolve(worker);
    this.#watch(worker);
  }

  /** Process id of the inference process, while one runs. */
  get workerPid(): number | undefined {
    return this.#current?.pid;
  }

  get unavailable(): string | undefined {
    return this.#unavailable;
  }

  async transcribe(audio: Float32Array, options: TranscribeOptions, signal?: AbortSignal): Promise<Transcription> {
    const audioMs = (audio.length / ENGINE_SAMPLE_RATE) * 1000;
    const timeoutMs = (this.#options.jobTimeoutMs ?? defaultJobTimeoutMs)(audioMs);
    const slot = await this.#pool.acquire(signal);
    try {
      for (let attempt = 1; ; attempt++) {
        let worker: WorkerProcess | undefined;
        try {
          worker = await untilAborted(this.#ready(), signal);
          const result = await worker.transcribe(audio, options, timeoutMs, signal);
          this.#crashes = 0;
          return result;
        } catch (error) {
          if (this.#closing && !signal?.aborted) throw closedError(this.info.model);
          // The decoder itself gives up when it gets no memory. What fails twice may fail for ever in this process.
          const failed = isSttError(error) && error.code === "engine_failed" && worker !== undefined;
          if (!(error instanceof WorkerGone || failed)) throw error;
          if (attempt < ATTEMPTS) continue;
          if (failed) worker?.kill();
          throw gaveUp(error, audioMs);
        }
      }
    } finally {
      this.#pool.release(slot);
    }
  }

  async memory(): Promise<EngineMemory> {
    try {
      return (await this.#current?.memory()) ?? {};
    } catch (error) {
      // Between two processes there is no figure to give.
      if (error instanceof WorkerGone) return {};
      throw error;
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const error = closedError(this.info.model);
    this.#pool.close(error);
    this.#closed.abort(error);
    const worker = this.#current;
    worker?.kill();
    await worker?.exited;
  }

  #watch(worker: WorkerProcess): void {
    this.#current = worker;
    this.#unavailable = undefined;
    void worker.exited.then((exit) => {
      this.#current = undefined;
      this.#unavailable = `the model ${this.info.model} is being loaded again: ${new WorkerGone(exit).message}`;
      if (!this.#closing) this.#worker = this.#restart(exit);
    });
  }

  #ready(): Promise<WorkerProcess> {
    if (this.#down) this.#worker = this.#restart(this.#down);
    return this.#worker;
  }

  #restart(exit: WorkerExit): Promise<WorkerProcess> {
    this.#down = undefined;
    const worker = this.#startAgain(exit);
    // Whoever waits for the process sees the failure; with nobody waiting it is in the log.
    worker.catch(() => {});
    return worker;
  }

  async #startAgain(exit: WorkerExit): Promise<WorkerProcess> {
    const { log, modelName, restartDelayMs = 100, maxRestartDelayMs = 10_000 } = this.#options;
    for (let start = 1; ; start++) {
      const pauseMs = Math.min(maxRestartDelayMs, restartDelayMs * 2 ** Math.min(this.#crashes++, 20));
      log.error(
        { ...exit, model: modelName, restartDelayMs: pauseMs },
        "the inference process is gone, starting another",
      );
      await delay(pauseMs, undefined, { signal: this.#closed.signal });
      const worker = new WorkerProcess(this.#options);
      this.#current = worker;
      try {
        await worker.info;
        log.info({ pid: worker.pid, model: modelName }, "the inference process is back");
        this.#watch(worker);
        return worker;
      } catch (error) {
        worker.kill();
        this.#current = undefined;
        if (this.#closing) throw closedError(modelName);
        log.error({ start, model: modelName, error: messageOf(error) }, "the inference process does not start");
        if (start < STARTS && !isPermanent(error)) continue;
        this.#unavailable = `the model ${modelName} does not load: ${messageOf(error)}`;
        this.#down = exit;
        void this.#retryLater(pauseMs);
        throw error instanceof WorkerGone ? startFailed(modelName, error) : error;
      }
    }
  }

  /** A server that is not ready gets no calls, so nobody else would notice that the cause is gone. */
  async #retryLater(pauseMs: number): Promise<void> {
    try {
      await delay(2 * pauseMs, undefined, { signal: this.#closed.signal, ref: false });
    } catch {
      return;
    }
    if (this.#down) this.#worker = this.#restart(this.#down);
  }
}

function defaultJobTimeoutMs(audioMs: number): number {
  return 60_000 + 10 * audioMs;
}

/** Waits for `promise`, but no longer than until `signal` fires. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  if (signal.aborted) throw abortError(signal.reason);
  let onAbort: (() => void) | undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      onAbort = () => reject(abortError(signal.reason));
      signal.addEventListener("abort", onAbort, { once: true });
      promise.then(resolve, reject);
    });
  } finally {
    if (onAbort) signal.removeEventListener("abort", onAbort);
  }
}

function closedError(model: string): SttError {
  return new SttError("aborted", `The engine with the model ${model} was closed.`);
}

function startFailed(model: string, cause: WorkerGone): SttError {
  return new SttError(
    "engine_failed",
    `The model ${model} could not be loaded: ${cause.message}. See the server's log.`,
    {
      cause,
      retryable: true,
    },
  );
}

function gaveUp(cause: Error, audioMs: number): SttError {
  const seconds = (audioMs / 1000).toFixed(1);
  return new SttError(
    "engine_failed",
    `Decoding ${seconds} s of audio failed ${ATTEMPTS} times: ${cause.message}. See the server's log.`,
    { cause, retryable: true },
  );
}
