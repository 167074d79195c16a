import type { Clock } from "@stt/core";

/**
 * The real clock with timers that keep the process alive: a program that awaits `stop()` during a reconnect has no socket,
 * and would end in the middle of its sentence.
 */
export const nodeClock: Clock = {
  now: () => performance.now(),
  setTimer(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
