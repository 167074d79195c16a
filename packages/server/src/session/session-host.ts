import type { AudioFormat, Clock, Device, ResumePoint, SessionOptions } from "@stt/core";
import type { Log } from "../observability/log.js";
import type { Metrics } from "../observability/metrics.js";
import type { Readiness } from "../observability/readiness.js";
import type { Tracing } from "../observability/tracing.js";
import type { SchedulerLoad } from "../scheduler/load-meter.js";
import { overridesOf, type SessionSettings, type SettingOverrides } from "../settings/session-settings.js";
import { Admission } from "./admission.js";
import type { SessionEvent } from "./events.js";
import type { SessionServices } from "./services.js";
import { Session } from "./session.js";
import type { SessionClient } from "./session-client.js";
import type { SessionInit } from "./session-init.js";
import { SessionMeter } from "./session-meter.js";
import { type SessionOrigin, SessionRecord } from "./session-record.js";
import { SessionRegistry } from "./session-registry.js";

/** What a transport asks for when its client starts. */
export interface SessionRequest {
  origin: SessionOrigin;
  format: AudioFormat;
  options: SessionOptions;
  /** What a wire sets that the options have no word for, within limits that the wire has checked. */
  overrides?: SettingOverrides;
  /** Whether the wire tells its client of spoken commands; otherwise they stay words of the text. @default false */
  tellsCommands?: boolean;
  resume?: ResumePoint;
}

/** A session, and what its client is told of the server. */
export interface OpenedSession {
  session: Session;
  model: string;
  realtimeModel: string;
  device: Device;
  /** What decides about the ends of turns. */
  endOfTurn: SessionSettings["endOfTurn"];
}

export interface SessionHostOptions {
  clock: Clock;
  log: Log;
  readiness: Readiness;
  /** Settings of a session that asks for nothing. */
  defaults(): SessionSettings;
  maxBufferedMs: number;
  metrics: Metrics;
  tracing: Tracing;
  /** Most sessions at the same time; 0 goes by how many people may speak at the same time. */
  maxSessions(): number;
  /** Takes note of the audio of a principal, milliseconds since the last note. */
  addAudio?(principal: string, audioMs: number): void;
}

/** Opens sessions for the transports: admits, meters and registers them. */
export class SessionHost {
  readonly clock: Clock;
  readonly log: Log;
  readonly registry = new SessionRegistry();
  readonly admission: Admission;
  readonly #options: SessionHostOptions;
  #services: SessionServices | undefined;

  constructor(options: SessionHostOptions) {
    this.clock = options.clock;
    this.log = options.log;
    this.#options = options;
    this.admission = new Admission({ ...options, registry: this.registry, load: () => this.load() });
  }

  /** Resolves once sessions can be opened; rejects when they never will. */
  get ready(): Promise<void> {
    return this.#options.readiness.ready;
  }

  /** The settings of a session that asks for nothing. */
  defaults(): SessionSettings {
    return this.#options.defaults();
  }

  /** The defaults changed: open sessions take them over from their next utterance on. */
  defaultsChanged(): void {
    for (const { session } of this.registry.all()) session.followDefaults(this.defaults());
  }

  /** What the scheduler knows of its load; undefined while models load. */
  load(): SchedulerLoad | undefined {
    return this.#services?.scheduler.load();
  }

  /** Hands over the loaded parts; sessions that waited for them open now. */
  setServices(services: SessionServices): void {
    this.#services = services;
  }

  /** The loaded parts, once they are. @throws whatever made the start fail. */
  async services(): Promise<SessionServices> {
    await this.#options.readiness.ready;
    return this.#services!;
  }

  /** Notes audio of a principal that came outside a session. */
  addAudio(principal: string, audioMs: number): void {
    this.#options.addAudio?.(principal, audioMs);
  }

  /**
   * Opens a session once the models are loaded.
   *
   * @throws SttError `capacity`; whatever made the start fail.
   */
  async open(request: SessionRequest, client: SessionClient): Promise<OpenedSession> {
    const services = await this.services();
    const { metrics } = this.#options;
    const rejection = this.admission.rejection();
    if (rejection) {
      metrics.rejected(rejection.code);
      throw rejection;
    }
    const { origin, resume } = request;
    const init = this.#initOf(request);
    if (resume) metrics.resumed();
    const meter = this.#meterOf(init, origin, resume !== undefined);
    const onEvent = (event: SessionEvent) => {
      meter.observe(event, session.live);
      this.registry.observe(record, event);
      client.onEvent(event);
    };
    const session = new Session(services, init, onEvent);
    const record = new SessionRecord(session, client, origin);
    this.registry.add(record);
    session.onClose(() => {
      this.registry.remove(record);
      meter.close(session.receivedSamples);
    });
    this.log.debug({ session: init.id, resumed: resume !== undefined }, "session opened");
    const { finalEngine, partialEngine, turnDetector } = services;
    if (session.endOfTurn === "model") turnDetector?.prepare();
    return {
      session,
      model: finalEngine.info.model,
      realtimeModel: partialEngine.info.model,
      device: finalEngine.info.actualDevice,
      endOfTurn: session.endOfTurn,
    };
  }

  #initOf({ format, options, overrides, tellsCommands = false, resume }: SessionRequest): SessionInit {
    return {
      id: this.registry.nameFor(resume?.sessionId),
      format,
      settings: this.#options.defaults(),
      overrides: { ...overridesOf(options), ...overrides, ...(tellsCommands ? {} : { commands: false }) },
      maxBufferedMs: this.#options.maxBufferedMs,
      fromSample: resume?.fromSample ?? 0,
      finalizedSamples: resume?.finalizedSamples ?? resume?.fromSample ?? 0,
      firstUtterance: resume?.nextUtterance ?? 0,
      context: resume?.context ?? "",
      language: resume?.language,
    };
  }

  #meterOf(init: SessionInit, { wire, principal }: SessionOrigin, resumed: boolean): SessionMeter {
    const { metrics, tracing, clock } = this.#options;
    const language = init.overrides?.language ?? init.settings.language;
    return new SessionMeter({
      metrics,
      trace: tracing.session(init.id, { wire, language, resumed }),
      clock,
      wire,
      sampleRate: init.format.sampleRate,
      fromSample: init.fromSample ?? 0,
      addAudio: (audioMs) => this.addAudio(principal, audioMs),
    });
  }
}
