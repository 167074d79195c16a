/**
 * Reads a microphone in a thread of its own: pvrecorder's asynchronous `read()` fails against some PulseAudio sources, and its
 * synchronous one blocks for the length of a frame.
 */
import { parentPort, workerData } from "node:worker_threads";
import type { RecorderMessage, RecorderRequest } from "./microphone-protocol.js";

const { frameSamples, deviceIndex, stopFlag } = workerData as RecorderRequest;
const stop = new Int32Array(stopFlag);

function post(message: RecorderMessage, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

try {
  const { PvRecorder } = await import("@picovoice/pvrecorder-node");
  const recorder = new PvRecorder(frameSamples, deviceIndex);
  try {
    recorder.start();
    post({ type: "started", device: recorder.getSelectedDevice() });
    while (Atomics.load(stop, 0) === 0) {
      const frame = recorder.readSync();
      // A copy of exact size: the addon may reuse its array, and transferring spares another copy.
      const pcm = new Uint8Array(
        frame.buffer.slice(frame.byteOffset, frame.byteOffset + frame.byteLength) as ArrayBuffer,
      );
      post({ type: "audio", pcm }, [pcm.buffer]);
    }
    recorder.stop();
  } finally {
    recorder.release();
  }
  post({ type: "stopped" });
} catch (error) {
  post({ type: "failed", message: error instanceof Error ? error.message : String(error) });
}
