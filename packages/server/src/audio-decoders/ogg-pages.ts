import type { ByteWindow } from "./byte-window.js";
import type { Damage } from "./damage.js";

const HEADER_BYTES = 27;
const CRC_OFFSET = 22;
const MAX_PAGE_BYTES = HEADER_BYTES + 255 + 255 * 255;

/** A page of an Ogg file (RFC 3533). */
export interface OggPage {
  /** Valid until the next page is asked for, as is `packet`. */
  bytes: Buffer;
  /** What follows the header. */
  packet: Buffer;
  /** The logical stream it belongs to. */
  serial: number;
  /** It begins its stream. */
  isFirst: boolean;
  /** It ends its stream. */
  isLast: boolean;
}

/**
 * The whole and undamaged pages of an Ogg file, one at a time. What lies between them is passed over: a decoder that is given half
 * a page makes up sound for the rest of it.
 */
export function* oggPages(file: ByteWindow, start: number, damage: Damage): Generator<OggPage> {
  let at = start;
  while (at < file.size) {
    const window = file.at(at, MAX_PAGE_BYTES);
    const mark = window.indexOf("OggS");
    if (mark !== 0) {
      // The next page's mark may be cut in two.
      const step = mark > 0 ? mark : Math.max(1, window.length - 3);
      damage.skipped(step, window);
      at += step;
      continue;
    }
    const size = pageSize(window);
    const bytes = size === undefined ? undefined : window.subarray(0, size);
    if (!bytes || bytes.length < size! || checksum(bytes) !== bytes.readUInt32LE(CRC_OFFSET)) {
      // The last page of a file that was cut is no damage.
      if (at + (size ?? Number.POSITIVE_INFINITY) > file.size && window.indexOf("OggS", 1) < 0) return;
      damage.skipped(1, window);
      at++;
      continue;
    }
    damage.read(bytes.length);
    yield {
      bytes,
      packet: bytes.subarray(HEADER_BYTES + bytes[HEADER_BYTES - 1]!),
      serial: bytes.readUInt32LE(14),
      isFirst: (bytes[5]! & 2) !== 0,
      isLast: (bytes[5]! & 4) !== 0,
    };
    at += size!;
  }
}

/** Undefined while the header is not complete. */
function pageSize(bytes: Buffer): number | undefined {
  const segments = bytes[HEADER_BYTES - 1];
  const table = bytes.subarray(HEADER_BYTES, HEADER_BYTES + (segments ?? 0));
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
