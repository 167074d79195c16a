/** The seam behind which voice activity detectors live. */

/** Samples per VAD frame at 16 kHz: 32 ms. */
export const VAD_FRAME_SAMPLES = 512;

/** Detects speech for many independent streams. */
export interface VoiceActivityDetector {
  /** A new stream with its own state. Cheap; thousands may be open. */
  createStream(): VadStream;
  /** Frees everything. Idempotent. */
  close(): Promise<void>;
}

/** One speaker's stream of frames. Frames are judged in the order of the calls. */
export interface VadStream {
  /**
   * @param frame exactly {@link VAD_FRAME_SAMPLES} samples at 16 kHz in [-1, 1]; copied before the call returns, so the
   * caller may reuse the array.
   * @returns the probability of speech in this frame, 0..1.
   */
  push(frame: Float32Array): Promise<number>;
  /** Forgets the audio so far, as after a gap. */
  reset(): void;
  /** Frees the stream's state. Idempotent; pending pushes resolve to 0. */
  close(): void;
}
