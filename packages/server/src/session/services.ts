import type { Clock, TranscriptionEngine, VoiceActivityDetector } from "@stt/core";
import type { Log } from "../observability/log.js";
import type { Scheduler } from "../scheduler/scheduler.js";

/** The parts of the server that sessions share. */
export interface SessionServices {
  clock: Clock;
  log: Log;
  scheduler: Scheduler;
  finalEngine: TranscriptionEngine;
  partialEngine: TranscriptionEngine;
  vad: VoiceActivityDetector;
  /** Least time between two partial decodes of one session at the present load, milliseconds. */
  cadenceMs(): number;
  /** Is told now and then how long a frame took from its arrival to its probability. */
  onVadLag?(ms: number): void;
}
