import { randomUUID } from "node:crypto";
import {
  type AudioFormat,
  assertNever,
  type Clock,
  type Device,
  joinText,
  type ResumePoint,
  type SessionOptions,
  SttError,
} from "@stt/core";
import type { Readiness } from "../lifecycle/readiness.js";
import type { Log } from "../observability/log.js";
import type { Metrics } from "../observability/metrics.js";
import { SessionMeter } from "../observability/session-meter.js";
import type { Tracing } from "../observability/tracing.js";
import { speakerCapacity } from "../scheduler/capacity.js";
import type { SchedulerLoad } from "../scheduler/load-meter.js";
import type { SessionEvent } from "./events.js";
import type { SessionServices } from "./services.js";
import { Session } from "./session.js";
import type { SessionClient } from "./session-client.js";
import { overridesOf, type SessionSettings, type SettingOverrides } from "./settings.js";

/** Who a session is for, and over which wire. */
export interface SessionOrigin {
  /** Name of the wire, such as `stream`. */
  wire: string;
  /** Name of the principal. */
  principal: string;
  /** Address of the peer. */
  address: string;
}

/** What an operator sees of an open session. */
export interface SessionSummary extends SessionOrigin {
  id: string;
  /** ISO 8601, UTC. */
  startedAt: string;
  /** ISO 639-1 code or `auto`. */
  language: string;
  /** Whether an utterance is open. */
  speaking: boolean;
  /** Audio received, milliseconds. */
  audioMs: number;
  /** The end of what was recognised last, at most 200 characters; empty when nothing was yet. */
  lastText: string;
}

/** What a transport asks for when its client starts. */
export interface SessionRequest {
  origin: SessionOrigin;
  format: AudioFormat;
  options: SessionOptions;
  /** What a wire sets that the options have no word for, within limits that the wire has checked. */
  overrides?: SettingOverrides;
  resume?: ResumePoint;
}

/** A session, and what its client is told of the server. */
export interface OpenedSession {
  session: Session;
  model: string;
  realtimeModel: string;
  device: Device;
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
  meter?(principal: string, audioMs: number): void;
}

/** Most characters of {@link SessionSummary.lastText}. */
const LAST_TEXT_CHARACTERS = 200;

interface Entry {
  session: Session;
  client: SessionClient;
  origin: SessionOrigin;
  startedAt: string;
  lastText: string;
  /** Audio that the meter knows of, milliseconds. */
  meteredMs: number;
}

/** Opens sessions for the transports and knows all that are open. */
export class SessionHost {
  readonly clock: Clock;
  readonly log: Log;
  readonly #options: SessionHostOptions;
  readonly #sessions = new Map<string, Entry>();
  readonly #speaking = new Set<string>();
  #services: SessionServices | undefined;

  constructor(options: SessionHostOptions) {
    this.clock = options.clock;
    this.log = options.log;
    this.#options = options;
  }

  /** Open sessions. */
  get size(): number {
    return this.#sessions.size;
  }

  /** Sessions with an open utterance. */
  get speaking(): number {
    return this.#speaking.size;
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
    for (const { session } of this.#sessions.values()) session.followDefaults(this.defaults());
  }

  /** What the scheduler knows of its load; undefined while models load. */
  load(): SchedulerLoad | undefined {
    return this.#services?.scheduler.load();
  }

  /** No utterance is open and no final is pending. */
  get settled(): boolean {
    for (const { session } of this.#sessions.values()) if (!session.settled) return false;
    return true;
  }

  /** Asks every client to resume elsewhere. */
  announceDrain(resumeWithinMs: number): void {
    for (const { client } of [...this.#sessions.values()]) client.onOrder({ type: "drain", resumeWithinMs });
  }

  /** Has every wire turn into text what was said. */
  flushAll(): void {
    for (const { client } of [...this.#sessions.values()]) client.onOrder({ type: "flush" });
  }

  /** All open sessions, oldest first. */
  list(): SessionSummary[] {
    return [...this.#sessions.values()].map(({ session, origin, startedAt, lastText }) => ({
      ...origin,
      id: session.id,
      startedAt,
      language: session.settings.language,
      speaking: this.#speaking.has(session.id),
      audioMs: Math.round(session.audioMs),
      lastText,
    }));
  }

  /**
   * Ends a session: its client gets the finals that are pending and the `end` event, on which its transport closes the connection.
   * Resolves when it has ended.
   *
   * @throws SttError `not_found`.
   */
  async end(id: string): Promise<void> {
    const entry = this.#sessions.get(id);
    if (!entry) throw new SttError("not_found", `There is no open session ${JSON.stringify(id)}.`);
    await entry.session.stop();
  }

  /** Hands over the loaded parts; sessions that waited for them open now. */
  provide(services: SessionServices): void {
    this.#services = services;
  }

  /** The loaded parts, once they are. @throws whatever made the start fail. */
  async services(): Promise<SessionServices> {
    await this.#options.readiness.ready;
    return this.#services!;
  }

  /** Notes audio of a principal that came outside a session. */
  meter(principal: string, audioMs: number): void {
    this.#options.meter?.(principal, audioMs);
  }

  /** Why there is no place for another session; undefined when there is. */
  refusal(): SttError | undefined {
    if (this.#options.readiness.draining) {
      // At once, since elsewhere there may be a place: this server's own end is no matter of seconds.
      return new SttError("capacity", "This server is about to end. Connect to another one.", {
        retryable: true,
        retryAfterMs: 0,
      });
    }
    const maxSessions = this.#options.maxSessions();
    if (maxSessions > 0) {
      if (this.size < maxSessions) return undefined;
      return fullError(`All ${maxSessions} sessions of this server are in use (MAX_SESSIONS).`);
    }
    const capacity = this.#services ? speakerCapacity(this.#services.scheduler.load()) : Number.POSITIVE_INFINITY;
    if (this.speaking < capacity) return undefined;
    const live = [...this.#speaking].filter((id) => this.#sessions.get(id)?.session.live).length;
    if (live < capacity) return undefined;
    return fullError(`${live} people are speaking, and this server decodes ${capacity} at the same time.`);
  }

  /**
   * Opens a session once the models are loaded.
   *
   * @throws SttError `capacity`; whatever made the start fail.
   */
  async open(request: SessionRequest, client: SessionClient): Promise<OpenedSession> {
    const services = await this.services();
    const refusal = this.refusal();
    if (refusal) {
      this.#options.metrics.rejected(refusal.code);
      throw refusal;
    }
    const { resume } = request;
    const id = this.#idFor(resume?.sessionId);
    const { metrics } = this.#options;
    const meter = new SessionMeter(metrics, this.clock, request.format.sampleRate, resume?.fromSample ?? 0);
    const settings = this.#options.defaults();
    const overrides = { ...overridesOf(request.options), ...request.overrides };
    const trace = this.#options.tracing.session(id, {
      wire: request.origin.wire,
      language: overrides.language ?? settings.language,
      resumed: resume !== undefined,
    });
    if (resume) metrics.resumed();
    const session = new Session(
      services,
      {
        id,
        format: request.format,
        settings,
        overrides,
        maxBufferedMs: this.#options.maxBufferedMs,
        fromSample: resume?.fromSample ?? 0,
        finalizedSamples: resume?.finalizedSamples ?? resume?.fromSample ?? 0,
        firstUtterance: resume?.nextUtterance ?? 0,
        context: resume?.context ?? "",
        language: resume?.language,
      },
      (event) => {
        meter.observe(event);
        trace.observe(event);
        this.#observe(id, event);
        client.onEvent(event);
      },
    );
    const startedAt = new Date().toISOString();
    const { origin } = request;
    this.#sessions.set(id, { session, client, origin, startedAt, lastText: "", meteredMs: 0 });
    session.onClose(() => {
      this.#meter(id);
      this.#sessions.delete(id);
      this.#speaking.delete(id);
      trace.end();
    });
    this.log.debug({ session: id, resumed: resume !== undefined }, "session opened");
    const { finalEngine, partialEngine } = services;
    return {
      session,
      model: finalEngine.info.model,
      realtimeModel: partialEngine.info.model,
      device: finalEngine.info.actualDevice,
    };
  }

  /** Drops every session. */
  close(): void {
    for (const { session } of [...this.#sessions.values()]) session.close();
  }

  #observe(id: string, event: SessionEvent): void {
    switch (event.type) {
      case "speech_start":
        this.#speaking.add(id);
        return;
      case "speech_end":
      case "discarded":
        this.#speaking.delete(id);
        return;
      case "progress":
        this.#meter(id);
        return;
      case "partial":
      case "final": {
        const entry = this.#sessions.get(id);
        const text = event.type === "final" ? event.text : joinText(event.committed, event.tentative, event.language);
        if (entry && text !== "") entry.lastText = text.slice(-LAST_TEXT_CHARACTERS);
        return;
      }
      case "silence_start":
      case "silence_end":
      case "utterance_audio":
      case "warning":
      case "error":
      case "end":
        return;
      default:
        assertNever(event);
    }
  }

  #meter(id: string): void {
    const entry = this.#sessions.get(id);
    if (!entry) return;
    const { session, origin } = entry;
    const audioMs = session.audioMs - entry.meteredMs;
    entry.meteredMs += audioMs;
    if (audioMs > 0) this.#options.meter?.(origin.principal, audioMs);
  }

  /** A resumed session keeps its name, unless somebody else is using it here: then it gets a new one. */
  #idFor(wanted: string | undefined): string {
    return wanted !== undefined && !this.#sessions.has(wanted) ? wanted : randomUUID();
  }
}

function fullError(what: string): SttError {
  return new SttError("capacity", `${what} Try again later.`, { retryable: true });
}
