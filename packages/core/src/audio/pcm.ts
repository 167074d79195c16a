/** PCM bytes of the wire to mono samples and back. Little-endian on every platform; unaligned views are fine. */
import { SttError } from "../errors.js";
import { ChannelMixer } from "./channel-mixer.js";
import { type AudioEncoding, type AudioFormat, bytesPerFrame, bytesPerSample } from "./source.js";

/** The part of an {@link AudioFormat} that says how bytes become samples. */
export type PcmLayout = Pick<AudioFormat, "encoding" | "channels">;

/** Full scale of 16-bit PCM: -32768 is -1. */
const S16_SCALE = 32_768;

/** Hz: a clip says nothing of its rate, and a mixer needs it only for its sense of time. */
const CLIP_RATE = 16_000;

const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/**
 * Decodes interleaved PCM to mono samples in [-1, 1]; two channels are mixed as a {@link ChannelMixer} does, on their own: for a
 * stream that comes in pieces use {@link pcmToChannels} and one mixer.
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
  const frames = framesIn(bytes, layout);
  if (outOffset + frames > out.length) throw noRoom(frames, out.length, outOffset);
  if (layout.channels === 1) {
    readChannel(bytes, layout, 0, out, outOffset);
    return frames;
  }
  const channels = Array.from({ length: layout.channels }, () => new Float32Array(frames));
  pcmToChannels(bytes, layout, channels);
  out.set(new ChannelMixer(layout.channels, CLIP_RATE).mix(channels), outOffset);
  return frames;
}

/**
 * Decodes interleaved PCM to samples in [-1, 1], each channel on its own. What is no number or out of range is treated as
 * {@link pcmToMono} does.
 *
 * @param bytes whole sample frames at any alignment
 * @param out one array for each channel; must have room
 * @returns samples written to each
 * @throws SttError `invalid_argument` when `bytes` ends within a frame or `out` is too small
 */
export function pcmToChannels(bytes: Uint8Array, layout: PcmLayout, out: readonly Float32Array[]): number {
  const frames = framesIn(bytes, layout);
  for (let channel = 0; channel < layout.channels; channel++) {
    const target = out[channel]!;
    if (frames > target.length) throw noRoom(frames, target.length, 0);
    readChannel(bytes, layout, channel, target, 0);
  }
  return frames;
}

function framesIn(bytes: Uint8Array, { encoding, channels }: PcmLayout): number {
  const size = bytesPerSample(encoding) * channels;
  const frames = bytes.byteLength / size;
  if (Number.isInteger(frames)) return frames;
  throw new SttError(
    "invalid_argument",
    `${bytes.byteLength} bytes of ${encoding} are not a whole number of ${size}-byte sample frames.`,
  );
}

function noRoom(frames: number, length: number, offset: number): SttError {
  return new SttError(
    "invalid_argument",
    `${frames} samples do not fit an array of ${length} from index ${offset} on.`,
  );
}

function readChannel(
  bytes: Uint8Array,
  { encoding, channels }: PcmLayout,
  channel: number,
  out: Float32Array,
  at: number,
): void {
  const frames = bytes.byteLength / (bytesPerSample(encoding) * channels);
  if (encoding === "pcm_s16le" && LITTLE_ENDIAN && bytes.byteOffset % 2 === 0) {
    const samples = new Int16Array(bytes.buffer, bytes.byteOffset, frames * channels);
    for (let i = 0; i < frames; i++) out[at + i] = samples[i * channels + channel]! / S16_SCALE;
    return;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (encoding === "pcm_s16le") {
    for (let i = 0; i < frames; i++) out[at + i] = view.getInt16(2 * (i * channels + channel), true) / S16_SCALE;
  } else {
    for (let i = 0; i < frames; i++) out[at + i] = sane(view.getFloat32(4 * (i * channels + channel), true));
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
