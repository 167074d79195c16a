import { ENGINE_SAMPLE_RATE } from "@stt/core";

/** Encoder positions per second of audio. */
const POSITIONS_PER_SECOND = 50;
/** Positions beyond the audio's end: stock models loop when the window is cut at the last word. */
const MARGIN = 128;
/** Least window. */
const LEAST = 512;
/** Windows come in steps. */
const STEP = 64;

/**
 * The encoder window for some audio.
 *
 * @param samples length of the audio at 16 kHz
 * @param full positions of the model's own window, 1500 for 30 s
 * @returns positions, at most `full`
 */
export function audioContextFor(samples: number, request: "auto" | "full" | number, full: number): number {
  if (request === "full") return full;
  const heard = Math.ceil((samples / ENGINE_SAMPLE_RATE) * POSITIONS_PER_SECOND);
  const wanted = request === "auto" ? Math.max(LEAST, heard + MARGIN) : Math.max(request, heard);
  return Math.min(full, Math.ceil(wanted / STEP) * STEP);
}
