/** Between a recorder that never waits and a reader that may. */
import { callSafely } from "../callers/caller-code.js";
import { ByteRing } from "./ring-buffer.js";
import type { AudioFormat } from "./source.js";

/** A bounded queue of PCM for one reader. */
export class PcmBuffer {
  readonly #ring: ByteRing;
  #ended = false;
  #error: Error | undefined;
  #wake: (() => void) | undefined;
  readonly #format: AudioFormat;
  readonly #onDrop: ((ms: number) => void) | undefined;

  /**
   * @param maxMs most audio kept; the oldest goes first
   * @param onDrop called with the milliseconds that had to go
   */
  constructor(format: AudioFormat, maxMs: number, onDrop: ((ms: number) => void) | undefined) {
    this.#format = format;
    this.#onDrop = onDrop;
    this.#ring = new ByteRing(format, maxMs);
  }

  /** The bytes are copied. */
  append(pcm: Uint8Array): void {
    if (this.#ended) return;
    const dropped = this.#ring.append(pcm);
    this.#notify();
    const onDrop = this.#onDrop;
    if (dropped && onDrop) callSafely(() => onDrop(((dropped.to - dropped.from) * 1000) / this.#format.sampleRate));
  }

  /** No more audio; what is there is still read, and then the error, if any, is thrown. */
  end(error?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    this.#notify();
  }

  async *read(): AsyncGenerator<Uint8Array> {
    const ring = this.#ring;
    for (;;) {
      for (const { pcm, offset, samples } of ring.from(ring.oldest)) {
        yield pcm;
        ring.forgetBefore(offset + samples);
      }
      if (ring.length > 0) continue;
      if (this.#ended) {
        if (this.#error) throw this.#error;
        return;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #notify(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
