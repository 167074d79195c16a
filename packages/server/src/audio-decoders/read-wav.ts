import { createReadStream } from "node:fs";
import { pcmToChannels, WavDecoder } from "@stt/core";
import type { DecodedChunk } from "./audio-decoder.js";

/** Every kind of WAV that `@stt/core` knows. */
export function readWav(path: string, start: number): AsyncGenerator<DecodedChunk> {
  return wavChunks(createReadStream(path, { start }));
}

/** The audio of a WAV file that comes in pieces. */
export async function* wavChunks(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<DecodedChunk> {
  const decoder = new WavDecoder();
  for await (const bytes of pieces) {
    const pcm = decoder.push(bytes);
    if (pcm.length === 0) continue;
    const format = decoder.format!;
    const frames = pcm.length / ((format.encoding === "pcm_s16le" ? 2 : 4) * format.channels);
    const channels = Array.from({ length: format.channels }, () => new Float32Array(frames));
    pcmToChannels(pcm, format, channels);
    yield { channels, sampleRate: format.sampleRate };
  }
  decoder.end();
}
