/**
 * The discrete Fourier transform of one length, by Stockham's method: any length whose prime factors are small is quick.
 *
 * Works on complex input. Two real signals fit into one transform: see {@link Fourier.powerOfTwo}.
 */
export class Fourier {
  readonly #length: number;
  readonly #factors: readonly number[];
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  /** Real and imaginary parts, and room for the next stage. */
  #re: Float64Array;
  #im: Float64Array;
  #nextRe: Float64Array;
  #nextIm: Float64Array;

  /** @param length of the signals, at least 2 */
  constructor(length: number) {
    this.#length = length;
    this.#factors = factorsOf(length);
    this.#cos = Float64Array.from({ length }, (_, i) => Math.cos((2 * Math.PI * i) / length));
    this.#sin = Float64Array.from({ length }, (_, i) => -Math.sin((2 * Math.PI * i) / length));
    this.#re = new Float64Array(length);
    this.#im = new Float64Array(length);
    this.#nextRe = new Float64Array(length);
    this.#nextIm = new Float64Array(length);
  }

  /** The first signal to transform, to be written before {@link powerOfTwo}. */
  get first(): Float64Array {
    return this.#re;
  }

  /** The second one. */
  get second(): Float64Array {
    return this.#im;
  }

  /**
   * The power spectra of two real signals in one transform. Overwrites {@link first} and {@link second}, which are other arrays
   * afterwards.
   *
   * @param a takes |X|^2 of the first at the frequencies 0 to length/2
   * @param b the same of the second
   */
  powerOfTwo(a: Float64Array, b: Float64Array): void {
    this.#transform();
    const re = this.#re;
    const im = this.#im;
    const n = this.#length;
    for (let k = 0; k <= n >> 1; k++) {
      const mirrored = k === 0 ? 0 : n - k;
      // Of a real signal the two halves are conjugates: sum and difference take the signals apart.
      const evenRe = re[k]! + re[mirrored]!;
      const evenIm = im[k]! - im[mirrored]!;
      const oddRe = im[k]! + im[mirrored]!;
      const oddIm = re[mirrored]! - re[k]!;
      a[k] = (evenRe * evenRe + evenIm * evenIm) / 4;
      b[k] = (oddRe * oddRe + oddIm * oddIm) / 4;
    }
  }

  #transform(): void {
    let stride = 1;
    for (const radix of this.#factors) {
      this.#stage(radix, stride);
      stride *= radix;
      [this.#re, this.#nextRe] = [this.#nextRe, this.#re];
      [this.#im, this.#nextIm] = [this.#nextIm, this.#im];
    }
  }

  #stage(radix: number, stride: number): void {
    const re = this.#re;
    const im = this.#im;
    const outRe = this.#nextRe;
    const outIm = this.#nextIm;
    const cos = this.#cos;
    const sin = this.#sin;
    const length = this.#length;
    const leap = length / radix;
    let to = 0;
    for (let p = 0; p < leap; p += stride) {
      for (let k = 0; k < radix; k++) {
        const firstTurn = (k * p) % length;
        const nextTurn = (k * leap) % length;
        for (let q = 0; q < stride; q++, to++) {
          let sumRe = 0;
          let sumIm = 0;
          let turn = firstTurn;
          for (let from = p + q; from < length; from += leap) {
            const c = cos[turn]!;
            const s = sin[turn]!;
            const x = re[from]!;
            const y = im[from]!;
            sumRe += x * c - y * s;
            sumIm += x * s + y * c;
            turn += nextTurn;
            if (turn >= length) turn -= length;
          }
          outRe[to] = sumRe;
          outIm[to] = sumIm;
        }
      }
    }
  }
}

function factorsOf(length: number): number[] {
  const factors: number[] = [];
  let rest = length;
  for (let factor = 4; rest % factor === 0; rest /= factor) factors.push(factor);
  for (let factor = 2; rest > 1; factor++) for (; rest % factor === 0; rest /= factor) factors.push(factor);
  return factors;
}
