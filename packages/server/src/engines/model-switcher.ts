import { stat } from "node:fs/promises";
import { ENGINE_SAMPLE_RATE, messageOf, SttError, type TranscriptionEngine } from "@stt/core";
import type { GpuStatus } from "../machine/gpus.js";
import { availableMemory } from "../models/choose-model.js";
import { resolveModel } from "../models/resolve-model.js";
import type { ResolvedModel } from "../models/resolved-model.js";
import type { Log } from "../observability/log.js";
import { type CurrentEngine, SharedEngine } from "./current-engine.js";
import type { Engines } from "./load-engines.js";

/** Which models to use from now on; what is left out stays. */
export interface ModelChoice {
  /** Name or path of a model on disk. */
  final?: string;
  partial?: string;
}

export interface ModelSwitcherOptions {
  engines: Engines;
  /** The model folder. */
  directory: string;
  log: Log;
  /** Decodes something with a model that is new, so that its first user does not wait. */
  warmUp(engine: TranscriptionEngine): Promise<void>;
  /** Finals are decoded by another model from now on. */
  onSwitch(from: string, to: string): void;
  /** Empty where there are none, or none may be used. */
  gpus(): Promise<readonly GpuStatus[]>;
}

/** Weights plus what computing with them takes, as a share of the file; and what any process takes. */
const MEMORY_SHARE = 1.3;
const MEMORY_BASE = 200 * 2 ** 20;

/**
 * Changes models while sessions run: the new one is loaded beside the old one and warmed up, then takes every later job; the
 * old one is closed when its last job is done. Wishes are carried out one after the other.
 */
export class ModelSwitcher {
  readonly #options: ModelSwitcherOptions;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(options: ModelSwitcherOptions) {
    this.#options = options;
  }

  /** Whether the engines in use can be replaced at all. */
  get isPossible(): boolean {
    return this.#options.engines.open !== undefined;
  }

  /**
   * Resolves when the new models are in use. A failure leaves the old ones in use.
   *
   * @throws SttError `model_not_found`, `bad_model`, `capacity` for want of memory, `invalid_state`, `engine_failed`
   */
  switch(choice: ModelChoice): Promise<void> {
    const result = this.#last.then(() => this.#switch(choice));
    this.#last = result.catch(() => {});
    return result;
  }

  close(): void {
    this.#closed = true;
  }

  async #switch({ final, partial }: ModelChoice): Promise<void> {
    const { engines, directory, log } = this.#options;
    const open = engines.open;
    if (!open) {
      throw new SttError(
        "invalid_state",
        "This server runs with an engine that is not whisper.cpp's own: its models cannot be switched.",
      );
    }
    const wanted = [
      ...(final === undefined ? [] : [{ slot: "final" as const, model: resolveModel(final, directory, "final") }]),
      ...(partial === undefined
        ? []
        : [{ slot: "partial" as const, model: resolveModel(partial, directory, "partial") }]),
    ];
    const fresh = new Map<string, SharedEngine>();
    try {
      const plan: { slot: "final" | "partial"; shared: SharedEngine }[] = [];
      for (const { slot, model } of wanted) {
        const shared = this.#inUse(model) ?? fresh.get(model.path) ?? (await this.#open(open, model));
        fresh.set(model.path, shared);
        plan.push({ slot, shared });
      }
      if (this.#closed) throw new SttError("aborted", "The server is shutting down.");
      for (const { slot, shared } of plan) this.#put(engines[slot], shared, slot);
    } catch (error) {
      const unused = [...fresh.values()].filter(
        (one) => one !== engines.final.shared && one !== engines.partial.shared,
      );
      await Promise.all(unused.map(({ engine }) => engine.close()));
      log.warn(
        { ...(final ? { final } : {}), ...(partial ? { partial } : {}) },
        `the models were not switched: ${messageOf(error)}`,
      );
      throw error;
    }
  }

  #inUse(model: ResolvedModel): SharedEngine | undefined {
    const { final, partial } = this.#options.engines;
    return [final, partial].find(({ info }) => info.model === model.name && info.name === "whisper.cpp")?.shared;
  }

  async #open(open: NonNullable<Engines["open"]>, model: ResolvedModel): Promise<SharedEngine> {
    await this.#checkMemory(model);
    const engine = await open(model);
    try {
      await this.#options.warmUp(engine);
      return new SharedEngine(engine);
    } catch (error) {
      await engine.close();
      throw error;
    }
  }

  #put(current: CurrentEngine, shared: SharedEngine, slot: string): void {
    const { log } = this.#options;
    const from = current.info.model;
    const to = shared.engine.info.model;
    current
      .replace(shared)
      .catch((error) => log.warn({ model: from }, `the former model did not close: ${messageOf(error)}`));
    if (slot === "final" && from !== to) this.#options.onSwitch(from, to);
    log.info({ slot, from, to }, "the model was switched");
  }

  async #checkMemory(model: ResolvedModel): Promise<void> {
    const { size } = await stat(model.path);
    const needed = memoryNeeded(size);
    const gpu = this.#options.engines.final.info.actualDevice === "cuda";
    const gpus = gpu ? await this.#options.gpus() : [];
    // Without figures the attempt tells: the worker that gets no memory ends, and the old model stays.
    if (gpu && gpus.length === 0) return;
    const free = gpu ? Math.min(...gpus.map(({ freeMiB }) => freeMiB * 2 ** 20)) : availableMemory();
    if (needed <= free) return;
    throw new SttError(
      "capacity",
      `The model ${model.name} needs about ${mb(needed)} beside those in use, and ${mb(free)} ${gpu ? "of GPU memory " : ""}are free: choose a smaller one, or restart the server with it.`,
    );
  }
}

/** Memory that a model takes, about. @param fileBytes of its file */
export function memoryNeeded(fileBytes: number): number {
  return fileBytes * MEMORY_SHARE + MEMORY_BASE;
}

/** Three seconds of faint noise: what the first decode of a model is done with. */
export function warmUpAudio(): Float32Array {
  return new Float32Array(3 * ENGINE_SAMPLE_RATE).map(() => (Math.random() - 0.5) * 0.01);
}

function mb(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
