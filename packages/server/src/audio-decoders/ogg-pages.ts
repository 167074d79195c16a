import { fileBytes } from "./file-bytes.js";

const READ_BYTES = 65_536;
const HEADER_BYTES = 27;
const CRC_OFFSET = 22;

/**
 * The whole and undamaged pages of an Ogg file (RFC 3533), one at a time. What lies between them is passed over: a decoder that
 * is given half a page makes up sound for the rest of it.
 */
export async function* oggPages(path: string): AsyncGenerator<Uint8Array> {
  let buffered: Buffer = Buffer.alloc(0);
  for await (const bytes of fileBytes(path, READ_BYTES)) {
    buffered = Buffer.concat([buffered, bytes]);
    let at = 0;
    for (;;) {
      const start = buffered.indexOf("OggS", at);
      if (start < 0) {
        // The next page's mark may be cut in two.
        at = Math.max(at, buffered.length - 3);
        break;
      }
      at = start;
      const size = pageSize(buffered, start);
      if (size === undefined || start + size > buffered.length) break;
      const page = buffered.subarray(start, start + size);
      const sound = checksum(page) === page.readUInt32LE(CRC_OFFSET);
      if (sound) yield Uint8Array.from(page);
      at = sound ? start + size : start + 1;
    }
    buffered = buffered.subarray(at);
  }
}

/** Undefined while the header is not complete. */
function pageSize(bytes: Buffer, start: number): number | undefined {
  const segments = bytes[start + HEADER_BYTES - 1];
  const table = bytes.subarray(start + HEADER_BYTES, start + HEADER_BYTES + (segments ?? 0));
  if (segments === undefined || table.length < segments) return undefined;
  return table.reduce((sum, length) => sum + length, HEADER_BYTES + segments);
}

/** Ogg's CRC-32: polynomial 0x04c11db7, not reflected, the field itself counted as zero. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc;
});

function checksum(page: Uint8Array): number {
  let crc = 0;
  for (let i = 0; i < page.length; i++) {
    const byte = i >= CRC_OFFSET && i < CRC_OFFSET + 4 ? 0 : page[i]!;
    crc = (crc << 8) ^ CRC_TABLE[(crc >>> 24) ^ byte]!;
  }
  return crc >>> 0;
}
