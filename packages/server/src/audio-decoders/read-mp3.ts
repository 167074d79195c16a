import { MPEGDecoder } from "mpg123-decoder";
import type { DecodedChunk } from "./audio-decoder.js";
import { fileBytes } from "./file-bytes.js";

const PIECE_BYTES = 16_384;

/** MPEG audio of layers I to III, by mpg123. */
export async function* readMp3(path: string): AsyncGenerator<DecodedChunk> {
  const decoder = new MPEGDecoder();
  await decoder.ready;
  for await (const bytes of fileBytes(path, PIECE_BYTES)) {
    const { channelData, sampleRate, samplesDecoded } = decoder.decode(bytes);
    if (samplesDecoded > 0) yield { channels: channelData, sampleRate };
  }
}
