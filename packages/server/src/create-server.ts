import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import {
  type Clock,
  type EngineMemory,
  systemClock,
  type Transcription,
  type TranscriptionEngine,
  type VoiceActivityDetector,
} from "@stt/core";
import { type Config, createConfig } from "@stt/core/config";
import { LiveConfig } from "./admin/live-config.js";
import { type LoadedModels, Operations } from "./admin/operations.js";
import { type Engines, loadEngines } from "./engines/load-engines.js";
import { EVENTS_PATH } from "./http/admin.js";
import { createApp } from "./http/app.js";
import { JobSlots } from "./jobs/job-slots.js";
import { drain } from "./lifecycle/drain.js";
import { InFlight } from "./lifecycle/in-flight.js";
import { type BoundPorts, type ListenerRole, Listeners } from "./lifecycle/listeners.js";
import { Readiness } from "./lifecycle/readiness.js";
import type { DownloadProgress } from "./models/download.js";
import { describeDownload, downloadLines } from "./models/download-report.js";
import { modelDirectory } from "./models/model-folder.js";
import { ModelPulls } from "./models/model-pulls.js";
import { ModelSwitcher, warmUpAudio } from "./models/model-switcher.js";
import type { Diagnostics } from "./observability/diagnostics.js";
import { GpuWatch } from "./observability/gpu-watch.js";
import { type GpuStatus, queryGpus } from "./observability/gpus.js";
import { type Log, silentLog } from "./observability/log.js";
import { Metrics } from "./observability/metrics.js";
import { Sampler } from "./observability/sampler.js";
import { type ServerLoad, serverLoad } from "./observability/server-load.js";
import { Tracing } from "./observability/tracing.js";
import { partialCadenceMs } from "./scheduler/cadence.js";
import { LagMeter } from "./scheduler/lag-meter.js";
import { type JobReport, Scheduler } from "./scheduler/scheduler.js";
import type { Access } from "./security/access.js";
import { Security } from "./security/security.js";
import { SessionHost } from "./session/session-host.js";
import { defaultSettings, type SessionSettings } from "./session/settings.js";
import { realtimeDoor } from "./transports/openai-realtime/realtime-door.js";
import { realtimeSttDoors } from "./transports/realtimestt/realtimestt.js";
import { streamDoor } from "./transports/stream.js";
import { UpgradeRouter } from "./transports/upgrade-router.js";
import { createVad } from "./vad/create-vad.js";
import { SupervisedVad } from "./vad/supervised-vad.js";
import { webRtcModeOf } from "./vad/webrtc-gate.js";

export interface CreateServerOptions {
  /** What differs from the defaults; see docs/configuration.md. Durations are milliseconds. */
  config?: Partial<Config>;
  /** Decodes finals. @default whisper.cpp with the configured model */
  engine?: TranscriptionEngine;
  /** Decodes partials. @default the engine given, or whisper.cpp with the configured realtime model */
  realtimeEngine?: TranscriptionEngine;
  /** @default Silero behind the WebRTC gate */
  vad?: VoiceActivityDetector;
  /** Decides who comes in. @default the API keys and tokens of the configuration */
  access?: Access;
  /** Is told how the download of a missing model goes. @default lines in the log */
  onDownload?(progress: DownloadProgress): void;
  /** @default silent */
  log?: Log;
  /** @default the real one */
  clock?: Clock;
  /** Time between two samples of the console's graphs, which show the last 180, milliseconds. @default 5000 */
  historyStepMs?: number;
}

/** A speech-to-text server. */
export interface SttServer {
  /**
   * Opens the ports, loads the models and resolves once sessions are served. Clients that connect while models load wait.
   *
   * @throws SttError `port_in_use`, `model_not_found`, `bad_model`, `native_unavailable`, `io_error`; nothing stays open then.
   */
  listen(): Promise<BoundPorts>;
  /** What an operator wants to see after {@link listen}. */
  diagnostics(): Diagnostics;
  /** Reads API keys and certificate again; both are also watched. What cannot be used leaves the former in force. */
  reload(): Promise<void>;
  /** Open sessions. */
  readonly sessions: number;
  /**
   * Refuses new sessions, asks clients to resume elsewhere and resolves when they have left or DRAIN_TIMEOUT is over; `close`
   * comes next. Idempotent.
   */
  drain(): Promise<void>;
  /** Ends all sessions and frees everything. Idempotent. For clients to leave in good order, `drain` first. */
  close(): Promise<void>;
}

function gpuMemory(gpu: GpuStatus | undefined): EngineMemory {
  if (!gpu) return {};
  return { gpuTotalBytes: gpu.totalMiB * 2 ** 20, gpuFreeBytes: gpu.freeMiB * 2 ** 20 };
}

function warmUp(engine: TranscriptionEngine): Promise<Transcription> {
  return engine.transcribe(warmUpAudio(), { language: "en", temperatureFallback: false });
}

/** Makes a server; nothing is opened before {@link SttServer.listen}. Engines and detectors passed in are closed with it. */
export function createServer(options: CreateServerOptions = {}): SttServer {
  return new Server(createConfig(options.config ?? {}), options);
}

class Server implements SttServer {
  readonly #config: Config;
  readonly #live: LiveConfig;
  readonly #operations: Operations;
  readonly #options: CreateServerOptions;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #security: Security;
  readonly #readiness = new Readiness();
  readonly #listeners = new Listeners();
  readonly #requests = new InFlight(({ url }) => !url?.startsWith(EVENTS_PATH));
  readonly #sampler: Sampler;
  readonly #closing = new AbortController();
  readonly #metrics: Metrics;
  readonly #tracing = new Tracing();
  readonly #host: SessionHost;
  readonly #router: UpgradeRouter;
  readonly #jobs: JobSlots;
  readonly #cleanups: (() => Promise<void> | void)[] = [];
  #defaults: SessionSettings;
  readonly #pulls: ModelPulls;
  #switcher: ModelSwitcher | undefined;
  #engines: Engines | undefined;
  #gpus: GpuWatch | undefined;
  #diagnostics: Diagnostics | undefined;
  #drained: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  constructor(config: Config, options: CreateServerOptions) {
    this.#config = config;
    this.#live = new LiveConfig(config);
    this.#defaults = defaultSettings(config);
    this.#options = options;
    this.#log = options.log ?? silentLog;
    this.#clock = options.clock ?? systemClock;
    this.#security = new Security(config, this.#clock, this.#log, options.access);
    const engineMemory = async () => (config.engineIsolation === "process" && (await this.#engines?.memory())) || {};
    this.#sampler = new Sampler({
      clock: this.#clock,
      load: () => this.#load(),
      inference: engineMemory,
      gpus: () => this.#gpus?.current ?? [],
      stepMs: options.historyStepMs,
    });
    this.#metrics = new Metrics({
      load: () => this.#load(),
      engineMemory,
      observer: this.#sampler,
      gpus: () => this.#gpus?.current ?? [],
    });
    this.#host = new SessionHost({
      clock: this.#clock,
      log: this.#log,
      readiness: this.#readiness,
      defaults: () => this.#defaults,
      maxBufferedMs: config.maxBufferedAudioMs,
      metrics: this.#metrics,
      tracing: this.#tracing,
      maxSessions: () => this.#live.current.maxSessions,
      meter: (principal, audioMs) => this.#security.addAudio(principal, audioMs),
    });
    this.#pulls = new ModelPulls({
      directory: modelDirectory(config),
      baseUrl: config.modelBaseUrl,
      log: this.#log,
    });
    this.#operations = new Operations({
      host: this.#host,
      config: this.#live,
      readiness: this.#readiness,
      models: () => this.#models,
      switcher: () => this.#switcher,
      pulls: this.#pulls,
    });
    this.#live.subscribe((changed) => this.#adopt(changed));
    this.#jobs = new JobSlots(config.maxUploads, this.#readiness);
    const stream = {
      host: this.#host,
      maxFrameBytes: config.maxFrameBytes,
      maxBufferedMs: config.maxBufferedAudioMs,
      idleTimeoutMs: () => this.#live.current.idleSessionTimeoutMs,
      startTimeoutMs: config.startTimeoutMs,
      maxSendBufferBytes: config.maxSendBufferBytes,
    };
    const realtimeStt = {
      host: this.#host,
      operations: this.#operations,
      maxFrameBytes: config.maxFrameBytes,
      maxSendBufferBytes: config.maxSendBufferBytes,
      transcriptionAudioMs: config.realtimesttAudioMs,
      onePort: config.controlPort === config.dataPort && config.controlPort !== 0,
    };
    const doors = [streamDoor(stream), realtimeDoor(stream), ...realtimeSttDoors(realtimeStt)];
    this.#router = new UpgradeRouter({ host: this.#host, security: this.#security, metrics: this.#metrics, doors });
  }

  get sessions(): number {
    return this.#host.size;
  }

  diagnostics(): Diagnostics {
    if (!this.#diagnostics) throw new Error("The server has not started yet: call listen() first.");
    return this.#diagnostics;
  }

  async listen(): Promise<BoundPorts> {
    const { bindHost, controlPort, dataPort } = this.#config;
    try {
      await this.#security.open((certificate) => this.#listeners.setCertificate(certificate));
      const app = createApp({
        config: this.#config,
        access: this.#security.access,
        origins: this.#security.origins,
        tokens: this.#security.tokens,
        host: this.#host,
        operations: this.#operations,
        jobs: this.#jobs,
        readiness: this.#readiness,
        metrics: this.#metrics,
        sampler: this.#sampler,
        closing: this.#closing.signal,
        load: () => this.#load(),
        log: this.#log,
      });
      const handlers = {
        request: this.#requests.wrap(app),
        upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer, role: ListenerRole) =>
          this.#router.upgrade(request, socket, head, role),
        connection: (socket: Socket) => this.#security.gate.admit(socket),
      };
      const ports = await this.#listeners.listen(bindHost, controlPort, dataPort, handlers, {
        certificate: this.#security.certificate,
        headersTimeoutMs: this.#config.httpHeadersTimeoutMs,
        requestTimeoutMs: this.#config.httpRequestTimeoutMs,
      });
      this.#sampler.start();
      await this.#start(ports);
      this.#readiness.markReady();
      return ports;
    } catch (error) {
      this.#readiness.markFailed(error);
      await this.close();
      throw error;
    }
  }

  drain(): Promise<void> {
    this.#drained ??= drain({
      sessions: this.#host,
      requests: () => this.#requests.size,
      readiness: this.#readiness,
      clock: this.#clock,
      log: this.#log,
      timeoutMs: this.#config.drainTimeoutMs,
    });
    return this.#drained;
  }

  reload(): Promise<void> {
    return this.#security.reload();
  }

  close(): Promise<void> {
    this.#closed ??= this.#closeAll();
    return this.#closed;
  }

  #load(): ServerLoad {
    return serverLoad({
      readiness: this.#readiness.state(),
      sessions: this.#host.size,
      speaking: this.#host.speaking,
      maxSessions: this.#live.current.maxSessions,
      scheduler: this.#host.load(),
    });
  }

  async #start(ports: BoundPorts): Promise<void> {
    const gpus = await queryGpus();
    const memoryBefore = { rssBytes: process.memoryUsage.rss(), ...gpuMemory(gpus[0]) };
    if (gpus.length > 0) {
      const watch = new GpuWatch(gpus);
      this.#gpus = watch;
      this.#cleanups.push(() => watch.close());
    }
    const engines = await loadEngines(this.#config, this.#options, {
      log: this.#log,
      onDownload: this.#reportDownload(),
      signal: this.#closing.signal,
    });
    this.#readiness.starting("models are loading");
    this.#engines = engines;
    this.#cleanups.push(() => engines.close());
    this.#adopt(this.#live.current);
    const vad = this.#options.vad ?? (await this.#openVad());
    this.#cleanups.push(() => vad.close());
    this.#readiness.watch(() => engines.final.unavailable);
    this.#readiness.watch(() => vad.unavailable);
    const lanes = this.#config.inferenceLanes || engines.final.info.concurrency;
    const scheduler = new Scheduler({ lanes, clock: this.#clock, observer: (report) => this.#onJob(report) });
    this.#cleanups.push(() => scheduler.close());
    await this.#warmUp(engines.final, scheduler);
    this.#switcher = new ModelSwitcher({
      engines,
      directory: modelDirectory(this.#config),
      log: this.#log,
      gpus: queryGpus,
      // What it costs beside live sessions says little of the capacity: the first finals will tell.
      warmUp: async (engine) => {
        await warmUp(engine);
      },
    });
    const vadLag = new LagMeter(this.#clock);
    this.#host.provide({
      clock: this.#clock,
      log: this.#log,
      scheduler,
      finalEngine: engines.final,
      partialEngine: engines.partial,
      vad,
      cadenceMs: () => partialCadenceMs(scheduler.load(), this.#host.speaking, vadLag.valueMs),
      onVadLag: (ms) => {
        vadLag.observe(ms);
        this.#metrics.vadLag(ms);
      },
    });
    this.#diagnostics = {
      gpus,
      final: engines.final.info,
      partial: engines.partial.info,
      config: this.#config,
      ports,
      lanes,
      memoryBefore,
      memoryAfter: await this.#memoryNow(engines),
      ...(gpus.length > 0 ? { gpusAfter: await queryGpus() } : {}),
    };
  }

  get #models(): LoadedModels | undefined {
    return this.#engines && { final: this.#engines.final.info, partial: this.#engines.partial.info };
  }

  #reportDownload(): (progress: DownloadProgress) => void {
    const lines = downloadLines(this.#log);
    const tell = this.#options.onDownload ?? ((progress) => lines.update(progress));
    return (progress) => {
      this.#readiness.starting(describeDownload(progress));
      tell(progress);
    };
  }

  #onJob(report: JobReport): void {
    this.#metrics.job(report);
    this.#tracing.job(report);
  }

  #openVad(): Promise<VoiceActivityDetector> {
    const webrtcMode = () => webRtcModeOf(this.#live.current.webrtcSensitivity);
    return SupervisedVad.open({
      open: () => createVad({ webrtcMode, log: this.#log }),
      clock: this.#clock,
      log: this.#log,
    });
  }

  /** A live variable was changed. Those that are not taken over here are read where they are used. */
  #adopt(config: Config): void {
    const settings = defaultSettings(config);
    this.#defaults = this.#engines?.livePartials === false ? { ...settings, partials: false } : settings;
    this.#host.defaultsChanged();
    if (this.#log.level !== undefined) this.#log.level = config.logLevel;
  }

  /** Of the server and the processes it started. */
  async #memoryNow(engines: Engines): Promise<EngineMemory> {
    const memory = await engines.memory();
    const apart = this.#config.engineIsolation === "process" ? (memory.rssBytes ?? 0) : 0;
    return { ...memory, rssBytes: process.memoryUsage.rss() + apart };
  }

  /** The first decode of a model is slower than all that follow; what it costs is the first guess at the capacity. */
  async #warmUp(engine: TranscriptionEngine, scheduler: Scheduler): Promise<void> {
    const { audioMs, computeMs } = await warmUp(engine);
    scheduler.learnCost(computeMs, audioMs);
  }

  async #closeAll(): Promise<void> {
    this.#readiness.markDraining();
    this.#closing.abort();
    this.#sampler.close();
    this.#switcher?.close();
    await this.#pulls.close();
    await this.#router.close();
    this.#host.close();
    await this.#jobs.close();
    await this.#listeners.close();
    this.#security.close();
    for (const cleanup of this.#cleanups.splice(0).reverse()) await cleanup();
  }
}
