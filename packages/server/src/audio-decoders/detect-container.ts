import type { Container } from "./audio-decoder.js";

/** Bytes from the start of a file that tell what it is. */
export const HEAD_BYTES = 4096;

/**
 * What a file is by its content; names and media types lie.
 *
 * @param head the first {@link HEAD_BYTES} of the file, or all of a shorter one
 * @returns undefined for anything that is not known
 */
export function detectContainer(head: Uint8Array): Container | undefined {
  const at = (offset: number, text: string) => textAt(head, offset, text.length) === text;
  // Big-endian and other RIFF files are left to the WAV reader too: it says what is wrong with them.
  if (at(0, "RIFF") || at(0, "RF64") || at(0, "RIFX")) return "wav";
  if (at(0, "fLaC")) return "flac";
  if (at(0, "OggS")) return oggKind(head);
  if (at(0, "ID3")) return at(id3Length(head), "fLaC") ? "flac" : "mp3";
  if (at(4, "ftyp")) return "mp4";
  if (at(0, "\x1aE\xdf\xa3")) return "webm";
  if (at(0, "FORM") && (at(8, "AIFF") || at(8, "AIFC"))) return "aiff";
  if (at(0, "#!AMR")) return "amr";
  return mpegKind(head);
}

function textAt(bytes: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + length));
}

/** Length of an ID3v2 tag with its header: four bytes of seven bits. */
function id3Length(head: Uint8Array): number {
  const size = [6, 7, 8, 9].reduce((sum, i) => sum * 128 + ((head[i] ?? 0) & 0x7f), 0);
  return 10 + size;
}

/** By the first packet of the first page (RFC 3533; the mappings of Opus, Vorbis and FLAC). */
function oggKind(head: Uint8Array): Container | undefined {
  const packet = 27 + (head[26] ?? 0);
  if (textAt(head, packet, 8) === "OpusHead") return "ogg-opus";
  if (textAt(head, packet, 7) === "\x01vorbis") return "ogg-vorbis";
  if (textAt(head, packet, 5) === "\x7fFLAC") return "ogg-flac";
  return undefined;
}

/** Bare MPEG frames begin with eleven bits set; the layer tells MP3 and its elders from AAC. */
function mpegKind(head: Uint8Array): Container | undefined {
  const [first = 0, second = 0, third = 0] = head;
  if (first !== 0xff || (second & 0xe0) !== 0xe0) return undefined;
  const layer = (second >> 1) & 3;
  if (layer === 0) return (second & 0xf6) === 0xf0 ? "aac" : undefined;
  const version = (second >> 3) & 3;
  const bitrate = third >> 4;
  const rate = (third >> 2) & 3;
  return version === 1 || bitrate === 15 || rate === 3 ? undefined : "mp3";
}
