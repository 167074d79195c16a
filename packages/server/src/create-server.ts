import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import path from "node:path";
import type { Duplex } from "node:stream";
import { type Clock, systemClock, type VocabularyTerm } from "@stt/core";
import { type Config, createConfig } from "@stt/core/config";
import { LiveConfig } from "./admin/live-config.js";
import { Operations } from "./admin/operations.js";
import { EVENTS_PATH } from "./http/admin.js";
import { createApp } from "./http/app.js";
import { JobSlots } from "./jobs/job-slots.js";
import type { Diagnostics } from "./lifecycle/diagnostics.js";
import { drain } from "./lifecycle/drain.js";
import { InFlight } from "./lifecycle/in-flight.js";
import { type BoundPorts, Listeners } from "./lifecycle/listeners.js";
import { Recognition } from "./lifecycle/recognition.js";
import { modelDirectory } from "./models/model-folder.js";
import { ModelPulls } from "./models/model-pulls.js";
import { HistoryFile } from "./observability/history-file.js";
import { type Log, silentLog } from "./observability/log.js";
import { Metrics } from "./observability/metrics.js";
import { Readiness } from "./observability/readiness.js";
import { Sampler } from "./observability/sampler.js";
import { type ServerLoad, serverLoad } from "./observability/server-load.js";
import { Tracing } from "./observability/tracing.js";
import { Security } from "./security/security.js";
import { type CreateServerOptions, checkServerOptions } from "./server-options.js";
import { SessionHost } from "./session/session-host.js";
import { defaultSettings, type SessionSettings } from "./settings/session-settings.js";
import { readVocabularyFile } from "./settings/vocabulary-file.js";
import { checkReplacements } from "./text/check-replacements.js";
import { ForeignWires } from "./transports/foreign-wires.js";
import { realtimeEndpoint } from "./transports/openai-realtime/realtime-endpoint.js";
import { realtimeSttEndpoints } from "./transports/realtimestt/realtimestt-endpoints.js";
import { streamEndpoint } from "./transports/stream/stream-endpoint.js";
import { UpgradeRouter } from "./transports/upgrade-router.js";
import type { ListenerRole } from "./transports/websocket-endpoint.js";

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

/**
 * Makes a server; nothing is opened before {@link SttServer.listen}. Engines and detectors passed in are closed with it.
 *
 * @throws SttError `invalid_argument` for an option that is something else, `invalid_config` naming the values that are not allowed
 */
export function createServer(options: CreateServerOptions = {}): SttServer {
  checkServerOptions(options);
  const config = createConfig(options.config ?? {});
  checkReplacements(config);
  return new Server(config, options);
}

class Server implements SttServer {
  readonly #config: Config;
  readonly #live: LiveConfig;
  readonly #operations: Operations;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #security: Security;
  readonly #readiness = new Readiness();
  readonly #listeners = new Listeners();
  readonly #requests = new InFlight(({ url }) => !url?.startsWith(EVENTS_PATH));
  readonly #sampler: Sampler;
  readonly #historyFile: HistoryFile | undefined;
  readonly #closing = new AbortController();
  readonly #metrics: Metrics;
  readonly #tracing = new Tracing();
  readonly #host: SessionHost;
  readonly #router: UpgradeRouter;
  readonly #foreign: ForeignWires;
  readonly #jobs: JobSlots;
  readonly #pulls: ModelPulls;
  readonly #recognition: Recognition;
  readonly #fileTerms: readonly VocabularyTerm[];
  #defaults: SessionSettings;
  #diagnostics: Diagnostics | undefined;
  #drained: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  constructor(config: Config, options: CreateServerOptions) {
    this.#config = config;
    this.#live = new LiveConfig(config);
    this.#fileTerms = readVocabularyFile(config.vocabularyFile);
    this.#defaults = defaultSettings(config, this.#fileTerms);
    this.#log = options.log ?? silentLog;
    this.#clock = options.clock ?? systemClock;
    this.#security = new Security(config, this.#clock, this.#log, options.access);
    this.#recognition = new Recognition({
      config,
      live: () => this.#live.current,
      given: options,
      clock: this.#clock,
      log: this.#log,
      readiness: this.#readiness,
      speaking: () => this.#host.registry.speaking,
      onJob: (report) => {
        this.#metrics.job(report);
        this.#tracing.job(report);
      },
      onVadLag: (ms) => this.#metrics.vadLag(ms),
      onTurnQuestion: (outcome, ms) => this.#metrics.turnQuestion(outcome, ms),
    });
    this.#sampler = new Sampler({
      clock: this.#clock,
      load: () => this.#load(),
      inference: () => this.#recognition.workerMemory(),
      gpus: () => this.#recognition.gpus,
      model: () => this.#recognition.models?.final.model,
      stepMs: options.historyStepMs,
    });
    const { historyDir, controlPort } = config;
    // A port that is another one each time is a server of a moment.
    this.#historyFile =
      historyDir === "" || controlPort === 0
        ? undefined
        : new HistoryFile({
            archive: this.#sampler.archive,
            path: path.join(historyDir, `history-${controlPort}.json`),
            clock: this.#clock,
            log: this.#log,
          });
    this.#metrics = new Metrics({
      load: () => this.#load(),
      engineMemory: () => this.#recognition.workerMemory(),
      observer: this.#sampler,
      gpus: () => this.#recognition.gpus,
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
      addAudio: (principal, audioMs) => this.#security.addAudio(principal, audioMs),
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
      models: () => this.#recognition.models,
      switcher: () => this.#recognition.switcher,
      pulls: this.#pulls,
      load: () => this.#load(),
      figures: this.#sampler,
      gpus: () => this.#recognition.gpus,
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
    this.#foreign = new ForeignWires({ config, context: stream, security: this.#security, metrics: this.#metrics });
    const endpoints = [
      streamEndpoint(stream),
      realtimeEndpoint(stream),
      ...realtimeSttEndpoints(realtimeStt),
      ...this.#foreign.endpoints,
    ];
    this.#router = new UpgradeRouter({ host: this.#host, security: this.#security, metrics: this.#metrics, endpoints });
  }

  get sessions(): number {
    return this.#host.registry.size;
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
        keyManager: this.#security.keyManager,
        origins: this.#security.origins,
        tokens: this.#security.tokens,
        host: this.#host,
        operations: this.#operations,
        jobs: this.#jobs,
        readiness: this.#readiness,
        metrics: this.#metrics,
        sampler: this.#sampler,
        keepsHistory: () => this.#historyFile?.isKept ?? false,
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
        pathPrefix: this.#config.pathPrefix,
      });
      await this.#foreign.listen();
      await this.#historyFile?.open();
      this.#sampler.recall();
      this.#sampler.start();
      await this.#start(ports);
      this.#readiness.markReady();
      void this.#recognition.upgrade(this.#pulls, this.#closing.signal);
      return ports;
    } catch (error) {
      this.#readiness.markFailed(error);
      await this.close();
      throw error;
    }
  }

  drain(): Promise<void> {
    this.#drained ??= drain({
      sessions: this.#host.registry,
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
      sessions: this.#host.registry.size,
      speaking: this.#host.registry.speaking,
      liveSpeakers: this.#host.registry.liveSpeakers,
      maxSessions: this.#live.current.maxSessions,
      scheduler: this.#host.load(),
    });
  }

  async #start(ports: BoundPorts): Promise<void> {
    const { services, diagnostics } = await this.#recognition.load(this.#closing.signal);
    this.#adopt(this.#live.current);
    this.#host.setServices(services);
    this.#diagnostics = { ...diagnostics, config: this.#config, ports };
  }

  /** A live variable was changed. Those that are not taken over here are read where they are used. */
  #adopt(config: Config): void {
    const settings = defaultSettings(config, this.#fileTerms);
    this.#defaults = this.#recognition.withoutPartials ? { ...settings, partials: false } : settings;
    this.#host.defaultsChanged();
    if (this.#log.level !== undefined) this.#log.level = config.logLevel;
  }

  async #closeAll(): Promise<void> {
    this.#readiness.markDraining();
    this.#closing.abort();
    this.#sampler.close();
    await this.#historyFile?.close();
    this.#recognition.switcher?.close();
    await this.#pulls.close();
    await this.#router.close();
    this.#host.registry.close();
    await this.#foreign.close();
    await this.#jobs.close();
    await this.#listeners.close();
    this.#security.close();
    await this.#recognition.close();
  }
}
