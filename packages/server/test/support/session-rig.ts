import { type AudioFormat, encodePcm, type SessionOptions } from "@stt/core";
import { createConfig } from "@stt/core/config";
import { FakeClock, FakeEngine, type FakeEngineOptions, FakeVad, settle } from "@stt/core/testing";
import { silentLog } from "../../src/observability/log.js";
import { Scheduler } from "../../src/scheduler/scheduler.js";
import type { SessionEvent } from "../../src/session/events.js";
import { Session } from "../../src/session/session.js";
import { defaultSettings, overridesOf, type SessionSettings } from "../../src/settings/session-settings.js";
import { FakeTurnDetector, type FakeTurnDetectorOptions } from "./fake-turn-detector.js";

const FORMAT: AudioFormat = { encoding: "pcm_f32le", sampleRate: 16_000, channels: 1 };
/** Audio of one frame, milliseconds. */
const CHUNK_MS = 20;

export interface SessionRigOptions {
  engine?: FakeEngineOptions;
  settings?: Partial<SessionSettings>;
  options?: SessionOptions;
  /** What `auto` had settled on before a resume. */
  language?: string;
  /** What the model that hears the ends of turns answers. @default there is none */
  turns?: Omit<FakeTurnDetectorOptions, "clock">;
  /** Of the scheduler, all of which one job can use. @default 1 */
  lanes?: number;
}

/** A real session between a fake detector, a fake engine and a clock that moves with the audio. */
export class SessionRig {
  readonly clock = new FakeClock();
  readonly engine: FakeEngine;
  readonly vad = new FakeVad();
  readonly events: SessionEvent[] = [];
  readonly session: Session;
  readonly turnDetector: FakeTurnDetector | undefined;
  #sent = 0;

  constructor({ engine = {}, settings = {}, options = {}, language, turns, lanes = 1 }: SessionRigOptions = {}) {
    this.turnDetector = turns && new FakeTurnDetector({ clock: this.clock, ...turns });
    this.engine = new FakeEngine({ clock: this.clock, ...engine });
    const services = {
      clock: this.clock,
      log: silentLog,
      scheduler: new Scheduler({ lanes, mostLanes: () => lanes, clock: this.clock }),
      finalEngine: this.engine,
      partialEngine: this.engine,
      vad: this.vad,
      turnDetector: this.turnDetector,
      cadenceMs: () => 100,
    };
    const defaults = { ...defaultSettings(createConfig()), ...settings };
    this.session = new Session(
      services,
      {
        id: "rig",
        format: FORMAT,
        settings: defaults,
        overrides: overridesOf(options),
        maxBufferedMs: 60_000,
        language,
      },
      (event) => this.events.push(event),
    );
  }

  /** Sends audio at the pace of speech. */
  async hear(samples: Float32Array): Promise<void> {
    const step = (FORMAT.sampleRate * CHUNK_MS) / 1000;
    for (let at = 0; at < samples.length; at += step) {
      this.hearAtOnce(samples.subarray(at, at + step));
      await this.clock.advanceAsync(CHUNK_MS);
    }
  }

  /** Sends audio without any time passing. */
  hearAtOnce(samples: Float32Array): void {
    this.session.push({ offset: this.#sent, pcm: encodePcm(samples, FORMAT.encoding), samples: samples.length });
    this.#sent += samples.length;
  }

  of<T extends SessionEvent["type"]>(type: T): Extract<SessionEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<SessionEvent, { type: T }> => event.type === type);
  }

  /** Calls of the engine that were finals: the others ask for no temperature fallback. */
  get finalCalls() {
    return this.engine.calls.filter((call) => call.options.temperatureFallback !== false);
  }

  async stop(): Promise<void> {
    const stopped = this.session.stop();
    for (let i = 0; i < 200; i++) await this.clock.advanceAsync(50);
    await settle();
    await stopped;
  }
}
