/** Where it takes off 3 dB, Hz: below every voice, above every offset and drift of a sound card. */
const CUTOFF_HZ = 20;
/** An offset of less, -40 dB, does no harm: what has none is left as it was recorded, bit for bit. */
const OFFSET = 0.01;
/** Time constant of the mean that tells an offset from a voice, and how long the filter takes to set in or to leave. */
const MEAN_S = 0.5;
const FADE_S = 0.02;
/** -140 dB. What is left of a sound ends here: digital silence stays exactly 0, and no sample is ever denormal (slow). */
const NOTHING = 1e-7;

/**
 * Takes a constant offset (DC) out of a stream: a first-order high-pass at 20 Hz, `y[n] = a * (y[n-1] + x[n] - x[n-1])`. Any division
 * into chunks gives the same samples. It acts while there is an offset; other recordings pass unchanged. It begins at rest at the first sample, so that an offset makes no click.
 */
export class HighPass {
  readonly #a: number;
  #x: number | undefined;
  #y = 0;
  #mean = 0;
  /** How much of the filter acts, 0..1. */
  #weight = 0;
  readonly #meanStep: number;
  readonly #fadeStep: number;

  /** @param sampleRate Hz */
  constructor(sampleRate: number) {
    this.#a = Math.exp((-2 * Math.PI * CUTOFF_HZ) / sampleRate);
    this.#meanStep = 1 / (MEAN_S * sampleRate);
    this.#fadeStep = 1 / (FADE_S * sampleRate);
  }

  /** Filters `input` into `out`, which may be the same array and must have room. */
  process(input: Float32Array, out: Float32Array): void {
    const a = this.#a;
    let x = this.#x ?? input[0] ?? 0;
    let y = this.#y;
    if (this.#x === undefined) {
      this.#mean = x;
      this.#weight = Math.abs(x) > OFFSET ? 1 : 0;
    }
    let mean = this.#mean;
    let weight = this.#weight;
    for (let i = 0; i < input.length; i++) {
      const sample = input[i]!;
      y = a * (y + sample - x);
      if (y < NOTHING && y > -NOTHING) y = 0;
      x = sample;
      mean += this.#meanStep * (sample - mean);
      const wanted = mean > OFFSET || mean < -OFFSET ? this.#fadeStep : -this.#fadeStep;
      weight = Math.max(0, Math.min(1, weight + wanted));
      out[i] = weight === 0 ? sample : sample + weight * (y - sample);
    }
    this.#y = y;
    this.#mean = mean;
    this.#weight = weight;
    if (input.length > 0) this.#x = x;
  }

  /** Forgets what came before. */
  reset(): void {
    this.#x = undefined;
    this.#y = 0;
  }
}
