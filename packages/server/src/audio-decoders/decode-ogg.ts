import { SttError } from "@stt/core";
import type { DecodedChunk } from "./audio-decoder.js";
import { oggPages } from "./ogg-pages.js";

/** What the decoders of the wasm-audio-decoders family have in common. */
interface WasmDecoder {
  readonly ready: Promise<void>;
  decode(bytes: Uint8Array): Promise<WasmAudio> | WasmAudio;
  flush(): Promise<WasmAudio> | WasmAudio;
}

export interface WasmAudio {
  channelData: Float32Array[];
  samplesDecoded: number;
  sampleRate: number;
}

/** More channels than any recording of speech has; each costs as much memory as the first. */
const MAX_CHANNELS = 8;

/** Runs the pages of an Ogg file through a decoder. */
export async function* decodeOgg(path: string, decoder: WasmDecoder): AsyncGenerator<DecodedChunk> {
  await decoder.ready;
  for await (const page of oggPages(path)) yield* chunkOf(await decoder.decode(page));
  yield* chunkOf(await decoder.flush());
}

/** What a decoder said, if it is audio: the number of channels means nothing before there is any. */
export function chunkOf({ channelData, samplesDecoded, sampleRate }: WasmAudio): DecodedChunk[] {
  if (samplesDecoded <= 0) return [];
  if (channelData.length > MAX_CHANNELS) {
    throw new SttError(
      "bad_audio",
      `The audio has ${channelData.length} channels; up to ${MAX_CHANNELS} are read. Mix it down first.`,
    );
  }
  return [{ channels: channelData, sampleRate }];
}
