import type { SttError } from "./errors.js";

/** The seam behind which voice activity detectors live. */

/** Samples per VAD frame at 16 kHz: 32 ms. */
export const VAD_FRAME_SAMPLES = 512;

/** Detects speech for many independent streams. */
export interface VoiceActivityDetector {
  /** Why it cannot create streams at present, as the end of a sentence; undefined while it can. Cheap to ask. */
  readonly unavailable?: string | undefined;
  /** Frames pushed on any stream and not yet answered: the detector's lag, in frames of 32 ms of audio. */
  readonly backlog: number;
  /**
   * A new stream with its own state. Cheap; thousands may be open.
   *
   * @throws SttError `invalid_state` after {@link close}.
   */
  createStream(listener: VadListener): VadStream;
  /** Frees everything; listeners are not called again. Idempotent. */
  close(): Promise<void>;
}

/**
 * Receives the probabilities of one stream.
 *
 * A listener instead of a promise per frame: a thousand sessions push 31 000 frames a second, and a detector can answer
 * silence inside `push` without a trip through the microtask queue.
 */
export interface VadListener {
  /**
   * Called exactly once per pushed frame, in the order of the pushes. May be called from inside {@link VadStream.push},
   * after the frame has been counted; it may itself call `push`, `reset` or `close`.
   *
   * @param probability of speech in the frame, 0..1.
   */
  onProbability(probability: number): void;
  /** The detector failed for good: no probability follows, and the stream counts as closed. Called at most once. */
  onError(error: SttError): void;
}

/** One speaker's stream of frames. */
export interface VadStream {
  /**
   * Frames pushed and not yet answered; already lowered when `onProbability` is called. The queue has no bound of its own:
   * a caller that can outrun real time holds its source back (pauses the socket) above a mark of its choice.
   */
  readonly backlog: number;
  /**
   * Queues a frame; ignored after {@link close}.
   *
   * @param frame exactly {@link VAD_FRAME_SAMPLES} samples at 16 kHz in [-1, 1]; copied before the call returns, so the
   * caller may reuse the array.
   * @throws SttError `invalid_argument` on any other length.
   */
  push(frame: Float32Array): void;
  /**
   * Forgets the audio so far, as after a gap. Takes its place between the frames pushed before and after it: those before
   * are still answered.
   */
  reset(): void;
  /** Frees the stream's state; the listener is not called again. Idempotent. */
  close(): void;
}
