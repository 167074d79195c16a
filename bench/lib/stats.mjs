/** The few statistics that the benches need. */

/** Percentile by nearest rank; NaN of nothing. */
export function percentile(values, p) {
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil((p / 100) * sorted.length) - 1))];
}

export const median = (values) => percentile(values, 50);

export const sum = (values) => values.reduce((total, value) => total + value, 0);

export const round = (value, digits = 0) => Number(value.toFixed(digits));

/** Slope of the least-squares line through `[x, y]` points. */
export function slope(points) {
  const meanX = sum(points.map(([x]) => x)) / points.length;
  const meanY = sum(points.map(([, y]) => y)) / points.length;
  const up = sum(points.map(([x, y]) => (x - meanX) * (y - meanY)));
  return up / sum(points.map(([x]) => (x - meanX) ** 2));
}

/** Repeatable pseudo-random numbers, 0..1 (mulberry32): every run of a bench says the same things at the same time. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A copy in random order. */
export function shuffled(values, random) {
  const result = [...values];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
