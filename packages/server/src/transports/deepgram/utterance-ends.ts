export interface UtteranceEndsOptions {
  /** Silence after the last word, milliseconds of audio; undefined tells of none. */
  waitMs: number | undefined;
  /** Resolves when the detector has seen all audio that came so far. */
  caughtUp(): Promise<void>;
  /** @param lastWordMs where the last word ended */
  onEnd(lastWordMs: number): void;
}

/** Tells once after each word that was the last for a while, on the clock of the audio. */
export class UtteranceEnds {
  readonly #options: UtteranceEndsOptions;
  /** End of the last word of which nobody was told yet. */
  #lastWordMs: number | undefined;
  #isChecking = false;

  constructor(options: UtteranceEndsOptions) {
    this.#options = options;
  }

  /** Somebody speaks again. */
  speechStarted(): void {
    this.#lastWordMs = undefined;
  }

  /** A final came. @param heardMs end of the audio that came so far */
  spoken(lastWordMs: number, heardMs: number): void {
    this.#lastWordMs = lastWordMs;
    this.heard(heardMs);
  }

  /** More audio came, up to here. */
  heard(heardMs: number): void {
    const { waitMs } = this.#options;
    const lastWordMs = this.#lastWordMs;
    if (waitMs === undefined || lastWordMs === undefined || this.#isChecking) return;
    if (heardMs - lastWordMs < waitMs) return;
    this.#isChecking = true;
    void this.#options.caughtUp().then(() => {
      this.#isChecking = false;
      // Speech may have begun in audio that came and was not yet looked at.
      if (this.#lastWordMs !== lastWordMs) return;
      this.#lastWordMs = undefined;
      this.#options.onEnd(lastWordMs);
    });
  }
}
