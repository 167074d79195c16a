import type { Container } from "./audio-decoder.js";
import { id3Length, mpegHeader, mpegStreamAt } from "./mpeg-frames.js";

/** How much of a file, behind its tags, is searched for what it is. */
export const HEAD_BYTES = 65_536;

/** What a file is, and where that begins. */
export interface Detected {
  container: Container;
  /** Offset in the bytes that were searched. */
  start: number;
}

/** Of files that are found anywhere in the head, by a beginning that is no coincidence. */
const SIGNATURES: readonly [container: Container, beginning: string, at: number, then: string][] = [
  ["wav", "RIFF", 8, "WAVE"],
  ["wav", "RF64", 8, "WAVE"],
  ["wav", "BW64", 8, "WAVE"],
  ["ogg", "OggS", 4, "\0"],
  ["flac", "fLaC", 5, "\0\0\x22"],
  ["mp4", "\0\0\0", 4, "ftyp"],
  ["webm", "\x1aE\xdf\xa3", 4, ""],
];
/** Of files that are known at their first byte only. */
const BEGINNINGS: readonly [container: Container, at: number, text: string][] = [
  ["mp4", 4, "ftyp"],
  // QuickTime of before there was a first box for it.
  ["mp4", 4, "moov"],
  ["mp4", 4, "mdat"],
  ["mp4", 4, "wide"],
  ["webm", 0, "\x1aE\xdf\xa3"],
  ["aiff", 0, "FORM"],
  ["amr", 0, "#!AMR"],
  ["au", 0, ".snd"],
  ["caf", 0, "caff"],
  ["avi", 8, "AVI "],
  ["asf", 0, "0&\xb2u\x8ef\xcf\x11"],
  ["flv", 0, "FLV\x01"],
  ["mpeg", 0, "\0\0\x01\xba"],
  ["w64", 0, "riff.\x91\xcf\x11"],
  ["wavpack", 0, "wvpk"],
  ["tta", 0, "TTA1"],
  ["ape", 0, "MAC "],
];
/** Lengths of a packet of an MPEG transport stream, and where in it its mark stands: as broadcast, and as cameras write it. */
const TRANSPORT_PACKETS: readonly [length: number, at: number][] = [
  [188, 0],
  [192, 4],
];
/** So many packets in a row are no coincidence. */
const SURE_PACKETS = 5;
const PACKETS = Array.from({ length: SURE_PACKETS }, (_, packet) => packet);
const LONGEST_PACKET = 192;
const TRANSPORT_MARK = 0x47;

/**
 * What a file is by its content; names and media types lie. It is looked for in all of the head: recorders and downloads put junk
 * in front, and cut where they like.
 *
 * @param head the first {@link HEAD_BYTES} of the file, or all of a shorter one
 * @param size length of the file
 * @returns undefined for anything that is not known
 */
export function detectContainer(head: Uint8Array, size = head.length): Detected | undefined {
  const atStart = BEGINNINGS.find(([, at, text]) => textAt(head, at, text.length) === text);
  if (atStart) return { container: atStart[0], start: 0 };
  const transport = searchedTransport(head);
  const mpeg = searchedMpeg(head, size);
  // Fewer packets than are sure, and a piece of one, may lie before those that are: frames within them are no file.
  const isWithin = transport && mpeg && transport.start - mpeg.start < (SURE_PACKETS + 1) * LONGEST_PACKET;
  const found = [...SIGNATURES.map((signature) => searched(head, signature)), transport, isWithin ? undefined : mpeg];
  return found.filter((each) => each !== undefined).sort((a, b) => a.start - b.start)[0];
}

/** Of kinds that have one name. */
const NAMES: Record<Exclude<Container, "mp4" | "webm">, string> = {
  wav: "WAV",
  mp3: "MP3",
  flac: "FLAC",
  ogg: "Ogg",
  aac: "AAC",
  aiff: "AIFF",
  amr: "AMR",
  au: "AU",
  caf: "CAF",
  avi: "AVI",
  asf: "WMA",
  flv: "FLV",
  mpeg: "MPEG",
  mpegts: "MPEG-TS",
  w64: "Wave64",
  wavpack: "WavPack",
  tta: "TTA",
  ape: "APE",
  unknown: "audio",
};
/** Of MP4 by its brand. */
const BRANDS: readonly [brand: RegExp, name: string][] = [
  [/^M4[ABP] /, "M4A"],
  [/^qt {2}/, "MOV"],
  [/^3g/, "3GP"],
];
/** Where Matroska names the kind of its document, at the latest. */
const DOCUMENT_KIND_BYTES = 64;

/**
 * What the sender calls his file: containers that are read alike have several names.
 *
 * @param head of the file, from where it begins
 */
export function nameOf(container: Container, head: Uint8Array): string {
  if (container === "webm") return textAt(head, 0, DOCUMENT_KIND_BYTES).includes("matroska") ? "MKV" : "WebM";
  if (container !== "mp4") return NAMES[container];
  if (textAt(head, 4, 4) !== "ftyp") return "MOV";
  const brand = textAt(head, 8, 4);
  return BRANDS.find(([known]) => known.test(brand))?.[1] ?? "MP4";
}

/** Whether a file of a known kind, or its tag, begins with these bytes. */
export function beginsFile(head: Uint8Array): boolean {
  return tagLength(head) > 0 || detectContainer(head)?.start === 0;
}

/** Whether it claims to be audio, though it may be none: then it is damaged, not of an unknown kind. */
export function looksLikeAudio(head: Uint8Array): boolean {
  const four = textAt(head, 0, 4);
  return (
    ["RIFF", "RIFX", "RF64", "BW64", "OggS", "fLaC"].includes(four) ||
    four.startsWith("ID3") ||
    mpegHeader(head) !== undefined ||
    isAdts(head, 0)
  );
}

/** Length of the ID3 tag that a file begins with; 0 without one. */
export function tagLength(head: Uint8Array): number {
  return textAt(head, 0, 3) === "ID3" ? id3Length(head) : 0;
}

function searched(
  head: Uint8Array,
  [container, beginning, at, then]: (typeof SIGNATURES)[number],
): Detected | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const from = (at: number) => bytes.indexOf(beginning, at, "latin1");
  for (let start = from(0); start >= 0; start = from(start + 1)) {
    if (textAt(head, start + at, then.length) === then) return { container, start };
  }
  return undefined;
}

/** An MPEG transport stream holds bare frames in pieces, which must not be taken for the file. */
function searchedTransport(head: Uint8Array): Detected | undefined {
  const isMark = (at: number) => head[at] === TRANSPORT_MARK;
  for (let mark = head.indexOf(TRANSPORT_MARK); mark >= 0; mark = head.indexOf(TRANSPORT_MARK, mark + 1)) {
    for (const [length, at] of TRANSPORT_PACKETS) {
      if (mark < at || !PACKETS.every((packet) => isMark(mark + packet * length))) continue;
      // A gap close behind the beginning: the first packets say what the stream holds.
      const beginsAtOnce = isMark(at) && isMark(at + length);
      return { container: "mpegts", start: beginsAtOnce ? 0 : mark - at };
    }
  }
  return undefined;
}

/** Bare MPEG frames: MP3 and its elders, and AAC. */
function searchedMpeg(head: Uint8Array, size: number): Detected | undefined {
  for (let start = head.indexOf(0xff); start >= 0; start = head.indexOf(0xff, start + 1)) {
    if (isAdts(head, start) && adtsStreamAt(head, start)) return { container: "aac", start };
    const four = (offset: number) => head.subarray(offset, offset + 4);
    // Frames beyond the head are not looked at: those within are enough, unless the file ends there.
    const end = Math.min(size, head.length);
    if (mpegStreamAt(start, end, four)) return { container: "mp3", start };
  }
  return undefined;
}

function isAdts(head: Uint8Array, at: number): boolean {
  return head[at] === 0xff && (head[at + 1]! & 0xf6) === 0xf0 && adtsLength(head, at) >= 7;
}

const adtsLength = (head: Uint8Array, at: number) =>
  ((head[at + 3]! & 3) << 11) | (head[at + 4]! << 3) | (head[at + 5]! >> 5);

/** Three AAC frames in a row. */
function adtsStreamAt(head: Uint8Array, start: number): boolean {
  let at = start;
  for (let count = 0; count < 3; count++) {
    if (at + 7 > head.length) return count >= 2;
    if (!isAdts(head, at) || head[at + 2] !== head[start + 2]) return false;
    at += adtsLength(head, at);
  }
  return true;
}

function textAt(bytes: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + length));
}
