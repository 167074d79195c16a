/** Seconds that pass, for sentences that name them. */
import { useEffect, useState } from "react";

/** Whole seconds since something began; 0 while `running` is false. */
export function useSecondsSince(running: boolean): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    if (!running) return;
    const startedAt = performance.now();
    const timer = setInterval(() => setSeconds(Math.floor((performance.now() - startedAt) / 1000)), 500);
    return () => {
      clearInterval(timer);
      setSeconds(0);
    };
  }, [running]);
  return seconds;
}

/**
 * Whole seconds until something that is planned, at least 0.
 *
 * @param attempt another number for each plan
 * @param delayMs from when it was planned; 0 for nothing is planned
 */
export function useSecondsUntil(attempt: number | undefined, delayMs: number): number {
  const [seconds, setSeconds] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: two attempts may be planned after the same delay.
  useEffect(() => {
    const dueAt = performance.now() + delayMs;
    const show = () => setSeconds(Math.max(0, Math.ceil((dueAt - performance.now()) / 1000)));
    show();
    if (delayMs === 0) return;
    const timer = setInterval(show, 250);
    return () => clearInterval(timer);
  }, [attempt, delayMs]);
  return seconds;
}
