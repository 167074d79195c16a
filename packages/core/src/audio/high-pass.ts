/** Where it takes off 3 dB, Hz: below every voice, above every offset and drift of a sound card. */
const CUTOFF_HZ = 20;
/** -140 dB. What is left of a sound ends here: digital silence stays exactly 0, and no sample is ever denormal (slow). */
const NOTHING = 1e-7;

/**
 * Takes a constant offset (DC) out of a stream: a first-order high-pass at 20 Hz, `y[n] = a * (y[n-1] + x[n] - x[n-1])`. Any division
 * into chunks gives the same samples. It begins at rest at the first sample, so that an offset makes no click.
 */
export class HighPass {
  readonly #a: number;
  #x: number | undefined;
  #y = 0;

  /** @param sampleRate Hz */
  constructor(sampleRate: number) {
    this.#a = Math.exp((-2 * Math.PI * CUTOFF_HZ) / sampleRate);
  }

  /** Filters `input` into `out`, which may be the same array and must have room. */
  process(input: Float32Array, out: Float32Array): void {
    const a = this.#a;
    let x = this.#x ?? input[0] ?? 0;
    let y = this.#y;
    for (let i = 0; i < input.length; i++) {
      const sample = input[i]!;
      y = a * (y + sample - x);
      if (y < NOTHING && y > -NOTHING) y = 0;
      x = sample;
      out[i] = y;
    }
    this.#y = y;
    if (input.length > 0) this.#x = x;
  }

  /** Forgets what came before. */
  reset(): void {
    this.#x = undefined;
    this.#y = 0;
  }
}
