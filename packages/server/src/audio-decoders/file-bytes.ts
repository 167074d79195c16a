import { createReadStream } from "node:fs";

const READ_BYTES = 65_536;

/**
 * The bytes of a file in small pieces: a decoder answers each piece with all the audio in it, and highly compressed silence is
 * thousands of times its size.
 *
 * @param start offset of the first byte
 */
export async function* fileBytes(path: string, pieceBytes: number, start = 0): AsyncGenerator<Uint8Array> {
  for await (const block of createReadStream(path, { highWaterMark: READ_BYTES, start })) {
    const bytes = block as Uint8Array;
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  }
}
