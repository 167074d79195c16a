import { FLACDecoder } from "@wasm-audio-decoders/flac";
import type { DecodedChunk } from "./audio-decoder.js";
import { decodeOgg } from "./decode-ogg.js";

/** FLAC within Ogg, by libFLAC. */
export function readOggFlac(path: string): AsyncGenerator<DecodedChunk> {
  return decodeOgg(path, new FLACDecoder());
}
