import { stat } from "node:fs/promises";
import type { Config } from "@stt/core/config";
import { queryGpus } from "../machine/gpus.js";
import { inferenceCores } from "../machine/inference-cores.js";

/** Whisper's `tiny` and everything below it. */
const SMALL_MODEL_BYTES = 100_000_000;

/**
 * How many decodes run at the same time.
 *
 * On a CPU a large model wants all cores for one decode, since somebody waits for it. A small one decodes an utterance on one
 * core within the silence that ends it; there, one lane a core carries more sessions, and no thread waits for another.
 *
 * @returns 0 to leave the choice to the engine, as on a GPU.
 */
export async function lanesFor(config: Config, modelPath: string): Promise<number> {
  if (config.inferenceLanes > 0) return config.inferenceLanes;
  if (config.device !== "cpu" && (await queryGpus()).length > 0) return 0;
  const { size } = await stat(modelPath);
  return size < SMALL_MODEL_BYTES ? inferenceCores() : 1;
}
