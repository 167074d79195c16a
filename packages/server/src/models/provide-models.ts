import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { isSttError, messageOf, SttError } from "@stt/core";
import { type Config, EMBEDDED_MODEL, isModelPath } from "@stt/core/config";
import type { Log } from "../observability/log.js";
import { modelFileName } from "./catalog.js";
import { AUTO_MODELS, describeMachine, type Machine, modelToFetch, suitableModels } from "./choose-model.js";
import { type DownloadProgress, downloadModel } from "./download.js";
import { modelDirectory } from "./model-folder.js";
import { isReachable } from "./reachability.js";
import { embeddedModel, type ResolvedModel, resolveModel } from "./resolve-model.js";

/** The models of a server. */
export interface ProvidedModels {
  final: ResolvedModel;
  partial: ResolvedModel;
}

export interface ProvideOptions {
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
 * The models that a configuration asks for, fetched where they are not on disk. `auto` never fails: without anything on disk
 * and without a network it is the built-in model. A name does fail: an operator who asked for it wants nothing else.
 *
 * @throws SttError `model_not_found`, `aborted`
 */
export async function provideModels(config: ModelConfig, options: ProvideOptions): Promise<ProvidedModels> {
  const directory = modelDirectory(config);
  const provider = new Provider(config, directory, options);
  const final =
    config.whisperModel === "auto" ? await provider.auto() : await provider.named(config.whisperModel, "WHISPER_MODEL");
  if (!config.enableRealtimeTranscription) return { final, partial: final };
  if (config.realtimeModelType !== "auto") {
    return { final, partial: await provider.named(config.realtimeModelType, "REALTIME_MODEL_TYPE") };
  }
  // A model given by path or the built-in one may be the only one there is: it serves both then.
  const quickest = provider.quickest();
  const partial =
    final.embedded || quickest === undefined ? final : resolveModel(quickest, directory, "REALTIME_MODEL_TYPE");
  return { final, partial };
}

/**
 * The model of live text beside a remote engine; undefined where REALTIME_MODEL_TYPE is `auto` and none is on disk: the built-in
 * model knows synthetic voices only, and serves only who names it.
 *
 * @throws SttError `model_not_found`, `aborted`
 */
export async function provideRealtimeModel(
  config: ModelConfig,
  options: ProvideOptions,
): Promise<ResolvedModel | undefined> {
  const directory = modelDirectory(config);
  const provider = new Provider(config, directory, options);
  if (config.realtimeModelType !== "auto") return provider.named(config.realtimeModelType, "REALTIME_MODEL_TYPE");
  const quickest = provider.quickest();
  return quickest === undefined ? undefined : resolveModel(quickest, directory, "REALTIME_MODEL_TYPE");
}

class Provider {
  readonly #config: ModelConfig;
  readonly #directory: string;
  readonly #options: ProvideOptions;

  constructor(config: ModelConfig, directory: string, options: ProvideOptions) {
    this.#config = config;
    this.#directory = directory;
    this.#options = options;
  }

  has(name: string): boolean {
    return existsSync(path.join(this.#directory, modelFileName(name)));
  }

  quickest(): string | undefined {
    return AUTO_MODELS.findLast((name) => this.has(name));
  }

  async named(wanted: string, variable: string): Promise<ResolvedModel> {
    const local = wanted === EMBEDDED_MODEL || isModelPath(wanted) || this.has(wanted);
    if (local || !this.#mayDownload) return resolveModel(wanted, this.#directory, variable);
    try {
      await this.#download(wanted);
    } catch (error) {
      if (isSttError(error) && error.code === "aborted") throw error;
      throw new SttError(
        "model_not_found",
        `${variable}=${wanted}: the model is not in ${this.#directory} and could not be fetched. ${messageOf(error)} Without a network put ${modelFileName(wanted)} there, set ${variable} to the path of a file, or to micro (built in, synthetic voices only).`,
        { cause: error },
      );
    }
    return resolveModel(wanted, this.#directory, variable);
  }

  async auto(): Promise<ResolvedModel> {
    const { machine, log } = this.#options;
    const suitable = suitableModels(machine);
    const best = suitable.find((name) => this.has(name));
    if (best !== undefined) {
      log.info({ model: best }, `WHISPER_MODEL=auto: ${best}, the best on disk for ${describeMachine(machine)}.`);
      return resolveModel(best, this.#directory, "WHISPER_MODEL");
    }
    const least = this.quickest();
    if (least !== undefined) {
      log.warn(
        { model: least },
        `WHISPER_MODEL=auto: ${least}, the smallest on disk, though it is large for ${describeMachine(machine)}. \`stt-server models pull ${suitable[0] ?? "tiny"}\` fetches one that suits.`,
      );
      return resolveModel(least, this.#directory, "WHISPER_MODEL");
    }
    const fetched = await this.#fetchAuto();
    return fetched ?? embeddedModel(this.#directory);
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
