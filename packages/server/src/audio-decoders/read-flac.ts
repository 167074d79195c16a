import { type FileHandle, open } from "node:fs/promises";
import { SttError } from "@stt/core";
import { FLACDecoder } from "@wasm-audio-decoders/flac";
import type { DecodedChunk } from "./audio-decoder.js";
import { chunkOf } from "./decode-ogg.js";
import { fileBytes } from "./file-bytes.js";

/** A frame can hold thousands of times its size in silence. */
const PIECE_BYTES = 2048;
/** Enough of a frame for its header to be recognised; shorter than any that holds sound. */
const HEADER_BYTES = 16;

/** FLAC, by libFLAC. */
export async function* readFlac(path: string): AsyncGenerator<DecodedChunk> {
  const { start, header } = await firstFrame(path);
  const decoder = new FLACDecoder();
  await decoder.ready;
  for await (const bytes of fileBytes(path, PIECE_BYTES, start)) yield* chunkOf(await decoder.decode(bytes));
  // The decoder gives a frame when it sees the next one, and loses the last when told that there is none.
  yield* chunkOf(await decoder.decode(header));
}

/** Where the audio begins. Tags and pictures are passed over unread: they may be megabytes, and look like audio to a parser. */
async function firstFrame(path: string): Promise<{ start: number; header: Uint8Array }> {
  const file = await open(path);
  try {
    const id3 = await bytesAt(file, 0, 10);
    const tagged = String.fromCharCode(...id3.subarray(0, 3)) === "ID3";
    const tag = tagged ? 10 + [6, 7, 8, 9].reduce((sum, i) => sum * 128 + (id3[i]! & 0x7f), 0) : 0;
    let start = tag + 4;
    for (let last = false; !last; ) {
      const block = await bytesAt(file, start, 4);
      last = (block[0]! & 0x80) !== 0;
      start += 4 + block[1]! * 65_536 + block[2]! * 256 + block[3]!;
    }
    return { start, header: await bytesAt(file, start, HEADER_BYTES) };
  } finally {
    await file.close();
  }
}

async function bytesAt(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  const { bytesRead } = await file.read(bytes, 0, length, offset);
  if (bytesRead < length) throw new SttError("bad_audio", "The FLAC file ends before its audio begins.");
  return bytes;
}
