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
  /** Called once, before {@link chunks}, with what the source may ask of its recording. */
  attach?(host: SourceHost): void;
  /** Releases the device or file. Idempotent. */
  close(): Promise<void>;
}

/** What a source may ask of the recording that reads it. */
export interface SourceHost {
  /** The device is gone for a while: the recording pauses until it is back. Pauses of the user's stay. */
  setAvailable(available: boolean): void;
  /**
   * Audio is left out between the chunks given so far and the next one. Ends the utterance, and all later times are those of the
   * speaker, not those of the audio that was sent.
   *
   * @param samples left out, at the source's sample rate
   */
  skip(samples: number): void;
}

/** Bytes of one sample of one channel. */
export function bytesPerSample(encoding: AudioEncoding): 2 | 4 {
  return encoding === "pcm_s16le" ? 2 : 4;
}

/** Bytes of one sample frame: one sample of every channel. */
export function bytesPerFrame(format: AudioFormat): number {
  return bytesPerSample(format.encoding) * format.channels;
}
