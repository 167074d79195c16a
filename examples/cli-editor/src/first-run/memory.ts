/** That the first run is over, and which microphone was chosen in it. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { writeFileWhole } from "@stt/client-node/cli";

export interface FirstRunMemory {
  isOver: boolean;
  /** Name of the microphone; undefined for the system's. */
  device: string | undefined;
}

/** @param folder where the program remembers things of its user */
export function recallFirstRun(folder: string): FirstRunMemory {
  try {
    const { device } = JSON.parse(readFileSync(fileIn(folder), "utf8")) as { device?: unknown };
    return { isOver: true, device: typeof device === "string" ? device : undefined };
  } catch {
    return { isOver: false, device: undefined };
  }
}

/** @throws errors of the system */
export function rememberFirstRun(folder: string, device: string | undefined): void {
  writeFileWhole(fileIn(folder), `${JSON.stringify({ device })}\n`, { mode: 0o600, durable: false });
}

function fileIn(folder: string): string {
  return path.join(folder, "first-run.json");
}
