import { join } from "node:path";
import type { EngineMemory, TranscriptionEngine } from "@stt/core";
import type { Config } from "@stt/core/config";
import { cacheDirectory } from "../../scripts/native-cache.mjs";
import { type ResolvedModel, resolveModel } from "../models/resolve-model.js";
import type { Log } from "../observability/log.js";
import { lanesFor } from "./lanes.js";
import { createRemoteEngine } from "./remote/create-remote-engine.js";
import { createWhisperEngine } from "./whisper/create-whisper-engine.js";

/** The engine of finals and the engine of partials; one and the same where one model serves both. */
export interface Engines {
  final: TranscriptionEngine;
  partial: TranscriptionEngine;
  /** Whether `partial` may be asked for live text. */
  livePartials: boolean;
  memory(): Promise<EngineMemory>;
  close(): Promise<void>;
}

/** A decoding that is so many times slower than speech counts as hung. */
const HANG_FACTOR = 10;

/** Where named models lie unless MODEL_DIR says otherwise. */
export function modelDirectory(config: Pick<Config, "modelDir">): string {
  return config.modelDir || join(cacheDirectory(), "models");
}

/** The models a configuration asks for, found on disk. */
export function resolveModels(config: Config): { final: ResolvedModel; partial: ResolvedModel } {
  const directory = modelDirectory(config);
  const final = resolveModel(config.whisperModel, directory, "WHISPER_MODEL");
  return { final, partial: realtimeModel(config, directory, final) };
}

function realtimeModel(config: Config, directory: string, final: ResolvedModel): ResolvedModel {
  if (config.realtimeModelType !== "auto")
    return resolveModel(config.realtimeModelType, directory, "REALTIME_MODEL_TYPE");
  // A model given by path or the built-in one may be the only one there is: it serves both then.
  const fastest = resolveModel("fastest", directory, "REALTIME_MODEL_TYPE");
  return final.embedded || fastest.embedded ? final : fastest;
}

/**
 * Engines passed in are taken as they are; the others are whisper.cpp with the configured models, or the remote API.
 *
 * @throws SttError `model_not_found`, `bad_model`, `native_unavailable`; `invalid_config` or `engine_failed` of the remote API.
 */
export async function loadEngines(
  config: Config,
  given: { engine?: TranscriptionEngine; realtimeEngine?: TranscriptionEngine },
  log: Log,
): Promise<Engines> {
  if (given.engine) return engines(given.engine, given.realtimeEngine ?? given.engine);
  if (config.engine === "remote") return remoteEngines(config, given.realtimeEngine, log);
  const models = resolveModels(config);
  if (models.final.notice) log.warn({}, models.final.notice);
  const concurrency = await lanesFor(config, models.final.path);
  const load = (model: ResolvedModel) => loadWhisper(config, model, concurrency, log);
  const final = await load(models.final);
  if (given.realtimeEngine) return engines(final, given.realtimeEngine);
  if (models.partial.path === models.final.path || !config.enableRealtimeTranscription) return engines(final, final);
  try {
    return engines(final, await load(models.partial));
  } catch (error) {
    await final.close();
    throw error;
  }
}

function loadWhisper(
  config: Config,
  model: ResolvedModel,
  concurrency: number,
  log: Log,
): Promise<TranscriptionEngine> {
  return createWhisperEngine({
    modelPath: model.path,
    modelName: model.name,
    device: config.device,
    threads: config.whisperThreads,
    concurrency,
    isolation: config.engineIsolation,
    jobTimeoutMs: (audioMs) => config.inferenceTimeoutMs + HANG_FACTOR * audioMs,
    log,
  });
}

/** Finals from afar; live text from there too, or from a local model, or from nowhere. */
async function remoteEngines(
  config: Config,
  realtimeEngine: TranscriptionEngine | undefined,
  log: Log,
): Promise<Engines> {
  const final = await createRemoteEngine(config);
  try {
    if (realtimeEngine) return engines(final, realtimeEngine);
    if (config.remotePartials || !config.enableRealtimeTranscription) return engines(final, final);
    const local = localRealtimeModel(config);
    if (local) return engines(final, await loadWhisper(config, local, await lanesFor(config, local.path), log));
    log.warn({}, NO_LIVE_TEXT);
    return engines(final, final, false);
  } catch (error) {
    await final.close();
    throw error;
  }
}

const NO_LIVE_TEXT =
  "There is no live text: no Whisper model is on disk for it. Set REALTIME_MODEL_TYPE, or REMOTE_PARTIALS=true to have it decoded at REMOTE_URL.";

/** The built-in model knows synthetic voices only: beside a remote engine, which knows real ones, it serves only who names it. */
export function localRealtimeModel(config: Config): ResolvedModel | undefined {
  const wanted = config.realtimeModelType === "auto" ? "fastest" : config.realtimeModelType;
  const model = resolveModel(wanted, modelDirectory(config), "REALTIME_MODEL_TYPE");
  return model.embedded && config.realtimeModelType === "auto" ? undefined : model;
}

function engines(final: TranscriptionEngine, partial: TranscriptionEngine, livePartials = true): Engines {
  const all = [...new Set([final, partial])];
  return {
    final,
    partial,
    livePartials,
    async memory() {
      const figures: EngineMemory[] = await Promise.all(all.map(async (engine) => (await engine.memory?.()) ?? {}));
      const total = (name: "rssBytes" | "cpuMs") => {
        const known = figures.flatMap((figure) => figure[name] ?? []);
        return known.length > 0 ? { [name]: known.reduce((sum, each) => sum + each, 0) } : {};
      };
      return { ...figures[0], ...total("rssBytes"), ...total("cpuMs") };
    },
    async close() {
      await Promise.all(all.map((engine) => engine.close()));
    },
  };
}
