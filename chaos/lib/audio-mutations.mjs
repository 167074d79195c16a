/** Recordings as people have them: cut, joined, damaged, behind junk and tags, in every container and under any name. */
import { readFileSync } from "node:fs";
import fc from "fast-check";

/** Options of ffmpeg by container; the first word is what it is in, the rest how. */
export const ENCODINGS = {
  wav: ["wav"],
  "wav mu-law": ["wav", "-c:a", "pcm_mulaw", "-ar", "8000"],
  mp3: ["mp3", "-b:a", "48k"],
  "mp3 vbr": ["mp3", "-q:a", "4", "-ar", "44100", "-ac", "2"],
  flac: ["flac", "-frame_size", "1024"],
  opus: ["opus", "-b:a", "24k", "-page_duration", "200000"],
  vorbis: ["ogg", "-c:a", "libvorbis", "-page_duration", "200000"],
  "ogg flac": ["ogg", "-c:a", "flac", "-frame_size", "1024", "-page_duration", "200000"],
  m4a: ["m4a", "-c:a", "aac"],
  webm: ["webm", "-c:a", "libopus"],
};
/** Of these, joined files are one recording; of the others the first counts, as in ffmpeg. */
export const CHAINS = ["mp3", "mp3 vbr", "flac", "opus", "vorbis", "ogg flac"];

/** Anywhere: without it, what is generated lies at the ends of the file. */
const share = fc.noBias(fc.integer({ min: 0, max: 10_000 })).map((n) => n / 10_000);
const bytes = (max) => fc.uint8Array({ minLength: 1, maxLength: max });
const extension = fc.constantFrom("wav", "mp3", "txt", "m4a", "bin", "opus", "");

const change = fc.oneof(
  fc.record({ kind: fc.constant("whole") }),
  fc.record({ kind: fc.constant("cut at the end"), at: share }),
  fc.record({ kind: fc.constant("cut at the start"), at: share }),
  fc.record({ kind: fc.constant("joined") }),
  fc.record({ kind: fc.constant("bytes changed"), at: share, bytes: bytes(400) }),
  fc.record({ kind: fc.constant("bytes missing"), at: share, length: fc.integer({ min: 1, max: 3000 }) }),
  fc.record({ kind: fc.constant("a hole of zeros"), at: share, length: fc.integer({ min: 1, max: 5000 }) }),
  fc.record({ kind: fc.constant("junk in front"), bytes: bytes(5000) }),
  fc.record({ kind: fc.constant("a tag in front"), length: fc.integer({ min: 0, max: 100_000 }) }),
  fc.record({ kind: fc.constant("noise behind the head"), head: fc.integer({ min: 1, max: 300 }), seed: fc.integer() }),
);

/** What is done to a file of which container, and how it is called. */
export const damagedFile = fc.record({ encoding: fc.constantFrom(...Object.keys(ENCODINGS)), change, extension });

/** @returns {Buffer} */
export function spoil(file, change) {
  const whole = readFileSync(file);
  const at = Math.floor((change.at ?? 0) * whole.length);
  switch (change.kind) {
    case "cut at the end":
      return whole.subarray(0, at);
    case "cut at the start":
      return whole.subarray(at);
    case "joined":
      return Buffer.concat([whole, whole]);
    case "bytes changed":
      return Buffer.concat([whole.subarray(0, at), change.bytes, whole.subarray(at + change.bytes.length)]);
    case "bytes missing":
      return Buffer.concat([whole.subarray(0, at), whole.subarray(at + change.length)]);
    case "a hole of zeros":
      return Buffer.from(whole).fill(0, at, Math.min(whole.length, at + change.length));
    case "junk in front":
      return Buffer.concat([change.bytes, whole]);
    case "a tag in front":
      return Buffer.concat([id3(change.length), whole]);
    case "noise behind the head": {
      const noise = fc.sample(fc.uint8Array({ minLength: 20_000, maxLength: 20_000, size: "max" }), {
        numRuns: 1,
        seed: change.seed,
      })[0];
      return Buffer.concat([whole.subarray(0, change.head), noise]);
    }
    default:
      return whole;
  }
}

function id3(length) {
  const size = [21, 14, 7, 0].map((shift) => (length >> shift) & 0x7f);
  return Buffer.concat([Buffer.from("ID3\x04\0\0", "latin1"), Buffer.from(size), Buffer.alloc(length)]);
}
