/** Converts a stream of samples from one rate to another. */
import { SttError } from "../errors.js";
import { type FilterTable, filterTable } from "./resampler-filter.js";

const MIN_RATE = 1000;
const MAX_RATE = 768_000;
const MAX_CACHED_VIEWS = 16;
const NOTHING = new Float32Array(0);

/**
 * Streaming sample rate converter: a Kaiser-windowed sinc, evaluated polyphase (Crochiere and Rabiner, "Multirate Digital
 * Signal Processing", 1983). State is kept across chunks, so that any division into chunks gives the same samples.
 *
 * - Exact linear phase with the delay taken out: output sample `n` is the signal at input time `n * fromRate / toRate`.
 * - `ceil(inputs * toRate / fromRate)` samples in all once flushed; rates may be fractional (to 1/1000 Hz) and do not drift.
 * - The pass band reaches 85 % of the lower Nyquist frequency; above that frequency at least 110 dB are taken off.
 *
 * @example
 * const resampler = new StreamingResampler(48_000, 16_000);
 * for (const chunk of chunks) consume(resampler.process(chunk));
 * consume(resampler.flush());
 */
export class StreamingResampler {
  /** Input samples that must follow an instant before its output can be given; the latency. 0 when the rates are equal. */
  readonly lookaheadSamples: number;

  readonly #table: FilterTable | undefined;
  /** The inputs that outputs still need, then the present chunk. */
  #window = NOTHING;
  #held = 0;
  #output = NOTHING;
  readonly #views = new Map<number, Float32Array>();
  /** The next output's instant: `#phase / up` input samples past the one at `half - 1` in `#window`. */
  #phase = 0;
  #received = 0;
  #produced = 0;

  /**
   * @param fromRate input rate in Hz, 1000..768000
   * @param toRate output rate in Hz, 1000..768000
   * @throws SttError `invalid_argument` for any other rate
   */
  constructor(fromRate: number, toRate: number) {
    for (const rate of [fromRate, toRate]) {
      if (!(rate >= MIN_RATE && rate <= MAX_RATE)) {
        throw new SttError(
          "invalid_argument",
          `A sample rate of ${rate} Hz cannot be converted: rates go from ${MIN_RATE} to ${MAX_RATE} Hz.`,
        );
      }
    }
    this.#table = fromRate === toRate ? undefined : filterTable(fromRate, toRate);
    this.lookaheadSamples = this.#table?.half ?? 0;
    this.reset();
  }

  /**
   * Takes the next samples and gives what can be computed by now.
   *
   * The result is valid until the next call: it is a view into a buffer that is used again (with equal rates it is `input`
   * itself). Nothing is allocated once the buffers have grown to the size of the chunks.
   *
   * @param input any number of samples, also 0
   */
  process(input: Float32Array): Float32Array {
    const table = this.#table;
    if (!table) return input;
    this.#received += input.length;
    return this.#push(table, input, input.length, Number.POSITIVE_INFINITY);
  }

  /**
   * Ends the stream: gives the last samples, computed as if silence followed, and makes ready for a new stream. The result is
   * valid until the next call.
   */
  flush(): Float32Array {
    const table = this.#table;
    if (!table) return NOTHING;
    const rest = Math.ceil((this.#received * table.up) / table.down) - this.#produced;
    const result = this.#push(table, NOTHING, table.half, rest);
    this.reset();
    return result;
  }

  /** Forgets all input and begins a new stream. */
  reset(): void {
    const table = this.#table;
    if (!table) return;
    // Silence before the first sample, enough for the first output's left side.
    this.#held = table.half - 1;
    if (this.#window.length < this.#held) this.#window = new Float32Array(this.#held);
    this.#window.fill(0, 0, this.#held);
    this.#phase = 0;
    this.#received = 0;
    this.#produced = 0;
  }

  /** Appends `input` (then silence up to `length` samples) and computes at most `limit` outputs. */
  #push(table: FilterTable, input: Float32Array, length: number, limit: number): Float32Array {
    const { up, down, half } = table;
    const end = this.#held + length;
    if (end > this.#window.length) {
      const grown = new Float32Array(end);
      grown.set(this.#window);
      this.#window = grown;
    }
    this.#window.set(input, this.#held);
    this.#window.fill(0, this.#held + input.length, end);

    const room = Math.max(0, Math.ceil(((end - 2 * half + 1) * up) / down) + 1);
    if (room > this.#output.length) {
      this.#output = new Float32Array(room);
      this.#views.clear();
    }
    const count = this.#compute(table, end, limit);
    this.#produced += count;
    return this.#view(count);
  }

  /** Fills `#output`, and drops from `#window` what no later output needs. */
  #compute(table: FilterTable, end: number, limit: number): number {
    const { up, down, phases, coefficients, interpolated } = table;
    const width = 2 * table.half;
    const window = this.#window;
    const output = this.#output;
    const stepIndex = Math.floor(down / up);
    const stepPhase = down % up;
    let index = 0;
    let phase = this.#phase;
    let count = 0;
    while (index + width <= end && count < limit) {
      const position = interpolated ? (phase * phases) / up : phase;
      const row = Math.floor(position);
      const base = row * width;
      let sum = dot(window, index, coefficients, base, width);
      if (interpolated) sum += (dot(window, index, coefficients, base + width, width) - sum) * (position - row);
      output[count++] = sum;
      index += stepIndex;
      phase += stepPhase;
      if (phase >= up) {
        phase -= up;
        index++;
      }
    }
    // The filter is longer than a step: the next window begins within this one.
    window.copyWithin(0, index, end);
    this.#held = end - index;
    this.#phase = phase;
    return count;
  }

  /** Chunks of one size give only two sizes of output: the views are kept, so that not even a view is allocated per call. */
  #view(length: number): Float32Array {
    let view = this.#views.get(length);
    if (!view) {
      if (this.#views.size >= MAX_CACHED_VIEWS) this.#views.clear();
      view = this.#output.subarray(0, length);
      this.#views.set(length, view);
    }
    return view;
  }
}

/** Four sums at a time: with one, every addition would wait for the one before (three times slower). */
function dot(a: Float32Array, aStart: number, b: Float32Array, bStart: number, length: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let i = 0; i < length; i += 4) {
    s0 += a[aStart + i]! * b[bStart + i]!;
    s1 += a[aStart + i + 1]! * b[bStart + i + 1]!;
    s2 += a[aStart + i + 2]! * b[bStart + i + 2]!;
    s3 += a[aStart + i + 3]! * b[bStart + i + 3]!;
  }
  return s0 + s1 + (s2 + s3);
}
