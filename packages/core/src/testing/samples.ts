import { ENGINE_SAMPLE_RATE } from "../engine.js";

export interface SampleOptions {
  /** Hz. @default 16000 */
  sampleRate?: number;
  /** Peak, 0..1. @default 0.5 */
  amplitude?: number;
}

/** A sine tone that begins at phase 0. */
export function toneSamples(frequencyHz: number, durationMs: number, options: SampleOptions = {}): Float32Array {
  const { sampleRate = ENGINE_SAMPLE_RATE, amplitude = 0.5 } = options;
  return Float32Array.from(
    { length: lengthOf(durationMs, sampleRate) },
    (_, i) => amplitude * Math.sin((2 * Math.PI * frequencyHz * i) / sampleRate),
  );
}

/** Digital silence. */
export function silenceSamples(durationMs: number, options: SampleOptions = {}): Float32Array {
  return new Float32Array(lengthOf(durationMs, options.sampleRate ?? ENGINE_SAMPLE_RATE));
}

/** White noise, the same for the same seed. */
export function noiseSamples(durationMs: number, options: SampleOptions & { seed?: number } = {}): Float32Array {
  const { sampleRate = ENGINE_SAMPLE_RATE, amplitude = 0.5, seed = 1 } = options;
  const random = seededRandom(seed);
  return Float32Array.from({ length: lengthOf(durationMs, sampleRate) }, () => amplitude * (2 * random() - 1));
}

/** Pieces one after the other. */
export function concatSamples(...pieces: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** Numbers in [0, 1), the same for the same seed (Mulberry32 by Tommy Ettinger, public domain). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function lengthOf(durationMs: number, sampleRate: number): number {
  return Math.round((durationMs * sampleRate) / 1000);
}
