import type { DecodedChunk } from "./audio-decoder.js";

/** What the decoders of the wasm-audio-decoders family answer. */
export interface WasmAudio {
  channelData: Float32Array[];
  samplesDecoded: number;
  sampleRate: number;
}

/** What a decoder said, if it is audio: the number of channels means nothing before there is any. */
export function chunkOf({ channelData, samplesDecoded, sampleRate }: WasmAudio): DecodedChunk[] {
  return samplesDecoded > 0 && channelData.length > 0 ? [{ channels: channelData, sampleRate }] : [];
}
