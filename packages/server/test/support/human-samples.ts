import { readFileSync } from "node:fs";
import path from "node:path";
import { decodePcm, decodeWav } from "@stt/core";

/** A recording of `samples/human`, 16 kHz mono. */
export function humanSamples(recording: string): Float32Array {
  const file = path.join(import.meta.dirname, "../../../../samples/human", recording);
  const { pcm, format } = decodeWav(readFileSync(file));
  return decodePcm(pcm, format);
}
