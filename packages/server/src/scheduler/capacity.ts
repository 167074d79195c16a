import type { SchedulerLoad } from "./load-meter.js";

/** Share of the lanes that finals may fill: above it, waiting times grow without bound whenever several people pause at once. */
const FINALS_SHARE = 0.7;

/**
 * How many people may speak at the same time so that their finals still come in time, by what decoding a second of speech was
 * measured to cost. Who is connected and silent costs no lane.
 *
 * @returns a whole number, at least 1; Infinity while nothing was measured.
 */
export function speakerCapacity(load: SchedulerLoad): number {
  return Math.max(1, Math.floor(speakersAtOnce(load)));
}

/** The same as it comes out: less than 1 where even one speaker is too much. */
export function speakersAtOnce({ lanes, finalCostMs }: SchedulerLoad): number {
  return finalCostMs === 0 ? Number.POSITIVE_INFINITY : (lanes * FINALS_SHARE * 1000) / finalCostMs;
}
