import type { SchedulerLoad } from "./load-meter.js";

/** One session alone is not decoded more often than this: words do not come faster. */
const LEAST_MS = 150;
/** Share of the lanes that partials may take when many speak; the rest belongs to finals. */
const PARTIAL_SHARE = 0.6;
/**
 * Share of one lane that the live text of one session may take, however idle the others are: a slow machine is not kept hot for it. In
 * speech without pauses on two cores 1.2 lanes showed words 2.2 s behind the voice (English, median) and this 2.4.
 */
const SESSION_SHARE = 0.7;
/** A lag of voice activity detection up to this is a machine that keeps up: frames come every 32 ms. */
const USUAL_LAG_MS = 20;
/** Live text comes at most this much more seldom because of that lag. */
const MOST_STRETCH = 8;

/**
 * Least time between two partial decodes of one session. All who speak share the lanes' time for partials evenly, so that
 * under load the live text comes more seldom before anything else suffers. One alone leaves half of a lane idle.
 *
 * @param speaking sessions with an open utterance
 * @param vadLagMs how long audio lately waited for its probability. It grows when the processor is full, which decoding on the same
 *   cores has a part in: then live text makes room for hearing everybody in time.
 */
export function partialCadenceMs(load: SchedulerLoad, speaking: number, vadLagMs = 0): number {
  const fairMs = (load.partialMs * Math.max(1, speaking)) / (load.lanes * PARTIAL_SHARE);
  // Finals that wait for a lane show that there are more of them than the share assumes.
  const pressure = 1 + load.finalWaitMs / 250;
  const stretch = Math.min(MOST_STRETCH, Math.max(1, vadLagMs / USUAL_LAG_MS));
  return Math.max(LEAST_MS, load.partialMs / SESSION_SHARE, fairMs * pressure) * stretch;
}
