import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { GPU_FIELDS, type GpuStatus, parseGpuLine } from "../machine/gpus.js";

const INTERVAL_S = 5;

/** Keeps the figures of all GPUs fresh with one long-lived `nvidia-smi`: starting it anew costs a tenth of a second of CPU. */
export class GpuWatch {
  readonly #child: ChildProcess;
  readonly #gpus = new Map<number, GpuStatus>();

  /** @param initial what was found at the start, one for each GPU */
  constructor(initial: readonly GpuStatus[]) {
    initial.forEach((gpu, index) => {
      this.#gpus.set(index, gpu);
    });
    this.#child = spawn(
      "nvidia-smi",
      [`--query-gpu=index,${GPU_FIELDS}`, "--format=csv,noheader,nounits", "-l", String(INTERVAL_S)],
      { stdio: ["ignore", "pipe", "ignore"] },
    );
    // A driver that goes away leaves the last figures; there is nobody to tell.
    this.#child.on("error", () => {});
    this.#child.unref();
    const output = this.#child.stdout!;
    (output as unknown as { unref(): void }).unref();
    createInterface({ input: output }).on("line", (line) => {
      const [index = "", ...fields] = line.split(",");
      const gpu = parseGpuLine(fields.join(","));
      if (gpu) this.#gpus.set(Number(index), gpu);
    });
  }

  get current(): readonly GpuStatus[] {
    return [...this.#gpus.values()];
  }

  close(): void {
    this.#child.kill();
  }
}
