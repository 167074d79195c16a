/** A recording that another process writes to its stdout as raw PCM. */
import type { ChildProcess } from "node:child_process";
import type { Recorder, RecorderHandlers } from "./recorder.js";
import { untilFirstAudio } from "./recorder-start.js";

/** How long a process may take to end after it was asked, milliseconds: a hanging device may keep it from listening. */
const STOP_GRACE_MS = 500;

export interface ChildRecorderOptions {
  /** For error sentences. */
  program: string;
  /** Known once audio flows. */
  deviceName(): string;
  /** What the process said of its failure; else the last line of its stderr is used. */
  failure?(): string | undefined;
}

/** Resolves with the first audio. @throws Error when the process cannot be run, ends, or stays silent */
export async function recordFrom(
  child: ChildProcess,
  outer: RecorderHandlers,
  options: ChildRecorderOptions,
): Promise<Recorder> {
  let stopping = false;
  let ended = false;
  let complaint = "";
  let odd: Buffer = Buffer.alloc(0);
  let grace: NodeJS.Timeout | undefined;
  const stop = () => {
    if (stopping || ended) return;
    stopping = true;
    child.kill("SIGTERM");
    grace = setTimeout(() => child.kill("SIGKILL"), STOP_GRACE_MS);
  };
  const { handlers, started } = untilFirstAudio(outer, stop);
  const end = (error?: Error) => {
    if (ended) return;
    ended = true;
    clearTimeout(grace);
    handlers.end(stopping ? undefined : error);
  };
  child.stdout?.on("data", (data: Buffer) => {
    // A pipe cuts where it likes, also within a sample.
    const bytes = odd.length > 0 ? Buffer.concat([odd, data]) : data;
    const whole = bytes.length - (bytes.length % 2);
    odd = bytes.subarray(whole);
    if (whole > 0) handlers.audio(bytes.subarray(0, whole));
  });
  child.stderr?.on("data", (data: Buffer) => {
    complaint = (complaint + data.toString("utf8")).slice(-500);
  });
  child.on("error", (error: NodeJS.ErrnoException) => {
    end(error.code === "ENOENT" ? new Error(`${options.program} is not installed`, { cause: error }) : error);
  });
  child.on("close", (code, signal) => {
    const reason = options.failure?.() || complaint.trim().split("\n").at(-1) || `it ended with ${signal ?? code}`;
    end(new Error(`${options.program}: ${reason}`));
  });
  await started;
  return { device: options.deviceName(), stop };
}
