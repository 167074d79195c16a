/** PCM bytes of the wire to mono samples and back. Little-endian on every platform; unaligned views are fine. */
import { SttError } from "../errors.js";
import { type AudioEncoding, type AudioFormat, bytesPerFrame, bytesPerSample } from "./source.js";

/** The part of an {@link AudioFormat} that says how bytes become samples. */
export type PcmLayout = Pick<AudioFormat, "encoding" | "channels">;

/** Full scale of 16-bit PCM: -32768 is -1. */
const S16_SCALE = 32_768;

const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/**
 * Decodes interleaved PCM to mono samples in [-1, 1]; two channels are averaged.
 *
 * Float samples outside [-1, 1] are clamped and those that are no number become 0, since one such sample from the wire would
 * poison the state of a filter or a recurrent network for good.
 *
 * @param bytes whole sample frames at any alignment
 * @param out receives the samples from `outOffset` on; must have room
 * @returns samples written: frames in `bytes`
 * @throws SttError `invalid_argument` when `bytes` ends within a frame or `out` is too small
 */
export function pcmToMono(bytes: Uint8Array, layout: PcmLayout, out: Float32Array, outOffset = 0): number {
  const size = bytesPerSample(layout.encoding) * layout.channels;
  const frames = bytes.byteLength / size;
  if (!Number.isInteger(frames)) {
    throw new SttError(
      "invalid_argument",
      `${bytes.byteLength} bytes of ${layout.encoding} are not a whole number of ${size}-byte sample frames.`,
    );
  }
  if (outOffset + frames > out.length) {
    throw new SttError(
      "invalid_argument",
      `${frames} samples do not fit an array of ${out.length} from index ${outOffset} on.`,
    );
  }
  if (layout.encoding === "pcm_s16le") decodeS16(bytes, layout.channels, frames, out, outOffset);
  else decodeF32(bytes, layout.channels, frames, out, outOffset);
  return frames;
}

function decodeS16(bytes: Uint8Array, channels: 1 | 2, frames: number, out: Float32Array, at: number): void {
  if (LITTLE_ENDIAN && bytes.byteOffset % 2 === 0) {
    const samples = new Int16Array(bytes.buffer, bytes.byteOffset, frames * channels);
    if (channels === 1) {
      for (let i = 0; i < frames; i++) out[at + i] = samples[i]! / S16_SCALE;
    } else {
      for (let i = 0; i < frames; i++) out[at + i] = (samples[2 * i]! + samples[2 * i + 1]!) / (2 * S16_SCALE);
    }
    return;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < frames; i++) {
    out[at + i] =
      channels === 1
        ? view.getInt16(2 * i, true) / S16_SCALE
        : (view.getInt16(4 * i, true) + view.getInt16(4 * i + 2, true)) / (2 * S16_SCALE);
  }
}

function decodeF32(bytes: Uint8Array, channels: 1 | 2, frames: number, out: Float32Array, at: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < frames; i++) {
    out[at + i] =
      channels === 1
        ? sane(view.getFloat32(4 * i, true))
        : (sane(view.getFloat32(8 * i, true)) + sane(view.getFloat32(8 * i + 4, true))) / 2;
  }
}

/** NaN fails both comparisons and becomes 0. */
function sane(sample: number): number {
  if (sample >= -1 && sample <= 1) return sample;
  return sample > 1 ? 1 : sample < -1 ? -1 : 0;
}

/**
 * Encodes mono samples as little-endian PCM of one channel. For `pcm_s16le` samples are rounded to the nearest step and
 * clamped; decoding and encoding 16-bit PCM gives the same bytes.
 *
 * @param samples in [-1, 1]
 * @param out receives the bytes; must have room
 * @returns bytes written
 * @throws SttError `invalid_argument` when `out` is too small
 */
export function monoToPcm(samples: Float32Array, encoding: AudioEncoding, out: Uint8Array): number {
  const bytes = samples.length * bytesPerSample(encoding);
  if (bytes > out.byteLength) {
    throw new SttError("invalid_argument", `${bytes} bytes of PCM do not fit an array of ${out.byteLength}.`);
  }
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  if (encoding === "pcm_f32le") {
    for (let i = 0; i < samples.length; i++) view.setFloat32(4 * i, samples[i]!, true);
  } else {
    for (let i = 0; i < samples.length; i++) {
      const step = Math.round(samples[i]! * S16_SCALE);
      view.setInt16(2 * i, Math.max(-32_768, Math.min(32_767, step)), true);
    }
  }
  return bytes;
}

/** {@link pcmToMono} into a new array. */
export function decodePcm(bytes: Uint8Array, layout: PcmLayout): Float32Array {
  const size = bytesPerFrame({ ...layout, sampleRate: 0 });
  const out = new Float32Array(Math.ceil(bytes.byteLength / size));
  pcmToMono(bytes, layout, out);
  return out;
}

/** {@link monoToPcm} into a new array. */
export function encodePcm(samples: Float32Array, encoding: AudioEncoding): Uint8Array {
  const out = new Uint8Array(samples.length * bytesPerSample(encoding));
  monoToPcm(samples, encoding, out);
  return out;
}

/** Root mean square of `samples`, 0..1; 0 for none. */
export function rms(samples: Float32Array): number {
  if (samples.length === 0) return 0;
  return Math.sqrt(sumOfSquares(samples, 0, samples.length) / samples.length);
}

/** The energy of `samples[from]` to `samples[to - 1]`; 0 exactly for digital silence. */
export function sumOfSquares(samples: Float32Array, from: number, to: number): number {
  // Four sums at a time: with one, every addition would wait for the one before.
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = from;
  for (const last = to - 3; i < last; i += 4) {
    const a = samples[i]!;
    const b = samples[i + 1]!;
    const c = samples[i + 2]!;
    const d = samples[i + 3]!;
    s0 += a * a;
    s1 += b * b;
    s2 += c * c;
    s3 += d * d;
  }
  for (; i < to; i++) s0 += samples[i]! * samples[i]!;
  return s0 + s1 + (s2 + s3);
}
