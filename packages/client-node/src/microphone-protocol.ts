/** What the microphone's thread and its owner say to each other. */

export interface RecorderRequest {
  frameSamples: number;
  /** -1 for the default device. */
  deviceIndex: number;
  /** Four bytes of shared memory; not 0 ends the recording. A message could not: the thread is busy reading. */
  stopFlag: SharedArrayBuffer;
}

export type RecorderMessage =
  | { type: "started"; device: string }
  | { type: "audio"; pcm: Uint8Array<ArrayBuffer> }
  | { type: "stopped" }
  | { type: "failed"; message: string };
