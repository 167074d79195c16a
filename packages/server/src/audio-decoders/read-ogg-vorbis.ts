import { OggVorbisDecoder } from "@wasm-audio-decoders/ogg-vorbis";
import type { DecodedChunk } from "./audio-decoder.js";
import { decodeOgg } from "./decode-ogg.js";

/** Vorbis within Ogg, by libvorbis. */
export function readOggVorbis(path: string): AsyncGenerator<DecodedChunk> {
  return decodeOgg(path, new OggVorbisDecoder());
}
