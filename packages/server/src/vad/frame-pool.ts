import { VAD_FRAME_SAMPLES } from "@stt/core";

/** No frame: the end of a list. */
export const NO_FRAME = -1;

/** Frames per slab: 512 kB of samples. */
const SLAB_FRAMES = 256;

/**
 * Waiting frames of all streams, in slabs of samples that are reused for ever, so that a frame in flight costs no garbage.
 * A frame is known by its index; `next` chains frames into the queues of the streams.
 */
export class FramePool {
  /** The index after each frame in its list, or {@link NO_FRAME}. */
  next = new Int32Array(0);
  /** Bits that the owner of a frame keeps with it. */
  flags = new Uint8Array(0);
  readonly #samples: Float32Array[] = [];
  #free = NO_FRAME;

  /** Takes a copy of a frame of {@link VAD_FRAME_SAMPLES} samples. */
  add(frame: Float32Array, flags: number): number {
    if (this.#free === NO_FRAME) this.#grow();
    const index = this.#free;
    this.#free = this.next[index]!;
    this.#samples[index]!.set(frame);
    this.next[index] = NO_FRAME;
    this.flags[index] = flags;
    return index;
  }

  /** Copies a frame's samples to `target`, from `offset` on. */
  copyTo(index: number, target: Float32Array, offset: number): void {
    target.set(this.#samples[index]!, offset);
  }

  /** Gives a frame back and returns the one that came after it. */
  release(index: number): number {
    const after = this.next[index]!;
    this.next[index] = this.#free;
    this.#free = index;
    return after;
  }

  #grow(): void {
    const first = this.#samples.length;
    const slab = new Float32Array(SLAB_FRAMES * VAD_FRAME_SAMPLES);
    const next = new Int32Array(first + SLAB_FRAMES);
    const flags = new Uint8Array(first + SLAB_FRAMES);
    next.set(this.next);
    flags.set(this.flags);
    for (let i = 0; i < SLAB_FRAMES; i++) {
      // A view per frame, made once: `set(subarray())` would make one per copy.
      this.#samples.push(slab.subarray(i * VAD_FRAME_SAMPLES, (i + 1) * VAD_FRAME_SAMPLES));
      next[first + i] = i + 1 < SLAB_FRAMES ? first + i + 1 : this.#free;
    }
    this.next = next;
    this.flags = flags;
    this.#free = first;
  }
}
