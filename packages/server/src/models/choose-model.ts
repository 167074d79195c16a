import { existsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Config } from "@stt/core/config";
import { addonCandidates } from "../../scripts/native-cache.mjs";
import type { GpuStatus } from "../machine/gpus.js";
import { inferenceCores } from "../machine/inference-cores.js";
import { visibleGpus } from "../machine/visible-gpus.js";

/** What models run on. */
export interface Machine {
  device: "cuda" | "cpu";
  /** Free memory of the device: of the GPU that has least, or of the machine. */
  freeBytes: number;
  /** Cores for inference; a GPU needs none. */
  cores: number;
}

const GIB = 2 ** 30;

/**
 * What `auto` chooses from, best first, with the least a machine needs to answer in time. `cost` is the time of a decode beside that of base:
 * measured up to medium (docs/benchmarks.md), above estimated by the size of the encoder.
 */
const NEEDS: readonly { name: string; gpuBytes: number; ramBytes: number; cores: number; cost: number }[] = [
  { name: "large-v3", gpuBytes: 6 * GIB, ramBytes: 6 * GIB, cores: Number.POSITIVE_INFINITY, cost: 26 },
  { name: "large-v3-turbo", gpuBytes: 3 * GIB, ramBytes: 4 * GIB, cores: Number.POSITIVE_INFINITY, cost: 24 },
  { name: "medium", gpuBytes: 3 * GIB, ramBytes: 4 * GIB, cores: 16, cost: 11.4 },
  { name: "small", gpuBytes: 1.5 * GIB, ramBytes: 2 * GIB, cores: 6, cost: 3.3 },
  { name: "base", gpuBytes: GIB, ramBytes: GIB, cores: 2, cost: 1 },
  { name: "tiny", gpuBytes: 0.6 * GIB, ramBytes: 0.6 * GIB, cores: 1, cost: 0.55 },
];

/** A final of five seconds of speech is decoded in time when it is there within this time, milliseconds. */
const IN_TIME_MS = 1000;

/** What `auto` looks for on disk, best first. */
export const AUTO_MODELS: readonly string[] = NEEDS.map(({ name }) => name);

/** The models that a machine carries in time, best first; possibly none. */
export function suitableModels({ device, freeBytes, cores }: Machine): string[] {
  return NEEDS.filter((need) =>
    device === "cuda" ? need.gpuBytes <= freeBytes : need.ramBytes <= freeBytes && need.cores <= cores,
  ).map(({ name }) => name);
}

/** The one that is fetched where there is none: large-v3-turbo before large-v3, which is twice the size and little better. */
export function modelToFetch(machine: Machine): string | undefined {
  return suitableModels(machine).find((name) => name !== "large-v3");
}

/**
 * The best model that a machine decodes in time, by what another one takes on it; undefined where that is none better than the present one.
 *
 * @param present the model in use.
 * @param decodeMs what it takes for five seconds of audio, milliseconds.
 */
export function betterModel({ device, freeBytes }: Machine, present: string, decodeMs: number): string | undefined {
  const own = NEEDS.find(({ name }) => name === present);
  if (!own) return undefined;
  return NEEDS.slice(0, NEEDS.indexOf(own)).find(
    ({ name, gpuBytes, ramBytes, cost }) =>
      name !== "large-v3" &&
      (device === "cuda" ? gpuBytes : ramBytes) <= freeBytes &&
      (decodeMs * cost) / own.cost <= IN_TIME_MS,
  )?.name;
}

/** The time that one model takes as a share of another's, whatever the machine; undefined where nothing is known of one of them. */
export function timeShare(model: string, of: string): number | undefined {
  const [time, whole] = [model, of].map((name) => NEEDS.find((need) => need.name === familyOf(name).family)?.cost);
  return time === undefined || whole === undefined ? undefined : time / whole;
}

/** Models that decode in less time than another, best first; none where nothing is known of it. */
export function lighterModels(present: string): string[] {
  const { english } = familyOf(present);
  return NEEDS.filter(({ name }) => (timeShare(name, present) ?? 1) < 1).map(({ name }) =>
    name.startsWith("large") ? name : name + english,
  );
}

/** A model's name without its quantisation and the like. */
function familyOf(model: string): { family: string; english: string } {
  const [, name = model, english = ""] = /^(.+?)(\.en)?(?:-q\d_\d)?$/.exec(model) ?? [];
  return { family: name.replace(/-v[12]$/, "-v3"), english };
}

/** This machine, as far as a configuration lets models use it. */
export function thisMachine(
  config: Pick<Config, "device">,
  gpus: readonly GpuStatus[],
  env: NodeJS.ProcessEnv = process.env,
): Machine {
  const cores = inferenceCores();
  const usable = visibleGpus(gpus.length, env.CUDA_VISIBLE_DEVICES);
  const named = usable.flatMap((entry) => gpus[Number(entry)] ?? []);
  // A GPU without a build for it computes nothing.
  if (config.device !== "cpu" && usable.length > 0 && addonCandidates({ preferCuda: true }, env).some(isCudaBuild)) {
    const free = (named.length > 0 ? named : gpus).map(({ freeMiB }) => freeMiB * 2 ** 20);
    return { device: "cuda", freeBytes: Math.min(...free), cores };
  }
  return { device: "cpu", freeBytes: availableMemory(), cores };
}

/** For the end of a sentence: `2 CPU cores and 5.1 GB of free memory`. */
export function describeMachine({ device, freeBytes, cores }: Machine): string {
  const memory = `${(freeBytes / 1e9).toFixed(1)} GB of free memory`;
  return device === "cuda" ? `a GPU with ${memory}` : `${cores} CPU core${cores === 1 ? "" : "s"} and ${memory}`;
}

/** Bytes that this process can still take; a container's limit counts. */
export function availableMemory(): number {
  const { availableMemory: available } = process as { availableMemory?: () => number };
  return available?.call(process) ?? os.freemem();
}

/** A portable build has CUDA in a library beside the addon; of one for this machine alone the directory's name tells. */
function isCudaBuild(addon: string): boolean {
  const directory = path.dirname(addon);
  const libraries = ["libggml-cuda.so", "ggml-cuda.dll"].map((name) => path.join(directory, name));
  return path.basename(directory).includes("cuda") || libraries.some((library) => existsSync(library));
}
