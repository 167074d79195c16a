import { decodePcm, WavDecoder } from "@stt/core";
import type { DecodedChunk } from "./audio-decoder.js";
import { fileBytes } from "./file-bytes.js";

const PIECE_BYTES = 65_536;

/** Every kind of WAV that `@stt/core` knows. */
export async function* readWav(path: string): AsyncGenerator<DecodedChunk> {
  const decoder = new WavDecoder();
  for await (const bytes of fileBytes(path, PIECE_BYTES)) {
    const pcm = decoder.push(bytes);
    if (pcm.length === 0) continue;
    const format = decoder.format!;
    yield { channels: [decodePcm(pcm, format)], sampleRate: format.sampleRate };
  }
  decoder.end();
}
