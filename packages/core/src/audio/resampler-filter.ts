/** The low-pass filter of the resampler, tabulated by phase. Pure mathematics, no streaming. */

/** Stop-band attenuation in dB. What folds back into the audible band is below this. */
const ATTENUATION_DB = 110;
/** Where the pass band ends, as a fraction of the lower of the two Nyquist frequencies; the stop band begins at 1. */
const PASS_BAND = 0.85;
/** Largest table, in coefficients: 512 KiB, some 10 ms to compute. Beyond it the phases are interpolated. */
const MAX_COEFFICIENTS = 1 << 17;
/**
 * Most phases of an interpolated table: linear interpolation between them leaves less than -120 dB. The longer (hence
 * smoother) the filter, the fewer do.
 */
const INTERPOLATED_PHASES = 1024;
/** Rates are taken to a thousandth of a hertz. */
const RATE_STEPS_PER_HZ = 1000;
const MAX_CACHED_TABLES = 12;

/** Coefficients of one conversion. Shared by all streams of the same rates, never modified. */
export interface FilterTable {
  /** `up` output samples take as long as `down` input samples; in lowest terms. */
  readonly up: number;
  readonly down: number;
  /** Input samples used on each side of an output instant; even. */
  readonly half: number;
  /** Rows of `2 * half` coefficients; row r is for an instant r / `phases` past an input sample. One extra row if interpolated. */
  readonly coefficients: Float32Array;
  readonly phases: number;
  /** Whether an instant may lie between two rows. */
  readonly interpolated: boolean;
}

const cache = new Map<string, FilterTable>();

/** The table for a conversion, computed once per pair of rates. */
export function filterTable(fromRate: number, toRate: number): FilterTable {
  const key = `${fromRate}>${toRate}`;
  let table = cache.get(key);
  if (!table) {
    table = buildTable(fromRate, toRate);
    // A peer chooses its rate: without a bound the cache would be a way to exhaust memory.
    if (cache.size >= MAX_CACHED_TABLES) cache.delete(cache.keys().next().value as string);
    cache.set(key, table);
  }
  return table;
}

function buildTable(fromRate: number, toRate: number): FilterTable {
  const from = Math.round(fromRate * RATE_STEPS_PER_HZ);
  const to = Math.round(toRate * RATE_STEPS_PER_HZ);
  const divisor = gcd(from, to);
  const up = to / divisor;
  const down = from / divisor;

  // All frequencies in cycles per input sample.
  const nyquist = Math.min(1, to / from) / 2;
  const cutoff = (nyquist * (1 + PASS_BAND)) / 2;
  const transition = nyquist * (1 - PASS_BAND);
  // Kaiser's estimate of the length and shape of a window for a given attenuation.
  const length = (ATTENUATION_DB - 7.95) / (14.36 * transition);
  // Even, so that the inner loop may take four taps at a time.
  const half = 2 * Math.ceil(length / 4);
  const beta = 0.1102 * (ATTENUATION_DB - 8.7);

  const interpolated = up * 2 * half > MAX_COEFFICIENTS;
  const phases = interpolated ? Math.min(INTERPOLATED_PHASES, Math.floor(MAX_COEFFICIENTS / (2 * half))) : up;
  const rows = interpolated ? phases + 1 : phases;
  const coefficients = new Float32Array(rows * 2 * half);
  const row = new Float64Array(2 * half);
  const scale = 1 / bessel0(beta);
  for (let phase = 0; phase < rows; phase++) {
    let sum = 0;
    for (let tap = 0; tap < 2 * half; tap++) {
      // Tap `half - 1` is the input sample at or just before the instant.
      const distance = tap - (half - 1) - phase / phases;
      const value = 2 * cutoff * sinc(2 * cutoff * distance) * kaiser(distance / half, beta, scale);
      row[tap] = value;
      sum += value;
    }
    // The same gain for a constant in every phase: else the phases' own pattern would be heard as a tone.
    for (let tap = 0; tap < 2 * half; tap++) coefficients[phase * 2 * half + tap] = row[tap]! / sum;
  }
  return { up, down, half, coefficients, phases, interpolated };
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function kaiser(x: number, beta: number, scale: number): number {
  return Math.abs(x) >= 1 ? 0 : bessel0(beta * Math.sqrt(1 - x * x)) * scale;
}

/** Modified Bessel function of the first kind, order 0, by its power series. */
function bessel0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function gcd(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}
