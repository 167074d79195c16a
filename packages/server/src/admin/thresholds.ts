/** From which value on a figure is worth a look, and from which it is bad. Milliseconds, and shares of 1. */
export const THRESHOLDS = {
  load: { busy: 0.85, bad: 1 },
  finalLatencyMs: { busy: 1000, bad: 3000 },
  firstPartialMs: { busy: 1500, bad: 3000 },
  realtimeFactor: { busy: 0.5, bad: 1 },
} as const;
