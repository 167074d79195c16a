import { type EngineInfo, SttError } from "@stt/core";
import { canonicalModelName } from "@stt/core/config";
import { type ModelChoice, type ModelSwitcher, memoryNeeded } from "../engines/model-switcher.js";
import type { GpuStatus } from "../machine/gpus.js";
import { CATALOG, type CatalogEntry } from "../models/catalog.js";
import { timeShare } from "../models/choose-model.js";
import { embeddedModel } from "../models/embedded-model.js";
import { installedModels, modelDirectory } from "../models/model-folder.js";
import type { ModelPull, ModelPulls } from "../models/model-pulls.js";
import type { Readiness } from "../observability/readiness.js";
import type { Sampler } from "../observability/sampler.js";
import type { ServerLoad } from "../observability/server-load.js";
import { speakersAtOnce } from "../scheduler/capacity.js";
import type { SchedulerLoad } from "../scheduler/load-meter.js";
import type { SessionHost } from "../session/session-host.js";
import type { SessionSummary } from "../session/session-record.js";
import { type Advice, adviseOn } from "./advice.js";
import type { ConfigEntry, LiveConfig } from "./live-config.js";

/** The engines in use, once they are loaded. */
export interface LoadedModels {
  final: EngineInfo;
  partial: EngineInfo;
}

export interface ServerStatus {
  ready: boolean;
  /** What is being waited for; absent when ready. */
  reason?: string;
  uptimeMs: number;
  /** Open sessions. */
  sessions: number;
  /** Sessions with an open utterance. */
  speaking: number;
  /** Absent while models load. */
  load?: SchedulerLoad;
  models?: LoadedModels;
}

/** A model that WHISPER_MODEL can name. */
export interface ModelEntry {
  name: string;
  /** Bytes of its file; absent for the built-in model. */
  bytes?: number;
  /** What it is loaded for now. */
  usedFor: ("final" | "partial")[];
}

/** What finals of a model cost on this machine. */
export interface ModelCost {
  /** Compute time for each second of speech. */
  realtimeFactor: number;
  /** Whether people's speech was decoded with it since the start; otherwise it follows from the one in use. */
  measured: boolean;
  /** How many may speak at once with it; 0 where even one is too much. */
  speakers: number;
}

export interface OperationsOptions {
  host: SessionHost;
  config: LiveConfig;
  readiness: Readiness;
  models(): LoadedModels | undefined;
  /** Absent while models load. */
  switcher(): ModelSwitcher | undefined;
  pulls: ModelPulls;
  load(): ServerLoad;
  figures: Pick<Sampler, "recent" | "forgetRefusals" | "speedOf">;
  /** Empty where there are none. */
  gpus(): readonly GpuStatus[];
}

/** A model that can be fetched or is there. */
export interface CatalogModel extends ModelEntry {
  installed: boolean;
  /** Memory that it takes, about. */
  memoryBytes?: number;
  /** Absent where nothing is known of it. */
  cost?: ModelCost;
  /** The download that was last asked for. */
  pull?: ModelPull;
}

/** What an operator can see and do, whichever way the wish comes: control channel, REST or console. Asks for no credentials. */
export class Operations {
  readonly #options: OperationsOptions;
  readonly #startedAt: number;
  /** What was switched to since the start. */
  #chosen: ModelChoice = {};

  constructor(options: OperationsOptions) {
    this.#options = options;
    this.#startedAt = options.host.clock.now();
  }

  status(): ServerStatus {
    const { host, readiness, models } = this.#options;
    const load = host.load();
    const loaded = models();
    return {
      ...readiness.state(),
      uptimeMs: Math.round(host.clock.now() - this.#startedAt),
      sessions: host.registry.size,
      speaking: host.registry.speaking,
      ...(load ? { load } : {}),
      ...(loaded ? { models: loaded } : {}),
    };
  }

  /** How the server stands and what to do about it; see {@link adviseOn}. */
  advice(): Advice {
    const { host, config, readiness, models, load, figures, gpus } = this.#options;
    return adviseOn({
      draining: readiness.draining,
      load: load(),
      liveSpeakers: host.registry.liveSpeakers,
      scheduler: host.load(),
      engine: models()?.final,
      switchesModels: this.switchesModels,
      gpus: gpus(),
      config: config.current,
      recent: figures.recent(),
    });
  }

  /** See {@link LiveConfig.entries}. */
  config(names?: readonly string[]): ConfigEntry[] {
    return this.#options.config.entries(names);
  }

  /**
   * See {@link LiveConfig.set}.
   *
   * @returns the changed variables as they are now.
   */
  setConfig(values: Readonly<Record<string, unknown>>, by: string): ConfigEntry[] {
    const { config, host } = this.#options;
    config.set(values);
    if ("MAX_SESSIONS" in values) this.#options.figures.forgetRefusals();
    const changed = config.entries(Object.keys(values));
    host.log.info(
      { by, changed: changed.map(({ name, value }) => `${name}=${value}`) },
      "the configuration was changed",
    );
    return changed;
  }

  sessions(): SessionSummary[] {
    return this.#options.host.registry.summaries();
  }

  /** See {@link SessionRegistry.end}. */
  async endSession(id: string): Promise<void> {
    await this.#options.host.registry.end(id);
  }

  /** The model that comes with the server, those in the model folder, and whichever are loaded from elsewhere. */
  async models(): Promise<ModelEntry[]> {
    const embedded = embeddedModel();
    const entries = new Map<string, ModelEntry>(
      embedded ? [[embedded.name, { name: embedded.name, bytes: embedded.sizeBytes, usedFor: [] }]] : [],
    );
    for (const { name, bytes } of await installedModels(modelDirectory(this.#options.config.current)))
      entries.set(name, { name, bytes, usedFor: [] });
    const loaded = this.#options.models();
    for (const use of ["final", "partial"] as const) {
      const name = loaded?.[use].model;
      if (name === undefined) continue;
      const entry = entries.get(name) ?? { name, usedFor: [] };
      entry.usedFor.push(use);
      entries.set(name, entry);
    }
    return [...entries.values()];
  }

  /** All that {@link models} lists, and what the collection has beside it. */
  async catalog(): Promise<CatalogModel[]> {
    // First: one that ends meanwhile is found on the disk.
    const pulls = new Map(this.#options.pulls.list().map((pull) => [pull.name, pull]));
    const installed = await this.models();
    const known = new Set(installed.map(({ name }) => name));
    // A server of one's own may have what the collection has not.
    const own = [...pulls.keys()].filter((name) => !CATALOG.some((entry) => entry.name === name));
    const fetchable = [...CATALOG, ...own.map((name): CatalogEntry => ({ name }))]
      .filter(({ name }) => !known.has(name))
      .map(({ name, approximateBytes: bytes }) => ({
        name,
        ...(bytes === undefined ? {} : { bytes: Math.round(bytes) }),
        usedFor: [],
        installed: false,
      }));
    return [...installed.map((model) => ({ ...model, installed: true })), ...fetchable].map((model) => {
      const pull = pulls.get(model.name);
      const cost = this.#costOf(model.name);
      return {
        ...model,
        ...(model.bytes === undefined ? {} : { memoryBytes: Math.round(memoryNeeded(model.bytes)) }),
        ...(cost ? { cost } : {}),
        ...(pull ? { pull } : {}),
      };
    });
  }

  #costOf(model: string): ModelCost | undefined {
    const { host, models, figures } = this.#options;
    const load = host.load();
    const present = models()?.final.model;
    if (!load || present === undefined) return undefined;
    const measured = figures.speedOf(model);
    const share = model === present ? 1 : timeShare(model, present);
    // How many may speak with the model in use is what newcomers are admitted by, which follows the last minutes more slowly.
    const expectedMs = load.finalCostMs * (share ?? 0) || undefined;
    const factor = measured ?? (expectedMs === undefined ? undefined : expectedMs / 1000);
    if (factor === undefined) return undefined;
    const finalCostMs = model === present && expectedMs !== undefined ? expectedMs : 1000 * factor;
    return {
      // Two digits: more of them would change with every final.
      realtimeFactor: Number(factor.toPrecision(2)),
      measured: measured !== undefined,
      speakers: Math.floor(speakersAtOnce({ ...load, finalCostMs })),
    };
  }

  /** See {@link ModelPulls.start}. */
  pullModel(name: string, by: string): ModelPull {
    const pull = this.#options.pulls.start(name);
    this.#options.host.log.info({ by, model: pull.name }, "a model was asked for");
    return pull;
  }

  /** See {@link ModelPulls.cancel}. */
  async cancelModelPull(name: string, by: string): Promise<void> {
    const canonical = canonicalModelName(name);
    await this.#options.pulls.cancel(canonical);
    this.#options.host.log.info({ by, model: canonical }, "the download of a model was called off");
  }

  /** See {@link ModelPulls.get}. */
  modelPull(name: string): ModelPull {
    return this.#options.pulls.get(canonicalModelName(name));
  }

  /** Whether models can be switched: those of an engine of somebody else's cannot. */
  get switchesModels(): boolean {
    return this.#options.switcher()?.isPossible ?? false;
  }

  /** The models in use. @throws SttError `invalid_state` while they load. */
  activeModels(): { final: string; partial: string } {
    const models = this.#options.models();
    if (!models) throw stillLoading();
    return { final: models.final.model, partial: models.partial.model };
  }

  /**
   * Changes models without ending a session; see {@link ModelSwitcher.switch}.
   *
   * @returns the models in use then.
   */
  async switchModel(choice: ModelChoice, by: string): Promise<{ final: string; partial: string }> {
    const switcher = this.#options.switcher();
    if (!switcher) throw stillLoading();
    this.#options.host.log.info({ by, ...choice }, "switching models");
    await switcher.switch(choice);
    this.#chosen = { ...this.#chosen, ...choice };
    this.#options.figures.forgetRefusals();
    return this.activeModels();
  }

  /** The models that were switched to and that a restart would forget, as the variables that keep them. */
  lostAtRestart(): { variable: string; value: string }[] {
    const { whisperModel, realtimeModelType } = this.#options.config.current;
    const slots = [
      { variable: "WHISPER_MODEL", value: this.#chosen.final, configured: whisperModel },
      { variable: "REALTIME_MODEL_TYPE", value: this.#chosen.partial, configured: realtimeModelType },
    ];
    return slots.flatMap(({ variable, value, configured }) =>
      value === undefined || canonicalModelName(value) === canonicalModelName(configured) ? [] : [{ variable, value }],
    );
  }
}

function stillLoading(): SttError {
  return new SttError("invalid_state", "The models are still loading: try again when /readyz says so.", {
    retryable: true,
  });
}
