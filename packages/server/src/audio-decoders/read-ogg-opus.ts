import { OggOpusDecoder } from "ogg-opus-decoder";
import type { DecodedChunk } from "./audio-decoder.js";
import { decodeOgg } from "./decode-ogg.js";

/** Opus within Ogg, by libopus. */
export function readOggOpus(path: string): AsyncGenerator<DecodedChunk> {
  return decodeOgg(path, new OggOpusDecoder());
}
