import type { EngineMemory, TranscriptionEngine } from "@stt/core";
import type { Config } from "@stt/core/config";
import { queryGpus } from "../machine/gpus.js";
import { visibleGpus } from "../machine/visible-gpus.js";
import { thisMachine } from "../models/choose-model.js";
import type { DownloadProgress } from "../models/download.js";
import { type EnsureModelsOptions, ensureModels, ensureRealtimeModel } from "../models/ensure-models.js";
import type { ResolvedModel } from "../models/resolved-model.js";
import type { Log } from "../observability/log.js";
import { CurrentEngine, SharedEngine } from "./current-engine.js";
import { EnginePool } from "./engine-pool.js";
import { lanesFor } from "./lanes.js";
import { createRemoteEngine } from "./remote/create-remote-engine.js";
import { createWhisperEngine } from "./whisper/create-whisper-engine.js";

/** The engine of finals and the engine of partials; behind both may be the same one. */
export interface Engines {
  final: CurrentEngine;
  partial: CurrentEngine;
  /** Whether `partial` may be asked for live text. */
  livePartials: boolean;
  /** Opens a further Whisper model as these were opened; undefined for engines that were passed in. */
  open?(model: ResolvedModel): Promise<TranscriptionEngine>;
  memory(): Promise<EngineMemory>;
  close(): Promise<void>;
}

/** A decoding that is so many times slower than speech counts as hung. */
const HANG_FACTOR = 10;

export interface LoadOptions {
  log: Log;
  onDownload?(progress: DownloadProgress): void;
  signal?: AbortSignal;
}

/**
 * Engines passed in are taken as they are; the others are whisper.cpp with the configured models, fetched where they are not on
 * disk, or the remote API.
 *
 * @throws SttError `model_not_found`, `bad_model`, `native_unavailable`, `aborted`; `invalid_config` or `engine_failed` of the
 * remote API.
 */
export async function loadEngines(
  config: Config,
  given: { engine?: TranscriptionEngine; realtimeEngine?: TranscriptionEngine },
  { log, onDownload, signal }: LoadOptions,
): Promise<Engines> {
  if (given.engine) return engines(given.engine, given.realtimeEngine ?? given.engine);
  const gpus = await queryGpus();
  const options: EnsureModelsOptions = {
    machine: thisMachine(config, gpus),
    log,
    ...(onDownload ? { onProgress: onDownload } : {}),
    ...(signal ? { signal } : {}),
  };
  if (config.engine === "remote") return remoteEngines(config, given.realtimeEngine, options, gpus.length);
  const models = await ensureModels(config, options);
  const concurrency = await lanesFor(config, models.final.path);
  const open = (model: ResolvedModel) => openWhisper(config, model, { concurrency, gpus: gpus.length, log });
  const final = await open(models.final);
  if (given.realtimeEngine) return engines(final, given.realtimeEngine, open);
  if (models.partial.path === models.final.path) return engines(final, final, open);
  try {
    return engines(final, await open(models.partial), open);
  } catch (error) {
    await final.close();
    throw error;
  }
}

/** One inference process, or one for each of several GPUs. */
export async function openWhisper(
  config: Pick<Config, "device" | "whisperThreads" | "engineIsolation" | "inferenceTimeoutMs">,
  model: ResolvedModel,
  { concurrency, gpus, log }: { concurrency: number; gpus: number; log: Log },
): Promise<TranscriptionEngine> {
  const open = (cudaDevice?: string) =>
    createWhisperEngine({
      modelPath: model.path,
      modelName: model.name,
      device: config.device,
      threads: config.whisperThreads,
      concurrency,
      isolation: config.engineIsolation,
      jobTimeoutMs: (audioMs) => config.inferenceTimeoutMs + HANG_FACTOR * audioMs,
      log,
      ...(cudaDevice === undefined ? {} : { cudaDevice }),
    });
  const usable = config.device === "cpu" ? [] : visibleGpus(gpus, process.env.CUDA_VISIBLE_DEVICES);
  if (usable.length < 2 || config.engineIsolation !== "process") return open();
  const first = await open(usable[0]);
  // The driver is there, but nothing that computes on it: a process for each GPU would share the same cores.
  if (first.info.actualDevice !== "cuda") return first;
  const others = await Promise.allSettled(usable.slice(1).map(open));
  const opened = others.flatMap((other) => (other.status === "fulfilled" ? [other.value] : []));
  const failed = others.find((other) => other.status === "rejected");
  if (failed) {
    await Promise.all([first, ...opened].map((engine) => engine.close()));
    throw failed.reason;
  }
  log.info({ gpus: usable }, `${model.name} runs on ${usable.length} GPUs, one process each`);
  return new EnginePool([first, ...opened]);
}

/** Finals from afar; live text from there too, or from a local model, or from nowhere. */
async function remoteEngines(
  config: Config,
  realtimeEngine: TranscriptionEngine | undefined,
  options: EnsureModelsOptions,
  gpus: number,
): Promise<Engines> {
  const { log } = options;
  const final = await createRemoteEngine(config);
  try {
    if (realtimeEngine) return engines(final, realtimeEngine);
    if (config.remotePartials || !config.enableRealtimeTranscription) return engines(final, final);
    const local = await ensureRealtimeModel(config, options);
    if (local) {
      const concurrency = await lanesFor(config, local.path);
      return engines(final, await openWhisper(config, local, { concurrency, gpus, log }));
    }
    log.warn({}, NO_LIVE_TEXT);
    return engines(final, final, undefined, false);
  } catch (error) {
    await final.close();
    throw error;
  }
}

const NO_LIVE_TEXT =
  "There is no live text: no Whisper model is on disk for it. Set REALTIME_MODEL_TYPE, or REMOTE_PARTIALS=true to have it decoded at REMOTE_URL.";

function engines(
  finalEngine: TranscriptionEngine,
  partialEngine: TranscriptionEngine,
  open?: Engines["open"],
  livePartials = true,
): Engines {
  const shared = new SharedEngine(finalEngine);
  const final = new CurrentEngine(shared);
  const partial = new CurrentEngine(partialEngine === finalEngine ? shared : new SharedEngine(partialEngine));
  const current = () => [...new Set([final.shared.engine, partial.shared.engine])];
  return {
    final,
    partial,
    livePartials,
    ...(open ? { open } : {}),
    async memory() {
      const figures: EngineMemory[] = await Promise.all(
        current().map(async (engine) => (await engine.memory?.()) ?? {}),
      );
      const total = (name: "rssBytes" | "cpuMs") => {
        const known = figures.flatMap((figure) => figure[name] ?? []);
        return known.length > 0 ? { [name]: known.reduce((sum, each) => sum + each, 0) } : {};
      };
      return { ...figures[0], ...total("rssBytes"), ...total("cpuMs") };
    },
    async close() {
      await Promise.all([final.close(), partial.close()]);
    },
  };
}
