import { OggVorbisDecoder } from "@wasm-audio-decoders/ogg-vorbis";
import type { DecodedChunk } from "./audio-decoder.js";
import { wasmStream } from "./wasm-stream.js";

/** Vorbis within Ogg, by libvorbis. */
export function readOggVorbis(path: string): AsyncGenerator<DecodedChunk> {
  return wasmStream(path, new OggVorbisDecoder());
}
