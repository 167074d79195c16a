/** Recording through the system's own programs, where the addon does not load. */
import { spawn } from "node:child_process";
import { recordFrom } from "./child-recorder.js";
import { type OpenRecorder, RECORDER_SAMPLE_RATE } from "./recorder.js";

/** A program that writes raw PCM to stdout. */
export interface RecordingCommand {
  program: string;
  args(device: string | undefined): string[];
}

const rate = String(RECORDER_SAMPLE_RATE);

/** In the order in which they are tried. */
export const RECORDING_COMMANDS: readonly RecordingCommand[] = [
  {
    program: "parec",
    // Without a latency of its own, PulseAudio delivers up to two seconds at a time.
    args: (device) => [
      ...["--raw", "--format=s16le", `--rate=${rate}`, "--channels=1", "--latency-msec=32"],
      ...(device === undefined ? [] : [`--device=${device}`]),
    ],
  },
  {
    program: "arecord",
    args: (device) => [
      ...["-q", "-t", "raw", "-f", "S16_LE", "-r", rate, "-c", "1"],
      ...(device === undefined ? [] : ["-D", device]),
    ],
  },
  {
    program: "sox",
    args: () => ["-q", "-d", "-t", "raw", "-e", "signed", "-b", "16", "-r", rate, "-c", "1", "-"],
  },
];

/** @param command the program to use; numbered devices are unknown to it. */
export function commandRecorder({ program, args }: RecordingCommand): OpenRecorder {
  return async (device, handlers) => {
    if (typeof device === "number") throw new Error(`${program} does not know devices by number`);
    const child = spawn(program, args(device), { stdio: ["ignore", "pipe", "pipe"] });
    return recordFrom(child, handlers, { program, deviceName: () => `${device ?? "default"} (${program})` });
  };
}
