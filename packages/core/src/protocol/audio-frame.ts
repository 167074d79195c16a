/** Binary frames of the native wire: u64 little-endian offset of the first sample, then PCM in whole sample frames. */
import { type AudioFormat, bytesPerFrame } from "../audio/source.js";
import { SttError } from "../errors.js";

/** Bytes before the PCM. */
export const AUDIO_FRAME_HEADER_BYTES = 8;

export interface AudioFrame {
  /** Offset of the first sample on the session's timeline, at the input rate, per channel. */
  offset: number;
  /** The PCM: a view into the frame, not a copy. */
  pcm: Uint8Array;
  /** Samples per channel in `pcm`. */
  samples: number;
}

/** Builds one frame. `offset` is a safe integer of at least 0. */
export function encodeAudioFrame(offset: number, pcm: Uint8Array): Uint8Array {
  const frame = new Uint8Array(AUDIO_FRAME_HEADER_BYTES + pcm.byteLength);
  const view = new DataView(frame.buffer);
  view.setUint32(0, offset >>> 0, true);
  view.setUint32(4, Math.floor(offset / 2 ** 32), true);
  frame.set(pcm, AUDIO_FRAME_HEADER_BYTES);
  return frame;
}

/**
 * Reads one frame.
 *
 * @throws SttError `bad_frame` with a sentence that names what is wrong.
 */
export function decodeAudioFrame(frame: Uint8Array, format: AudioFormat): AudioFrame {
  const size = bytesPerFrame(format);
  const bytes = frame.byteLength - AUDIO_FRAME_HEADER_BYTES;
  if (bytes < 0) {
    throw new SttError(
      "bad_frame",
      `An audio frame has ${frame.byteLength} bytes, but the ${AUDIO_FRAME_HEADER_BYTES}-byte sample offset alone needs more.`,
    );
  }
  if (bytes % size !== 0) {
    throw new SttError(
      "bad_frame",
      `An audio frame carries ${bytes} bytes of PCM, which is not a multiple of ${size} (${format.encoding}, ${format.channels} channel${format.channels === 1 ? "" : "s"}).`,
    );
  }
  const offset = readUint32(frame, 0) + readUint32(frame, 4) * 2 ** 32;
  if (!Number.isSafeInteger(offset)) {
    throw new SttError("bad_frame", "An audio frame's sample offset is larger than 2^53.");
  }
  // Not `subarray`, which makes a `Buffer` of a `Buffer` at several times the cost.
  const pcm = new Uint8Array(frame.buffer, frame.byteOffset + AUDIO_FRAME_HEADER_BYTES, bytes);
  return { offset, pcm, samples: bytes / size };
}

/** Little-endian. A server reads tens of thousands of these a second: a `DataView` for each would cost more than the frame. */
function readUint32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}
