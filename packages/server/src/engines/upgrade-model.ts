import { ENGINE_SAMPLE_RATE, messageOf, type TranscriptionEngine } from "@stt/core";
import type { Config } from "@stt/core/config";
import { modelFileName } from "../models/catalog.js";
import { betterModel, type Machine } from "../models/choose-model.js";
import { modelDirectory } from "../models/model-folder.js";
import type { ModelPulls } from "../models/model-pulls.js";
import { isReachable } from "../models/reachability.js";
import { findModel } from "../models/resolve-model.js";
import type { Log } from "../observability/log.js";
import type { ModelSwitcher } from "./model-switcher.js";

export interface UpgradeOptions {
  config: Pick<Config, "modelDir" | "modelBaseUrl" | "modelDownload">;
  machine: Machine;
  /** Decodes finals at present. */
  engine: TranscriptionEngine;
  pulls: Pick<ModelPulls, "start" | "ended">;
  switcher: Pick<ModelSwitcher, "switch">;
  log: Log;
  signal: AbortSignal;
}

const MEASURED_SECONDS = 5;

/**
 * With `WHISPER_MODEL=auto`, once sessions are served: measures how quickly this machine decodes, fetches the best model that it decodes in
 * time, and switches over to it. Without a network nothing happens. Never rejects: the model in use goes on.
 *
 * @returns the name of the model that has taken over, if any.
 */
export async function upgradeModel(options: UpgradeOptions): Promise<string | undefined> {
  const { log, signal } = options;
  try {
    return await upgrade(options);
  } catch (error) {
    if (!signal.aborted) log.warn({}, `WHISPER_MODEL=auto: no better model was taken into use. ${messageOf(error)}`);
    return undefined;
  }
}

async function upgrade({ config, machine, engine, pulls, switcher, log, signal }: UpgradeOptions) {
  const { model: present } = engine.info;
  const decodeMs = await measureDecode(engine, signal);
  const better = betterModel(machine, present, decodeMs);
  log.debug({ model: present, decodeMs, better }, "WHISPER_MODEL=auto: the speed of this machine was measured");
  if (better === undefined) return undefined;
  const directory = modelDirectory(config);
  if (!findModel(better, directory)) {
    if (!config.modelDownload) return undefined;
    if (!(await isReachable(`${config.modelBaseUrl}/${modelFileName(better)}`, directory, signal))) return undefined;
    log.info(
      { model: better },
      `WHISPER_MODEL=auto: ${better} suits this machine better, which decodes ${MEASURED_SECONDS} s of audio with ${present} in ${(decodeMs / 1000).toFixed(2)} s. It is fetched in the background while ${present} serves.`,
    );
    pulls.start(better);
    const { state } = await pulls.ended(better);
    if (state !== "done") return undefined;
  }
  // An operator who chose a model meanwhile knows better.
  if (signal.aborted || engine.info.model !== present) return undefined;
  await switcher.switch({ final: better });
  log.info({ model: better }, `WHISPER_MODEL=auto: ${better} has taken over from ${present}.`);
  return better;
}

/** Milliseconds for five seconds of faint noise, the better of two attempts: sessions may run beside it. */
async function measureDecode(engine: TranscriptionEngine, signal: AbortSignal): Promise<number> {
  const audio = new Float32Array(MEASURED_SECONDS * ENGINE_SAMPLE_RATE).map(() => (Math.random() - 0.5) * 0.01);
  let best = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 2; attempt++) {
    const { computeMs } = await engine.transcribe(audio, { language: "en", temperatureFallback: false }, signal);
    best = Math.min(best, computeMs);
  }
  return best;
}
