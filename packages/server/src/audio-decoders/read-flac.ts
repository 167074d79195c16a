import { FLACDecoder } from "@wasm-audio-decoders/flac";
import type { DecodedChunk } from "./audio-decoder.js";
import { ByteWindow } from "./byte-window.js";
import { Damage } from "./damage.js";
import { beginsFile } from "./detect-container.js";
import { flacFrames } from "./flac-frames.js";
import { chunkOf } from "./wasm-audio.js";

/** FLAC, by libFLAC. Joined files are decoded one after the other. */
export async function* readFlac(path: string, start: number): AsyncGenerator<DecodedChunk> {
  const file = new ByteWindow(path);
  const damage = new Damage("FLAC", beginsFile);
  let decoder: FLACDecoder | undefined;
  let stream: string | undefined;
  try {
    for (const { bytes, key } of flacFrames(file, start, damage)) {
      if (!decoder || key !== stream) {
        decoder?.free();
        decoder = new FLACDecoder();
        await decoder.ready;
        stream = key;
      }
      yield* chunkOf(await decoder.decodeFrames([bytes]));
    }
    damage.check();
  } finally {
    decoder?.free();
    file.close();
  }
}
