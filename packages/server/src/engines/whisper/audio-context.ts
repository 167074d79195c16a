import { ENGINE_SAMPLE_RATE } from "@stt/core";

/** Encoder positions per second of audio. */
const POSITIONS_PER_SECOND = 50;
/** Positions beyond the audio's end: stock models loop when the window is cut at the last word. */
const MARGIN = 128;
/**
 * Sizes worth computing. Flash attention reads keys in blocks of 256, so a size in between costs the same as the next one up
 * and dilutes attention with empty keys.
 */
const BUCKETS = [256, 512, 768, 1024] as const;

/**
 * The encoder window for some audio: the next bucket of 256, 512, 768, 1024 or the model's full window.
 *
 * A number is a wish: it is rounded up to a bucket and never cuts audio off, because whisper.cpp would skip what lies beyond
 * the window.
 *
 * @param samples length of the audio at 16 kHz
 * @param full positions of the model's own window, 1500 for 30 s
 * @returns positions, at most `full`
 */
export function audioContextFor(samples: number, request: "auto" | "full" | number, full: number): number {
  if (request === "full") return full;
  const heard = Math.ceil((samples / ENGINE_SAMPLE_RATE) * POSITIONS_PER_SECOND);
  const wanted = request === "auto" ? heard + MARGIN : Math.max(request, heard);
  return Math.min(full, BUCKETS.find((bucket) => bucket >= wanted) ?? full);
}
