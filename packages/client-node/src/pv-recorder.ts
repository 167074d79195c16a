/** Recording through pvrecorder, whose binaries come with the package; in a process of its own, see `microphone.worker.ts`. */
import { type ChildProcess, fork } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { recordFrom } from "./child-recorder.js";
import type { WorkerMessage } from "./microphone.worker.js";
import { type OpenRecorder, RECORDER_FRAME_SAMPLES } from "./recorder.js";

/** A device of the list. */
export interface PvDevice {
  index: number;
  name: string;
}

/** ALSA lists its plugins among the devices. */
const ALSA_PLUGIN =
  /^(Discard all samples|Rate Converter Plugin|JACK Audio Connection Kit|Open Sound System|PulseAudio Sound Server|Plugin )/;

export const openPvRecorder: OpenRecorder = async (device, handlers) => {
  const index = typeof device === "string" ? await indexOf(device) : (device ?? -1);
  const child = forkWorker("record", String(RECORDER_FRAME_SAMPLES), String(index));
  let name = "";
  let failure: string | undefined;
  child.on("message", (message: WorkerMessage) => {
    if (message.type === "started") name = message.device;
    if (message.type === "failed") failure = message.message;
  });
  return recordFrom(child, handlers, { program: "pvrecorder", deviceName: () => name, failure: () => failure });
};

/** The devices that pvrecorder can open. @throws when it does not load on this machine */
export async function pvDevices(): Promise<PvDevice[]> {
  const child = forkWorker("list");
  child.stdout?.resume();
  child.stderr?.resume();
  const names = await new Promise<string[]>((resolve, reject) => {
    child.on("message", (message: WorkerMessage) => {
      if (message.type === "devices") resolve(message.names);
      if (message.type === "failed") reject(new Error(message.message));
    });
    child.on("error", reject);
    child.on("close", (code, signal) => reject(new Error(`pvrecorder ended with ${signal ?? code}`)));
  });
  return names.map((name, index) => ({ index, name })).filter(({ name }) => !ALSA_PLUGIN.test(name));
}

async function indexOf(name: string): Promise<number> {
  const device = (await pvDevices()).find((candidate) => candidate.name === name);
  if (!device) throw new Error(`there is no microphone called "${name}"`);
  return device.index;
}

function forkWorker(...args: string[]): ChildProcess {
  return fork(workerPath(), args, {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // None of the parent's flags: a debugger's port, for one, is taken.
    execArgv: [],
    env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
  });
}

/** The worker is built beside the library and one folder above the command; tests run from the sources. */
function workerPath(): string {
  const places = ["./microphone.worker.js", "../microphone.worker.js", "../dist/microphone.worker.js"];
  const paths = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const found = paths.find((path) => existsSync(path));
  if (!found) throw new Error("microphone.worker.js is missing beside the package's index.js");
  return found;
}
