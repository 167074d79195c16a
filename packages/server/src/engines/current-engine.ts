import {
  abortError,
  type EngineInfo,
  type EngineMemory,
  SttError,
  type TranscribeOptions,
  type Transcription,
  type TranscriptionEngine,
} from "@stt/core";

/** An engine and those who use it: it is closed when nobody holds it any more and its last call is done. */
export class SharedEngine {
  readonly engine: TranscriptionEngine;
  #holders = 0;
  #calls = 0;
  readonly #closed: Promise<void>;
  #resolve!: (closing: Promise<void>) => void;

  constructor(engine: TranscriptionEngine) {
    this.engine = engine;
    this.#closed = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    // A process that does not end in good order is gone all the same; whoever waits is told.
    this.#closed.catch(() => {});
  }

  hold(): void {
    this.#holders++;
  }

  /** Resolves when the engine is closed, which others may delay. */
  release(): Promise<void> {
    this.#holders--;
    this.#closeWhenIdle();
    return this.#closed;
  }

  async call<T>(work: (engine: TranscriptionEngine) => Promise<T>): Promise<T> {
    this.#calls++;
    try {
      return await work(this.engine);
    } finally {
      this.#calls--;
      this.#closeWhenIdle();
    }
  }

  #closeWhenIdle(): void {
    if (this.#holders === 0 && this.#calls === 0) this.#resolve(this.engine.close());
  }
}

/** The engine in use at present. Another can take its place while calls run: they end where they began. */
export class CurrentEngine implements TranscriptionEngine {
  #shared: SharedEngine;
  #closing: Promise<void> | undefined;

  constructor(shared: SharedEngine) {
    shared.hold();
    this.#shared = shared;
  }

  get info(): EngineInfo {
    return this.#shared.engine.info;
  }

  get unavailable(): string | undefined {
    return this.#shared.engine.unavailable;
  }

  /** What others can use as well. */
  get shared(): SharedEngine {
    return this.#shared;
  }

  transcribe(audio: Float32Array, options: TranscribeOptions, signal?: AbortSignal): Promise<Transcription> {
    if (this.#closing) return Promise.reject(abortError(new SttError("aborted", "The engine was closed.")));
    return this.#shared.call((engine) => engine.transcribe(audio, options, signal));
  }

  async memory(): Promise<EngineMemory> {
    return (await this.#shared.engine.memory?.()) ?? {};
  }

  /**
   * Puts another engine in place for all later calls.
   *
   * @returns when the former one is closed: after its last call, unless somebody else uses it.
   */
  replace(next: SharedEngine): Promise<void> {
    const former = this.#shared;
    if (former === next) return Promise.resolve();
    next.hold();
    this.#shared = next;
    return former.release();
  }

  /** Closes the engine without waiting for calls, which reject with `aborted`. */
  close(): Promise<void> {
    this.#closing ??= this.#shared.engine.close();
    return this.#closing;
  }
}
