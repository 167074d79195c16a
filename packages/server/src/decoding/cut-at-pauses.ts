import { ENGINE_SAMPLE_RATE, rms } from "@stt/core";

/** Loudness is compared between stretches of this length. */
const STEP_SAMPLES = ENGINE_SAMPLE_RATE / 50;
/** Steps on each side that are averaged: a dip of 20 ms is a plosive, not a pause. */
const SMOOTHING = 3;

/**
 * Cuts audio into pieces of about a length, each time at the quietest point within half a piece of where it would end.
 *
 * @param audio 16 kHz mono
 * @param pieceMs wanted length, milliseconds; pieces are half as long to half as long again
 * @returns where the pieces begin, samples, ascending from 0
 */
export function cutAtPauses(audio: Float32Array, pieceMs: number): number[] {
  const piece = (pieceMs * ENGINE_SAMPLE_RATE) / 1000;
  const starts = [0];
  for (let from = 0; audio.length - from > piece * 1.5; ) {
    const cut = quietest(audio, from + piece / 2, from + piece * 1.5);
    starts.push(cut);
    from = cut;
  }
  return starts;
}

function quietest(audio: Float32Array, from: number, to: number): number {
  let best = from;
  let least = Number.POSITIVE_INFINITY;
  for (let at = from; at + STEP_SAMPLES <= to; at += STEP_SAMPLES) {
    const reach = SMOOTHING * STEP_SAMPLES;
    const level = rms(audio.subarray(Math.max(0, at - reach), at + reach));
    if (level < least) {
      least = level;
      best = at;
    }
  }
  return Math.floor(best);
}
