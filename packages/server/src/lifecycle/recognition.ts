import {
  type Clock,
  type EngineMemory,
  SttError,
  type Transcription,
  type TranscriptionEngine,
  type VoiceActivityDetector,
} from "@stt/core";
import type { Config } from "@stt/core/config";
import type { LoadedModels } from "../admin/operations.js";
import { type Engines, loadEngines } from "../engines/load-engines.js";
import { ModelSwitcher, warmUpAudio } from "../engines/model-switcher.js";
import { upgradeModel } from "../engines/upgrade-model.js";
import { FreeCores } from "../machine/free-cores.js";
import { type GpuStatus, queryGpus } from "../machine/gpus.js";
import { thisMachine, timeShare } from "../models/choose-model.js";
import type { DownloadProgress } from "../models/download.js";
import { describeDownload, downloadLines } from "../models/download-report.js";
import { modelDirectory } from "../models/model-folder.js";
import type { ModelPulls } from "../models/model-pulls.js";
import { GpuWatch } from "../observability/gpu-watch.js";
import type { Log } from "../observability/log.js";
import type { TurnOutcome } from "../observability/metrics.js";
import type { Readiness } from "../observability/readiness.js";
import { partialCadenceMs } from "../scheduler/cadence.js";
import { LagMeter } from "../scheduler/lag-meter.js";
import { type JobReport, Scheduler } from "../scheduler/scheduler.js";
import type { SessionServices } from "../session/services.js";
import { QueuedTurnDetector, type TurnDetector } from "../turn/turn-detector.js";
import { turnModelPath } from "../turn/turn-model-file.js";
import { TurnThread } from "../turn/turn-thread.js";
import { createVad } from "../vad/create-vad.js";
import { SupervisedVad } from "../vad/supervised-vad.js";
import { webRtcModeOf } from "../vad/webrtc-gate.js";
import type { Diagnostics } from "./diagnostics.js";

export interface RecognitionOptions {
  config: Config;
  /** As changed since the start. */
  live(): Config;
  /** Used as they are instead of what the configuration names; closed with the rest. */
  given: {
    engine?: TranscriptionEngine;
    realtimeEngine?: TranscriptionEngine;
    vad?: VoiceActivityDetector;
    /** @default lines in the log */
    onDownload?(progress: DownloadProgress): void;
  };
  clock: Clock;
  log: Log;
  readiness: Readiness;
  /** Sessions with an open utterance. */
  speaking(): number;
  /** Is told of every decode. */
  onJob(report: JobReport): void;
  /** Is told now and then how long a frame took from its arrival to its probability. */
  onVadLag(ms: number): void;
  /** Is told of every question whether a speaker has finished, with the time from its asking. */
  onTurnQuestion(outcome: TurnOutcome, ms: number): void;
}

/** What {@link Recognition.load} has loaded. */
export interface LoadedRecognition {
  services: SessionServices;
  diagnostics: Omit<Diagnostics, "config" | "ports">;
}

/** What turns speech into text, from the GPUs to the scheduler: loaded once, while the ports are open already. */
export class Recognition {
  readonly #options: RecognitionOptions;
  readonly #cleanups: (() => unknown)[] = [];
  #closed = false;
  #engines: Engines | undefined;
  #gpus: GpuWatch | undefined;
  #switcher: ModelSwitcher | undefined;

  constructor(options: RecognitionOptions) {
    this.#options = options;
  }

  /** Undefined while they load. */
  get models(): LoadedModels | undefined {
    return this.#engines && { final: this.#engines.final.info, partial: this.#engines.partial.info };
  }

  /** Undefined while the models load. */
  get switcher(): ModelSwitcher | undefined {
    return this.#switcher;
  }

  /** As they are now; empty where there are none. */
  get gpus(): readonly GpuStatus[] {
    return this.#gpus?.current ?? [];
  }

  /** Whether no engine may be asked for live text. */
  get withoutPartials(): boolean {
    return this.#engines?.livePartials === false;
  }

  /** What the engines take outside this process; empty when they run in it or are not loaded yet. */
  async workerMemory(): Promise<EngineMemory> {
    return (this.#options.config.engineIsolation === "process" && (await this.#engines?.memory())) || {};
  }

  /**
   * Loads everything, with a first decode.
   *
   * @throws SttError `model_not_found`, `bad_model`, `native_unavailable`, `io_error`, `aborted`; what was loaded so far is
   * freed by {@link close}.
   */
  async load(signal: AbortSignal): Promise<LoadedRecognition> {
    const { config, given, clock, log, readiness } = this.#options;
    const gpus = await this.#watchGpus();
    const memoryBefore = { rssBytes: process.memoryUsage.rss(), ...gpuMemory(gpus[0]) };
    const engines = await loadEngines(config, given, { log, onDownload: this.#reportDownload(), signal });
    readiness.starting("models are loading");
    this.#engines = engines;
    await this.#keep(() => engines.close());
    const vad = given.vad ?? (await this.#openVad());
    await this.#keep(() => vad.close());
    const turnDetector = await this.#openTurnDetector();
    readiness.watch(() => engines.final.unavailable);
    readiness.watch(() => vad.unavailable);
    const lanes = config.inferenceLanes || engines.final.info.concurrency;
    const scheduler = new Scheduler({
      lanes,
      mostLanes: this.#mostLanes(engines),
      clock,
      observer: this.#options.onJob,
    });
    await this.#keep(() => scheduler.close());
    // The first decode of a model is slower than all that follow; what it costs is the first guess at the capacity.
    const { audioMs, computeMs } = await warmUp(engines.final);
    scheduler.learnCost(computeMs, audioMs);
    this.#switcher = new ModelSwitcher({
      engines,
      directory: modelDirectory(config),
      log,
      gpus: queryGpus,
      // What it costs beside live sessions says little of the capacity: the first finals will tell.
      warmUp: async (engine) => {
        await warmUp(engine);
      },
      onSwitch: (from, to) => scheduler.changeCost(timeShare(to, from) ?? 1),
    });
    return {
      services: { ...this.#services(engines, vad, scheduler), turnDetector },
      diagnostics: {
        gpus,
        final: engines.final.info,
        partial: engines.partial.info,
        lanes,
        memoryBefore,
        memoryAfter: await this.#memoryNow(engines),
        ...(gpus.length > 0 ? { gpusAfter: await queryGpus() } : {}),
      },
    };
  }

  /** With `WHISPER_MODEL=auto`: see {@link upgradeModel}. For when sessions are served already. */
  async upgrade(pulls: ModelPulls, signal: AbortSignal): Promise<void> {
    const { config, given, log } = this.#options;
    if (config.whisperModel !== "auto" || config.engine === "remote" || given.engine) return;
    if (!this.#engines || !this.#switcher) return;
    const machine = thisMachine(config, this.gpus);
    await upgradeModel({ config, machine, engine: this.#engines.final, switcher: this.#switcher, pulls, log, signal });
  }

  /** Frees everything, the latest first. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const cleanup of this.#cleanups.splice(0).reverse()) await cleanup();
  }

  /** Remembers how to free what was just loaded; frees it at once where {@link close} came first. */
  async #keep(cleanup: () => unknown): Promise<void> {
    if (!this.#closed) return void this.#cleanups.push(cleanup);
    await cleanup();
    throw new SttError("aborted", "The server was closed while it started.");
  }

  #services(engines: Engines, vad: VoiceActivityDetector, scheduler: Scheduler): SessionServices {
    const { clock, log, speaking, onVadLag } = this.#options;
    const vadLag = new LagMeter(clock);
    return {
      clock,
      log,
      scheduler,
      finalEngine: engines.final,
      partialEngine: engines.partial,
      vad,
      cadenceMs: () => partialCadenceMs(scheduler.load(), speaking(), vadLag.valueMs),
      onVadLag: (ms) => {
        vadLag.observe(ms);
        onVadLag(ms);
      },
    };
  }

  /** Lanes that one job can use now: as many as the engines make use of, where no other program wants their cores. */
  #mostLanes({ final, partial }: Engines): () => number {
    const ownMs = async () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000 + ((await this.workerMemory()).cpuMs ?? 0);
    };
    const cores = new FreeCores({ clock: this.#options.clock, ownMs });
    return () => {
      const most = Math.min(...[final, partial].map(({ info }) => info.capabilities.mostLanes ?? 1));
      return most === 1 ? 1 : Math.max(1, Math.min(most, Math.round(cores.get())));
    };
  }

  async #watchGpus(): Promise<GpuStatus[]> {
    const gpus = await queryGpus();
    if (gpus.length > 0) {
      const watch = new GpuWatch(gpus);
      this.#gpus = watch;
      await this.#keep(() => watch.close());
    }
    return gpus;
  }

  #openVad(): Promise<VoiceActivityDetector> {
    const { clock, log, live } = this.#options;
    const webrtcMode = () => webRtcModeOf(live().webrtcSensitivity);
    return SupervisedVad.open({ open: () => createVad({ webrtcMode, log }), clock, log });
  }

  /** Loads no model yet, unless every session will ask it. */
  async #openTurnDetector(): Promise<TurnDetector | undefined> {
    const { config, clock, log, onTurnQuestion } = this.#options;
    const path = turnModelPath();
    if (path === undefined) {
      if (config.endOfTurn === "model")
        log.warn({}, "END_OF_TURN=model has no effect: @stt/model-smart-turn is not installed, so silence ends turns");
      return undefined;
    }
    const open = () => TurnThread.start(path);
    const detector = new QueuedTurnDetector({ open, clock, log, observe: onTurnQuestion });
    await this.#keep(() => detector.close());
    if (config.endOfTurn === "model") detector.prepare();
    return detector;
  }

  #reportDownload(): (progress: DownloadProgress) => void {
    const { log, given, readiness } = this.#options;
    const lines = downloadLines(log);
    return (progress) => {
      readiness.starting(describeDownload(progress));
      if (given.onDownload) given.onDownload(progress);
      else lines.update(progress);
    };
  }

  /** Of the server and the processes it started. */
  async #memoryNow(engines: Engines): Promise<EngineMemory> {
    const memory = await engines.memory();
    const apart = this.#options.config.engineIsolation === "process" ? (memory.rssBytes ?? 0) : 0;
    return { ...memory, rssBytes: process.memoryUsage.rss() + apart };
  }
}

function gpuMemory(gpu: GpuStatus | undefined): EngineMemory {
  if (!gpu) return {};
  return { gpuTotalBytes: gpu.totalMiB * 2 ** 20, gpuFreeBytes: gpu.freeMiB * 2 ** 20 };
}

function warmUp(engine: TranscriptionEngine): Promise<Transcription> {
  return engine.transcribe(warmUpAudio(), { language: "en", temperatureFallback: false });
}
