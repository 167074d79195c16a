import type { Clock, TranscriptionEngine, VoiceActivityDetector } from "@stt/core";
import type { Log } from "../observability/log.js";
import type { Scheduler } from "../scheduler/scheduler.js";
import type { TurnDetector } from "../turn/turn-detector.js";

/** The parts of the server that sessions share. */
export interface SessionServices {
  clock: Clock;
  log: Log;
  scheduler: Scheduler;
  finalEngine: TranscriptionEngine;
  partialEngine: TranscriptionEngine;
  vad: VoiceActivityDetector;
  /** Hears where turns end; undefined where its model was left out. */
  turnDetector?: TurnDetector | undefined;
  /** Least time between two partial decodes of one session at the present load, milliseconds. */
  cadenceMs(): number;
  /** Is told now and then how long a frame took from its arrival to its probability. */
  onVadLag?(ms: number): void;
}

/** Whether live text and finals come from one model: then one decode can serve both. */
export function sharesModel({ finalEngine, partialEngine }: SessionServices): boolean {
  return finalEngine === partialEngine || finalEngine.info.model === partialEngine.info.model;
}
