import type { SchedulerLoad } from "./load-meter.js";

/** One session alone is not decoded more often than this: words do not come faster. */
const LEAST_MS = 150;
/** Share of the lanes that partials may take when many speak; the rest belongs to finals. */
const PARTIAL_SHARE = 0.6;

/**
 * Least time between two partial decodes of one session. All who speak share the lanes' time for partials evenly, so that
 * under load the live text comes more seldom before anything else suffers.
 *
 * @param speaking sessions with an open utterance
 */
export function partialCadenceMs(load: SchedulerLoad, speaking: number): number {
  const fairMs = (load.partialMs * Math.max(1, speaking)) / (load.lanes * PARTIAL_SHARE);
  // Finals that wait for a lane show that there are more of them than the share assumes.
  const pressure = 1 + load.finalWaitMs / 250;
  return Math.max(LEAST_MS, fairMs * pressure);
}
