/** Which microphones there are. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { SttError } from "@stt/core";
import { pvDevices } from "./pv-recorder.js";

export interface MicrophoneInfo {
  /** Number for `microphone({ device })`; absent where only the name can be used. */
  index: number | null;
  name: string;
}

/**
 * Lists microphones; empty when there is none.
 *
 * @throws SttError `microphone_unavailable` when no way of asking works on this machine
 */
export async function listMicrophones(): Promise<MicrophoneInfo[]> {
  try {
    return await pvDevices();
  } catch (cause) {
    try {
      return await pulseSources();
    } catch {
      throw new SttError(
        "microphone_unavailable",
        "Microphones cannot be listed on this machine: install pulseaudio-utils, or connect a sound card.",
        { cause },
      );
    }
  }
}

async function pulseSources(): Promise<MicrophoneInfo[]> {
  const { stdout } = await promisify(execFile)("pactl", ["list", "short", "sources"]);
  const names = stdout.split("\n").map((line) => line.split("\t")[1]);
  return names.filter((name) => name !== undefined).map((name) => ({ index: null, name }));
}
