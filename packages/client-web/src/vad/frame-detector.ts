/** A detector's listener as a promise per frame. */
import type { VadStream, VoiceActivityDetector } from "@stt/core";

/** One frame at a time: the next may be asked about when the probability of the one before has come. */
export class FrameDetector {
  readonly #stream: VadStream;
  #settle: { resolve(probability: number): void; reject(error: Error): void } | undefined;
  #error: Error | undefined;

  constructor(vad: VoiceActivityDetector) {
    this.#stream = vad.createStream({
      onProbability: (probability) => this.#settle?.resolve(probability),
      onError: (error) => {
        this.#error = error;
        this.#settle?.reject(error);
      },
    });
  }

  /** @throws SttError what the detector failed of */
  probability(frame: Float32Array): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.#error) {
        reject(this.#error);
        return;
      }
      this.#settle = { resolve, reject };
      this.#stream.push(frame);
    });
  }

  close(): void {
    this.#stream.close();
  }
}
