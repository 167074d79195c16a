import { readFileSync } from "node:fs";
import os from "node:os";

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** CPUs that a container's quota allows (`docker run --cpus`), or infinity. Node 20 does not look at quotas itself. */
function quotaCpus(): number {
  const [quota, period] = read("/sys/fs/cgroup/cpu.max")?.trim().split(" ") ?? [
    read("/sys/fs/cgroup/cpu/cpu.cfs_quota_us")?.trim(),
    read("/sys/fs/cgroup/cpu/cpu.cfs_period_us")?.trim(),
  ];
  const cpus = Number(quota) / Number(period);
  return cpus > 0 ? cpus : Number.POSITIVE_INFINITY;
}

/** Physical cores of a Linux machine, or infinity where that cannot be told. */
function physicalCores(): number {
  const blocks = read("/proc/cpuinfo")?.split("\n\n") ?? [];
  const cores = new Set<string>();
  for (const block of blocks) {
    const core = /^core id\s*:\s*(\d+)/m.exec(block)?.[1];
    if (core !== undefined) cores.add(`${/^physical id\s*:\s*(\d+)/m.exec(block)?.[1]}/${core}`);
  }
  return cores.size > 0 ? cores.size : Number.POSITIVE_INFINITY;
}

/**
 * Cores that inference may use, at least 1: affinity, container quota and physical cores, whichever is least.
 *
 * ggml's threads spin while they wait for each other, so one thread too many costs far more than one too few, and two
 * threads on the halves of one core gain nothing.
 */
export function inferenceCores(): number {
  return Math.max(1, Math.floor(Math.min(os.availableParallelism(), physicalCores(), quotaCpus())));
}
