import { OggOpusDecoder } from "ogg-opus-decoder";
import type { DecodedChunk } from "./audio-decoder.js";
import { wasmStream } from "./wasm-stream.js";

/** Opus within Ogg, by libopus. */
export function readOggOpus(path: string): AsyncGenerator<DecodedChunk> {
  return wasmStream(path, new OggOpusDecoder());
}
