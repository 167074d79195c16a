import { type AudioSource, messageOf, PcmBuffer } from "@stt/core";

/**
 * One recording, from one press of the key to the next. Its sound is caught from the first moment on, whenever its turn at the
 * server comes: what is said while the recording before is still being written waits here.
 */
export class Take {
  /** The sound for the server; undefined when it was over before there was any. */
  readonly source: Promise<AudioSource | undefined>;
  /** Settles when nothing more is recorded: ended by its user or by itself; rejects when it failed. */
  readonly over: Promise<void>;
  readonly #ending = new AbortController();
  #settle!: { resolve: () => void; reject: (error: unknown) => void };

  /**
   * @param open opens the microphone
   * @param keepMs most sound kept while the server has no time for it
   * @param onDrop told of sound that was lost, milliseconds
   */
  constructor(open: () => Promise<AudioSource>, keepMs: number, onDrop: (ms: number) => void) {
    this.over = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    // Whoever plays it hears of the failure, and that may be later.
    this.over.catch(() => {});
    this.source = this.#capture(open, keepMs, onDrop);
    this.source.catch((error: unknown) => this.fail(error));
  }

  end(): void {
    this.#ending.abort();
    this.#settle.resolve();
  }

  fail(error: unknown): void {
    this.#ending.abort();
    this.#settle.reject(error);
  }

  async #capture(
    open: () => Promise<AudioSource>,
    keepMs: number,
    onDrop: (ms: number) => void,
  ): Promise<AudioSource | undefined> {
    const { signal } = this.#ending;
    const source = await open();
    if (signal.aborted) {
      await source.close();
      return undefined;
    }
    const buffer = new PcmBuffer(source.format, keepMs, onDrop);
    const pump = async () => {
      try {
        for await (const pcm of source.chunks(signal)) buffer.append(pcm);
        buffer.end();
      } catch (error) {
        buffer.end(error instanceof Error ? error : new Error(messageOf(error)));
      } finally {
        // The device is free again, also while the sound still waits.
        await source.close();
        this.end();
      }
    };
    void pump();
    return {
      format: source.format,
      chunks: (outer) => this.#read(buffer, outer),
      close: async () => this.#ending.abort(),
    };
  }

  async *#read(buffer: PcmBuffer, outer: AbortSignal): AsyncGenerator<Uint8Array> {
    const end = () => this.#ending.abort();
    if (outer.aborted) end();
    else outer.addEventListener("abort", end, { once: true });
    yield* buffer.read();
    outer.removeEventListener("abort", end);
  }
}
