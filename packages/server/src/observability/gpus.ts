import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** A GPU as the driver's own tool reports it; memory in MiB. */
export interface GpuStatus {
  name: string;
  totalMiB: number;
  usedMiB: number;
  freeMiB: number;
}

/** The GPUs of this machine; empty where there is no NVIDIA driver. */
export async function queryGpus(): Promise<GpuStatus[]> {
  try {
    const query = "--query-gpu=name,memory.total,memory.used,memory.free";
    const { stdout } = await promisify(execFile)("nvidia-smi", [query, "--format=csv,noheader,nounits"], {
      timeout: 5000,
    });
    return stdout
      .trim()
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        const [name = "", total, used, free] = line.split(",").map((part) => part.trim());
        return { name, totalMiB: Number(total), usedMiB: Number(used), freeMiB: Number(free) };
      });
  } catch {
    return [];
  }
}
