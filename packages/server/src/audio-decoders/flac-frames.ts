import type { ByteWindow } from "./byte-window.js";
import { type Damage, LONGEST_BEGINNING } from "./damage.js";
import { beginsFile } from "./detect-container.js";

/** What the header of a FLAC frame says (RFC 9639, section 9.1). */
interface FlacHeader {
  headerBytes: number;
  blockSamples: number;
  channels: number;
  /** Equal for the frames of one stream: rate, channels, bits. */
  key: string;
}

const BITS = [32, 8, 12, 32, 16, 20, 24, 32] as const;
/** Longest header: two bytes of sync, two of codes, seven of number, two of size, two of rate, a check sum. */
const MAX_HEADER_BYTES = 16;
/** Beside its samples, stored as they are, a frame has little. */
const FRAME_SLACK_BYTES = 1024;

export interface FlacFrame {
  /** Valid until the next frame is asked for. */
  bytes: Buffer;
  /** Equal for the frames of one stream. */
  key: string;
}

/**
 * The undamaged frames of a file, by their check sums. What lies between them is passed over, be it damage or the tags of a joined
 * file.
 */
export function* flacFrames(file: ByteWindow, start: number, damage: Damage): Generator<FlacFrame> {
  let at = start;
  while (at < file.size) {
    const found = frameAt(file, at);
    if (found) {
      const { length } = found.bytes;
      damage.read(length);
      yield found;
      at += length;
      continue;
    }
    const metadata = metadataLength(file, at);
    if (metadata > 0) {
      at += metadata;
      continue;
    }
    const next = file.at(at + 1, 65_536).indexOf(0xff);
    const step = next < 0 ? Math.min(65_537, file.size - at) : next + 1;
    damage.skipped(step, file.at(at, LONGEST_BEGINNING));
    at += step;
  }
}

function frameAt(file: ByteWindow, at: number): FlacFrame | undefined {
  const header = flacHeader(file.at(at, MAX_HEADER_BYTES));
  if (!header) return undefined;
  const bits = Number(header.key.split("/")[2]);
  const most = header.headerBytes + (header.blockSamples * header.channels * (bits + 1)) / 8 + FRAME_SLACK_BYTES;
  const bytes = file.at(at, Math.ceil(most) + LONGEST_BEGINNING);
  const isWhole = at + bytes.length === file.size;
  let crc = 0;
  for (let i = 0; i < bytes.length; i++) {
    // The check sum at the end of a frame makes the sum over all of it 0.
    if (crc === 0 && i > header.headerBytes && endsBefore(bytes.subarray(i, i + LONGEST_BEGINNING))) {
      return { bytes: bytes.subarray(0, i), key: header.key };
    }
    crc = ((crc << 8) & 0xffff) ^ CRC_16[(crc >> 8) ^ bytes[i]!]!;
  }
  return crc === 0 && isWhole ? { bytes, key: header.key } : undefined;
}

/** Whether what follows shows that a frame is over: the next one, a tag, or another file, of whatever kind, that was joined to this one. */
function endsBefore(rest: Buffer): boolean {
  return flacHeader(rest) !== undefined || beginsFile(rest) || rest.toString("latin1", 0, 3) === "TAG";
}

const isMarker = (bytes: Buffer) => bytes.toString("latin1", 0, 4) === "fLaC";

/** Of the marker and the blocks behind it, with which a file begins; 0 where there is none. */
function metadataLength(file: ByteWindow, at: number): number {
  if (!isMarker(file.at(at, 4))) return 0;
  let offset = at + 4;
  for (let last = false; !last; ) {
    const block = file.at(offset, 4);
    if (block.length < 4 || (block[0]! & 0x7f) > 6) return 4;
    last = (block[0]! & 0x80) !== 0;
    offset += 4 + block.readUIntBE(1, 3);
  }
  return offset <= file.size ? offset - at : 4;
}

function flacHeader(bytes: Uint8Array): FlacHeader | undefined {
  if (bytes[0] !== 0xff || (bytes[1]! & 0xfe) !== 0xf8) return undefined;
  const [sizeCode, rateCode] = [bytes[2]! >> 4, bytes[2]! & 15];
  const [channelCode, bitsCode] = [bytes[3]! >> 4, (bytes[3]! >> 1) & 7];
  if (sizeCode === 0 || rateCode === 15 || channelCode > 10 || bitsCode === 3 || bytes[3]! & 1) return undefined;
  let at = 4 + numberLength(bytes[4]!);
  let blockSamples = sizeCode === 1 ? 192 : sizeCode < 6 ? 144 << sizeCode : 1 << sizeCode;
  if (sizeCode === 6) blockSamples = bytes[at++]! + 1;
  if (sizeCode === 7) {
    blockSamples = bytes[at]! * 256 + bytes[at + 1]! + 1;
    at += 2;
  }
  let rate = String(rateCode);
  for (let left = rateCode === 12 ? 1 : rateCode > 12 ? 2 : 0; left > 0; left--) rate += `,${bytes[at++]}`;
  if (at === 4 || at >= bytes.length) return undefined;
  let crc = 0;
  for (let i = 0; i <= at; i++) crc = CRC_8[crc ^ bytes[i]!]!;
  if (crc !== 0) return undefined;
  const channels = channelCode < 8 ? channelCode + 1 : 2;
  return { headerBytes: at + 1, blockSamples, channels, key: `${rate}/${channels}/${BITS[bitsCode]}` };
}

/** Bytes of a number that is coded as UTF-8 codes characters; far too many for what is none. */
function numberLength(first: number): number {
  const ones = Math.clz32(~(first << 24));
  return ones === 0 ? 1 : ones === 1 || ones === 8 ? 100 : ones;
}

/** Remainders of bytes, most significant bit first. */
function crcTable(bits: 8 | 16, polynomial: number): Uint16Array {
  const top = 1 << (bits - 1);
  const mask = (1 << bits) - 1;
  return Uint16Array.from({ length: 256 }, (_, byte) => {
    let crc = byte << (bits - 8);
    for (let bit = 0; bit < 8; bit++) crc = crc & top ? ((crc << 1) ^ polynomial) & mask : (crc << 1) & mask;
    return crc;
  });
}
const CRC_8 = crcTable(8, 0x07);
const CRC_16 = crcTable(16, 0x8005);
