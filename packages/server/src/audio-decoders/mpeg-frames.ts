import type { ByteWindow } from "./byte-window.js";
import { type Damage, LONGEST_BEGINNING } from "./damage.js";

/** What the header of an MPEG audio frame says (ISO/IEC 11172-3, 13818-3). */
export interface MpegHeader {
  /** Bytes of the frame with its header. */
  length: number;
  channels: 1 | 2;
  /** Equal for the frames of one stream: version, layer, sample rate. */
  key: number;
  /** Where the tag of an encoder lies in a first frame that holds no sound. */
  tagOffset: number;
}

/** kbit/s by version 1 or later, layer and index. */
const BITRATES_1 = [
  [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
] as const;
const BITRATES_2 = [
  [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
] as const;
const RATES = [44_100, 48_000, 32_000] as const;
/** So many headers, each where the one before says, are no coincidence. */
const SURE = 3;

/** @returns undefined for anything that is no header; also for the free format, which nearly nothing writes */
export function mpegHeader(bytes: Uint8Array, at = 0): MpegHeader | undefined {
  const [first = 0, second = 0, third = 0, fourth = 0] = bytes.subarray(at, at + 4);
  if (first !== 0xff || (second & 0xe0) !== 0xe0 || bytes.length < at + 4) return undefined;
  const version = (second >> 3) & 3;
  const layer = 4 - ((second >> 1) & 3);
  const rateIndex = (third >> 2) & 3;
  if (version === 1 || layer === 4 || rateIndex === 3) return undefined;
  const kbits = (version === 3 ? BITRATES_1 : BITRATES_2)[layer - 1]![third >> 4];
  if (!kbits) return undefined;
  const rate = RATES[rateIndex]! / (version === 3 ? 1 : version === 2 ? 2 : 4);
  const padding = (third >> 1) & 1;
  const slots = (layer === 3 && version !== 3 ? 72_000 : 144_000) * kbits;
  const length = layer === 1 ? (Math.floor((12_000 * kbits) / rate) + padding) * 4 : Math.floor(slots / rate) + padding;
  const channels = fourth >> 6 === 3 ? 1 : 2;
  const tagOffset = 4 + (version === 3 ? (channels === 2 ? 32 : 17) : channels === 2 ? 17 : 9);
  return { length, channels, key: ((second & 0x1e) << 8) | (third & 0x0c), tagOffset };
}

/**
 * Whether a stream begins here: three headers in a row, or two that reach to the end of the file.
 *
 * @param at looks up the four bytes at an offset; fewer beyond the end
 */
export function mpegStreamAt(start: number, size: number, at: (offset: number) => Uint8Array): boolean {
  const first = mpegHeader(at(start));
  if (!first) return false;
  let offset = start;
  for (let count = 0; count < SURE; count++) {
    if (count >= 2 && offset >= size - 4) return true;
    const header = mpegHeader(at(offset));
    if (header?.key !== first.key) return false;
    offset += header.length;
  }
  return true;
}

export interface MpegFrame {
  header: MpegHeader;
  /** Valid until the next frame is asked for. */
  bytes: Buffer;
}

/** The whole frames of a file: after damage, and between joined files, it goes on at the next headers that are no coincidence. */
export function* mpegFrames(file: ByteWindow, start: number, damage: Damage): Generator<MpegFrame> {
  let at = start;
  let key: number | undefined;
  while (at < file.size) {
    const header = mpegHeader(file.at(at, 4));
    const sound = header && (header.key === key || mpegStreamAt(at, file.size, (offset) => file.at(offset, 4)));
    if (header && sound) {
      // The last frame of a file that was cut.
      if (at + header.length > file.size) return;
      damage.read(header.length);
      yield { header, bytes: file.at(at, header.length) };
      at += header.length;
      key = header.key;
      continue;
    }
    key = undefined;
    const tag = tagLength(file.at(at, 32));
    if (tag > 0) {
      at += tag;
      continue;
    }
    const next = file.at(at + 1, 65_536).indexOf(0xff);
    const step = next < 0 ? Math.min(65_537, file.size - at) : next + 1;
    damage.skipped(step, file.at(at, LONGEST_BEGINNING));
    at += step;
  }
}

/** Of an ID3 tag of either version, or an APE tag. */
function tagLength(bytes: Buffer): number {
  const name = bytes.toString("latin1", 0, 8);
  if (name.startsWith("ID3")) return id3Length(bytes);
  if (name.startsWith("TAG")) return 128;
  if (name === "APETAGEX" && bytes.length >= 24) return 32 + bytes.readUInt32LE(12);
  return 0;
}

/** Length of an ID3v2 tag with its header and footer: four bytes of seven bits. */
export function id3Length(bytes: Uint8Array): number {
  const size = [6, 7, 8, 9].reduce((sum, i) => sum * 128 + ((bytes[i] ?? 0) & 0x7f), 0);
  return 10 + size + ((bytes[5] ?? 0) & 0x10 ? 10 : 0);
}
