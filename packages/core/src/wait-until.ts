import type { Clock } from "./clock.js";

/**
 * Resolves once `condition` holds, or at the deadline; asks every so often.
 *
 * @param everyMs between two looks, on the clock, milliseconds
 * @param deadline on the clock. @default never
 * @returns whether the condition holds
 */
export function waitUntil(
  condition: () => boolean,
  clock: Clock,
  everyMs: number,
  deadline = Number.POSITIVE_INFINITY,
): Promise<boolean> {
  return new Promise((resolve) => {
    const look = () => {
      if (condition()) resolve(true);
      else if (clock.now() >= deadline) resolve(false);
      else clock.setTimer(everyMs, look);
    };
    look();
  });
}
