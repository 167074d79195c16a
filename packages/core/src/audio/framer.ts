/** Cuts a stream of samples into frames of one size. */
import { VAD_FRAME_SAMPLES } from "../vad.js";

/**
 * Receives one frame.
 *
 * @param frame the samples, valid during the call only: copy what is kept
 * @param offset absolute offset of the first sample
 * @param samples how many of them are audio; less than `frame.length` only for the frame that `flush` fills up with silence
 */
export type FrameCallback = (frame: Float32Array, offset: number, samples: number) => void;

/** Chunks of any size in, frames of one size out. Allocates nothing after construction. */
export class Framer {
  readonly frameSamples: number;
  readonly #frame: Float32Array;
  readonly #onFrame: FrameCallback;
  #filled = 0;
  #offset: number;

  /**
   * @param startOffset absolute offset of the first sample to come
   * @param frameSamples @default 512
   */
  constructor(onFrame: FrameCallback, startOffset = 0, frameSamples = VAD_FRAME_SAMPLES) {
    this.#onFrame = onFrame;
    this.#offset = startOffset;
    this.frameSamples = frameSamples;
    this.#frame = new Float32Array(frameSamples);
  }

  /** Absolute offset of the next sample to be pushed. */
  get offset(): number {
    return this.#offset + this.#filled;
  }

  /** Samples that wait for a frame to fill. */
  get pending(): number {
    return this.#filled;
  }

  push(samples: Float32Array): void {
    let from = 0;
    // A chunk that is a frame goes through as it is.
    if (this.#filled === 0 && samples.length === this.frameSamples) {
      this.#emit(samples, samples.length);
      return;
    }
    while (from < samples.length) {
      const count = Math.min(samples.length - from, this.frameSamples - this.#filled);
      this.#frame.set(samples.subarray(from, from + count), this.#filled);
      from += count;
      this.#filled += count;
      if (this.#filled === this.frameSamples) this.#emit(this.#frame, this.frameSamples);
    }
  }

  /** Gives the samples that wait as a frame filled up with silence, if there are any. `offset` then counts only the audio. */
  flush(): void {
    if (this.#filled === 0) return;
    const samples = this.#filled;
    this.#frame.fill(0, samples);
    this.#emit(this.#frame, samples);
  }

  /** Drops the samples that wait and goes on at another offset. */
  reset(offset: number): void {
    this.#filled = 0;
    this.#offset = offset;
  }

  #emit(frame: Float32Array, samples: number): void {
    const offset = this.#offset;
    // State first: the callback may throw, or ask for the offset.
    this.#offset += samples;
    this.#filled = 0;
    this.#onFrame(frame, offset, samples);
  }
}
