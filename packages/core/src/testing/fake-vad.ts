import { rms } from "../audio/pcm.js";
import type { VadStream, VoiceActivityDetector } from "../vad.js";

export interface FakeVadOptions {
  /**
   * Probability of each frame: a list (then 0), or computed from the frame and its number within the stream. @default speech is
   * what is louder than `threshold`
   */
  probability?: readonly number[] | ((frame: Float32Array, index: number) => number);
  /** Root mean square from which a frame is speech. @default 0.01 */
  threshold?: number;
}

/** A detector that goes by loudness or by a script. */
export class FakeVad implements VoiceActivityDetector {
  /** Streams made and not closed. */
  openStreams = 0;
  closed = false;
  readonly #options: FakeVadOptions;

  constructor(options: FakeVadOptions = {}) {
    this.#options = options;
  }

  createStream(): VadStream {
    this.openStreams++;
    let index = 0;
    let open = true;
    return {
      push: async (frame) => (open ? this.#judge(frame, index++) : 0),
      reset() {
        index = 0;
      },
      close: () => {
        if (open) this.openStreams--;
        open = false;
      },
    };
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  #judge(frame: Float32Array, index: number): number {
    const { probability, threshold = 0.01 } = this.#options;
    if (typeof probability === "function") return probability(frame, index);
    if (probability) return probability[index] ?? 0;
    return rms(frame) >= threshold ? 1 : 0;
  }
}
