import { FLACDecoder } from "@wasm-audio-decoders/flac";
import type { DecodedChunk } from "./audio-decoder.js";
import { wasmStream } from "./wasm-stream.js";

/** FLAC within Ogg, by libFLAC. */
export function readOggFlac(path: string): AsyncGenerator<DecodedChunk> {
  return wasmStream(path, new FLACDecoder());
}
