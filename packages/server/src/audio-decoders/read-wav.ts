import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pcmToChannels, WavDecoder, type WavHeader, wavBeginning } from "@stt/core";
import type { DecodedChunk } from "./audio-decoder.js";

/** Of what tells that a WAV file begins. */
const MAGIC_BYTES = 12;
const WINDOW_BYTES = 65_536;

/** Every kind of WAV that `@stt/core` knows. Joined files, of whatever formats, are read one after the other. */
export async function* readWav(path: string, start: number): AsyncGenerator<DecodedChunk> {
  for (let at: number | undefined = start; at !== undefined; ) {
    const header: WavHeader = yield* wavChunks(createReadStream(path, { start: at }));
    const { dataOffset, dataBytes } = header;
    at = dataBytes === undefined ? undefined : await nextWav(path, at + dataOffset + dataBytes);
  }
}

/** The audio of a WAV file that comes in pieces. */
export async function* wavChunks(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<DecodedChunk, WavHeader> {
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
  return decoder.header!;
}

/** Where another file begins behind the audio of one: what else stands there are tags. */
async function nextWav(path: string, from: number): Promise<number | undefined> {
  const file = await open(path);
  try {
    const bytes = Buffer.alloc(WINDOW_BYTES);
    for (let at = from; ; at += WINDOW_BYTES - MAGIC_BYTES) {
      const { bytesRead } = await file.read(bytes, 0, WINDOW_BYTES, at);
      const window = bytes.subarray(0, bytesRead);
      const found = wavBeginning(window);
      if (found >= 0) return at + found;
      if (bytesRead < WINDOW_BYTES) return undefined;
    }
  } finally {
    await file.close();
  }
}
