import { type Clock, VAD_FRAME_SAMPLES } from "@stt/core";

/** One frame in so many samples is timed on its way through the detector: about one a second. */
const TIMED_EVERY_SAMPLES = 32 * VAD_FRAME_SAMPLES;

/** Measures now and then how long the detector takes for a frame. One at a time is enough for a histogram. */
export class VadLatencyProbe {
  readonly #clock: Clock;
  readonly #report: (ms: number) => void;
  /** End of the frame whose way is being timed; 0 when there is none. */
  #sample = 0;
  #since = 0;

  constructor(clock: Clock, report: (ms: number) => void) {
    this.#clock = clock;
    this.#report = report;
  }

  /** The frame that ends at this sample goes to the detector. */
  sent(sample: number): void {
    if (this.#sample !== 0 || sample % TIMED_EVERY_SAMPLES !== 0) return;
    this.#sample = sample;
    this.#since = this.#clock.now();
  }

  /** The frame that ends at this sample has its probability. */
  answered(sample: number): void {
    if (sample !== this.#sample) return;
    this.#sample = 0;
    this.#report(this.#clock.now() - this.#since);
  }
}
