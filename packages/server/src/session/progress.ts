import { type Clock, ENGINE_SAMPLE_RATE } from "@stt/core";

/** A report goes out after so much time or audio seen by the detector, and after every final. */
const REPORT_MS = 900;

export interface ProgressOptions {
  clock: Clock;
  /** 16 kHz samples that the detector has seen. */
  seen(): number;
  /** 16 kHz sample before which everything is done with, if no final is pending. */
  safe(): number;
  /** Whether no final is pending. */
  settled(): boolean;
  report(finalizedSample: number): void;
}

/** What of a session's audio is done with, and when to say so. Never goes back. */
export class Progress {
  readonly #options: ProgressOptions;
  #doneSample = 0;
  #reportedAt: number;
  #reportedSample = 0;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#reportedAt = options.clock.now();
  }

  /** 16 kHz sample before which the client may forget everything. */
  get finalizedSample(): number {
    const { safe, settled } = this.#options;
    // With a final pending, later silence does not help: what comes after is done with only once that is.
    if (settled()) this.#doneSample = Math.max(this.#doneSample, safe());
    return this.#doneSample;
  }

  /** The utterance that ends at `endSample` has its final or will have none. Call in the order of the utterances. */
  complete(endSample: number): void {
    this.#doneSample = Math.max(this.#doneSample, endSample);
  }

  /** Reports if it is time to. */
  tick(): void {
    const { clock, seen } = this.#options;
    const due = clock.now() - this.#reportedAt >= REPORT_MS || seen() - this.#reportedSample >= ENGINE_SAMPLE_RATE;
    if (due) this.report();
  }

  /** Reports now. */
  report(): void {
    this.#reportedAt = this.#options.clock.now();
    this.#reportedSample = this.#options.seen();
    this.#options.report(this.finalizedSample);
  }
}
