import {
  type Clock,
  messageOf,
  SttError,
  type VadListener,
  type VadStream,
  type VoiceActivityDetector,
} from "@stt/core";
import type { Log } from "../observability/log.js";

export interface SupervisedVadOptions {
  /** Opens a detector. */
  open(): Promise<VoiceActivityDetector>;
  clock: Clock;
  log: Log;
  /** Pause before a detector is opened again after a failed attempt, milliseconds. @default 1000 */
  retryMs?: number;
}

/**
 * A detector that is replaced when it fails. Its streams end with their error, and their sessions with them: the clients
 * resume, which replays the audio that was not answered.
 */
export class SupervisedVad implements VoiceActivityDetector {
  readonly #options: SupervisedVadOptions;
  #current: VoiceActivityDetector | undefined;
  #cancelRetry: (() => void) | undefined;
  #closed = false;

  private constructor(options: SupervisedVadOptions, first: VoiceActivityDetector) {
    this.#options = options;
    this.#current = first;
  }

  /** @throws whatever `open` throws the first time: then it is a mistake, not an accident. */
  static async open(options: SupervisedVadOptions): Promise<SupervisedVad> {
    return new SupervisedVad(options, await options.open());
  }

  get backlog(): number {
    return this.#current?.backlog ?? 0;
  }

  /** Why no stream can be created at present; undefined while it can. */
  get unavailable(): string | undefined {
    return this.#current ? undefined : "the voice activity detector is being restarted";
  }

  /** @throws SttError `engine_failed`, retryable, while a failed detector is being replaced. */
  createStream(listener: VadListener): VadStream {
    const detector = this.#current;
    if (!detector) {
      throw new SttError("engine_failed", "The voice activity detector is being restarted. Try again in a moment.", {
        retryable: true,
      });
    }
    return detector.createStream({
      onProbability: (probability) => listener.onProbability(probability),
      onError: (error) => {
        this.#replace(detector, error);
        listener.onError(error);
      },
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelRetry?.();
    await this.#current?.close();
  }

  #replace(failed: VoiceActivityDetector, error: SttError): void {
    // Every stream of a failed detector reports; the first report is enough.
    if (this.#closed || this.#current !== failed) return;
    this.#options.log.error({ err: error }, "the voice activity detector failed, opening another");
    this.#current = undefined;
    void failed.close().catch(() => {});
    void this.#reopen();
  }

  async #reopen(): Promise<void> {
    const { open, clock, log, retryMs = 1000 } = this.#options;
    try {
      const detector = await open();
      if (this.#closed) return void detector.close();
      this.#current = detector;
      log.info({}, "the voice activity detector is back");
    } catch (error) {
      log.error({ err: error }, `the voice activity detector does not open: ${messageOf(error)}`);
      if (!this.#closed) this.#cancelRetry = clock.setTimer(retryMs, () => void this.#reopen());
    }
  }
}
