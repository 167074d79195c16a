import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** A GPU as the driver's own tool reports it; memory in MiB. */
export interface GpuStatus {
  name: string;
  totalMiB: number;
  usedMiB: number;
  freeMiB: number;
  /** Share of the time in which it computed, 0..1. */
  utilisation?: number;
}

/** What `nvidia-smi` is asked for, in the order of {@link parseGpuLine}. */
export const GPU_FIELDS = "name,memory.total,memory.used,memory.free,utilization.gpu";

/** One line of `nvidia-smi --format=csv,noheader,nounits`; undefined when it is something else. */
export function parseGpuLine(line: string): GpuStatus | undefined {
  const [name = "", total, used, free, busy] = line.split(",").map((part) => part.trim());
  if (name === "" || !Number.isFinite(Number(total))) return undefined;
  const utilisation = Number(busy) / 100;
  return {
    name,
    totalMiB: Number(total),
    usedMiB: Number(used),
    freeMiB: Number(free),
    // Some cards answer "[N/A]".
    ...(Number.isFinite(utilisation) ? { utilisation } : {}),
  };
}

/** The GPUs of this machine; empty where there is no NVIDIA driver. */
export async function queryGpus(): Promise<GpuStatus[]> {
  try {
    const { stdout } = await promisify(execFile)(
      "nvidia-smi",
      [`--query-gpu=${GPU_FIELDS}`, "--format=csv,noheader,nounits"],
      { timeout: 5000 },
    );
    return stdout.split("\n").flatMap((line) => parseGpuLine(line) ?? []);
  } catch {
    return [];
  }
}
