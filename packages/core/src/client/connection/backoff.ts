/** Reconnect delays: exponential with full jitter, so that a restarted server is not met by all its clients at once. */

export interface BackoffOptions {
  /** Upper bound of the first delay, milliseconds. @default 500 */
  initialDelayMs?: number;
  /** Upper bound of any delay, milliseconds. @default 15000 */
  maxDelayMs?: number;
}

/**
 * Full jitter after "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015): uniform in [0, bound], where the bound
 * doubles with each attempt.
 *
 * @param attempt 0 for the first retry.
 * @param random uniform in [0, 1).
 * @returns milliseconds.
 */
export function backoffDelayMs(attempt: number, random: () => number, options: BackoffOptions = {}): number {
  const { initialDelayMs = 500, maxDelayMs = 15_000 } = options;
  // 2^30 is past any sane maximum, and keeps the product finite after a weekend offline.
  const bound = Math.min(maxDelayMs, initialDelayMs * 2 ** Math.min(attempt, 30));
  return Math.round(random() * bound);
}

/**
 * A delay that respects the peer's wish. The jitter comes on top: everybody who was refused got the same `Retry-After`.
 */
export function delayAfter(retryAfterMs: number | undefined, jitteredMs: number): number {
  return retryAfterMs === undefined ? jitteredMs : retryAfterMs + jitteredMs;
}
