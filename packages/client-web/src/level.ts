/** How loud it is. */

/** Loudness of the latest audio. Full scale is 1. */
export interface AudioLevel {
  /** Root mean square: what a meter shows. */
  rms: number;
  /** Highest magnitude: 1 means clipping. */
  peak: number;
}

/** Sums up audio and reports once per interval of audio, so that a meter costs the same whatever the chunks. */
export class LevelMeter {
  #squares = 0;
  #peak = 0;
  #samples = 0;
  readonly #intervalSamples: number;
  readonly #report: (level: AudioLevel) => void;

  /** @param intervalSamples audio of one report */
  constructor(intervalSamples: number, report: (level: AudioLevel) => void) {
    this.#intervalSamples = intervalSamples;
    this.#report = report;
  }

  push(samples: Float32Array): void {
    for (let i = 0; i < samples.length; i++) {
      const value = samples[i]!;
      this.#squares += value * value;
      const magnitude = value < 0 ? -value : value;
      if (magnitude > this.#peak) this.#peak = magnitude;
    }
    this.#samples += samples.length;
    if (this.#samples < this.#intervalSamples) return;
    const level = { rms: Math.sqrt(this.#squares / this.#samples), peak: this.#peak };
    this.reset();
    this.#report(level);
  }

  reset(): void {
    this.#squares = 0;
    this.#peak = 0;
    this.#samples = 0;
  }
}
