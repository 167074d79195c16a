/** Where audio comes from: a microphone, a file, an application's own buffers. */

/** Sample formats that may travel to the server. */
export type AudioEncoding = "pcm_s16le" | "pcm_f32le";

/** The shape of a stream of PCM. Channels are interleaved. */
export interface AudioFormat {
  encoding: AudioEncoding;
  /** Hz, 8000..192000. */
  sampleRate: number;
  channels: 1 | 2;
}

/**
 * A pull-based stream of PCM chunks; pulling is the back-pressure. A live source buffers a bounded amount while nobody pulls.
 */
export interface AudioSource {
  readonly format: AudioFormat;
  /** Little-endian PCM in whole sample frames, any length. Ends when the source does; `signal` ends it early without an error. */
  chunks(signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Length in milliseconds when known beforehand (a file). */
  readonly durationMs?: number;
  /** Releases the device or file. Idempotent. */
  close(): Promise<void>;
}

/** Bytes of one sample of one channel. */
export function bytesPerSample(encoding: AudioEncoding): 2 | 4 {
  return encoding === "pcm_s16le" ? 2 : 4;
}

/** Bytes of one sample frame: one sample of every channel. */
export function bytesPerFrame(format: AudioFormat): number {
  return bytesPerSample(format.encoding) * format.channels;
}
