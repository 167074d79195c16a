/** From which value on a figure is worth a look, and from which it is bad: [busy, bad]. Milliseconds, and shares of 1. */
export const THRESHOLDS = {
  load: [0.85, 1],
  finalLatencyMs: [1000, 3000],
  firstPartialMs: [1500, 3000],
  realtimeFactor: [0.5, 1],
} as const;
