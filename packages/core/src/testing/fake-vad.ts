import { rms } from "../audio/pcm.js";
import { SttError } from "../errors.js";
import { VAD_FRAME_SAMPLES, type VadListener, type VadStream, type VoiceActivityDetector } from "../vad.js";

export interface FakeVadOptions {
  /**
   * Probability of each frame: a list (then 0), or computed from the frame and its number within the stream. @default speech is
   * what is louder than `threshold`
   */
  probability?: readonly number[] | ((frame: Float32Array, index: number) => number);
  /** Root mean square from which a frame is speech. @default 0.01 */
  threshold?: number;
  /** Probabilities wait for {@link FakeVad.release}; otherwise they come within `push`. @default false */
  manual?: boolean;
}

interface Stream {
  listener: VadListener;
  /** Probabilities that were not given yet. */
  waiting: number[];
  index: number;
}

/** A detector that goes by loudness or by a script. */
export class FakeVad implements VoiceActivityDetector {
  closed = false;
  readonly #options: FakeVadOptions;
  readonly #streams = new Set<Stream>();

  constructor(options: FakeVadOptions = {}) {
    this.#options = options;
  }

  /** Streams made and not closed. */
  get openStreams(): number {
    return this.#streams.size;
  }

  get backlog(): number {
    let frames = 0;
    for (const stream of this.#streams) frames += stream.waiting.length;
    return frames;
  }

  createStream(listener: VadListener): VadStream {
    if (this.closed) throw new SttError("invalid_state", "The fake VAD is closed.");
    const stream: Stream = { listener, waiting: [], index: 0 };
    this.#streams.add(stream);
    const push = (frame: Float32Array) => this.#push(stream, frame);
    const close = () => this.#forget(stream);
    return {
      get backlog() {
        return stream.waiting.length;
      },
      push,
      reset() {
        stream.index = 0;
      },
      close,
    };
  }

  /** Gives the oldest `frames` probabilities of each stream. @default all */
  release(frames = Number.POSITIVE_INFINITY): void {
    for (const stream of [...this.#streams]) {
      for (let given = 0; given < frames && stream.waiting.length > 0; given++) {
        stream.listener.onProbability(stream.waiting.shift()!);
      }
    }
  }

  /** Fails for good, as a detector does whose worker died. */
  fail(error: SttError): void {
    for (const stream of [...this.#streams]) {
      this.#forget(stream);
      stream.listener.onError(error);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const stream of [...this.#streams]) this.#forget(stream);
  }

  #push(stream: Stream, frame: Float32Array): void {
    if (frame.length !== VAD_FRAME_SAMPLES) {
      throw new SttError(
        "invalid_argument",
        `A VAD frame has ${frame.length} samples instead of ${VAD_FRAME_SAMPLES}.`,
      );
    }
    if (!this.#streams.has(stream)) return;
    const probability = this.#probabilityOf(frame, stream.index++);
    if (this.#options.manual) stream.waiting.push(probability);
    else stream.listener.onProbability(probability);
  }

  #forget(stream: Stream): void {
    this.#streams.delete(stream);
    stream.waiting.length = 0;
  }

  #probabilityOf(frame: Float32Array, index: number): number {
    const { probability, threshold = 0.01 } = this.#options;
    if (typeof probability === "function") return probability(frame, index);
    if (probability) return probability[index] ?? 0;
    return rms(frame) >= threshold ? 1 : 0;
  }
}
