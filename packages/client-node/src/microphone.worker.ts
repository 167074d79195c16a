/**
 * The process that talks to the sound system through pvrecorder, for `pv-recorder.ts`.
 *
 * A process, not a thread: ALSA writes pages of complaints straight to file descriptor 2, and a native crash must not take the
 * application along. The synchronous read is used because the asynchronous one fails against some PulseAudio sources.
 *
 * Arguments: `list`, or `record FRAME_SAMPLES DEVICE_INDEX`. Audio goes to stdout, messages over the IPC channel.
 */
import { writeSync } from "node:fs";

/** What the process tells its parent. */
export type WorkerMessage =
  | { type: "devices"; names: string[] }
  | { type: "started"; device: string }
  | { type: "failed"; message: string };

/** A source that PulseAudio has put to sleep wakes up slower than a read waits (about a second). */
const MAX_MISSES = 3;

const [mode, frameSamples, deviceIndex] = process.argv.slice(2);

function send(message: WorkerMessage, done?: () => void): void {
  process.send?.(message, undefined, undefined, done);
}

// Without a parent there is nobody to record for.
process.on("disconnect", () => process.exit(0));

try {
  const { PvRecorder } = await import("@picovoice/pvrecorder-node");
  if (mode === "list") {
    send({ type: "devices", names: PvRecorder.getAvailableDevices() }, () => process.disconnect?.());
  } else {
    const recorder = new PvRecorder(Number(frameSamples), Number(deviceIndex));
    process.on("SIGTERM", () => {
      recorder.release();
      process.exit(0);
    });
    recorder.start();
    send({ type: "started", device: recorder.getSelectedDevice() });
    let misses = 0;
    const step = () => {
      // Back to the event loop between frames: signals and the disconnect arrive there.
      setImmediate(step);
      let frame: Int16Array;
      try {
        frame = recorder.readSync();
        misses = 0;
      } catch (error) {
        if (++misses > MAX_MISSES) throw error;
        return;
      }
      writeFully(new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength));
    };
    step();
  }
} catch (error) {
  fail(error);
}

process.on("uncaughtException", fail);

function fail(error: unknown): void {
  send({ type: "failed", message: error instanceof Error ? error.message : String(error) }, () => process.exit(1));
}

function writeFully(bytes: Uint8Array): void {
  for (let from = 0; from < bytes.byteLength; ) {
    try {
      from += writeSync(1, bytes, from);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
  }
}
