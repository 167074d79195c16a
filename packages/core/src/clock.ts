/**
 * Time as a dependency. Speech decisions never read it (they count samples, see `speech/utterance-tracker.ts`); liveness does: pings,
 * idle timeouts, reconnect delays, scheduling age.
 */
export interface Clock {
  /** Monotonic milliseconds from an arbitrary origin. */
  now(): number;
  /** Calls `callback` once after `delayMs` milliseconds, unless the returned function is called first. */
  setTimer(delayMs: number, callback: () => void): () => void;
}

/** The real clock. Its timers do not keep a Node process alive. */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimer(delayMs, callback) {
    const timer = setTimeout(callback, delayMs) as unknown as { unref?: () => void };
    timer.unref?.();
    return () => clearTimeout(timer as unknown as number);
  },
};
