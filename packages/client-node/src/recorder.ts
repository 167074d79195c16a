/** The seam between a microphone and the ways to record. */

/** What a microphone delivers, whichever way it is recorded. */
export const RECORDER_SAMPLE_RATE = 16_000;

/** Samples of one step: 32 ms. */
export const RECORDER_FRAME_SAMPLES = 512;

export interface RecorderHandlers {
  /** 16 kHz mono s16le, whole samples. */
  audio(pcm: Uint8Array): void;
  /** The recording is over; with an error if it was not asked to end. Exactly once, last. */
  end(error?: Error): void;
}

/** A running recording. */
export interface Recorder {
  /** Name of the device in use. */
  readonly device: string;
  /** Ends the recording; `handlers.end` follows. Idempotent. */
  stop(): void;
}

/** Starts recording. Resolves with the first audio, since some devices open well and then deliver nothing. */
export type OpenRecorder = (device: number | string | undefined, handlers: RecorderHandlers) => Promise<Recorder>;

/** How long a device may take to its first audio, milliseconds. */
export const FIRST_AUDIO_TIMEOUT_MS = 5000;
