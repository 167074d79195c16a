import { speakerCapacity } from "../scheduler/capacity.js";
import type { SchedulerLoad } from "../scheduler/load-meter.js";

/** How busy a server is, for balancers, autoscalers and people. */
export interface ServerLoad {
  ready: boolean;
  /** Why it is not ready. */
  reason?: string;
  /** Open sessions. */
  sessions: number;
  /** Sessions with an open utterance. */
  speaking: number;
  /** Sessions that can be served at the same time: MAX_SESSIONS, or how many may speak at once; null while nothing was measured. */
  capacity: number | null;
  /** Share of the capacity in use, 0..1. */
  load: number;
  lanes: number;
  running: number;
  queued: number;
  /** Smoothed time that finals waited for a lane lately, milliseconds. */
  finalWaitMs: number;
}

export interface ServerLoadInput {
  readiness: { ready: boolean; reason?: string };
  sessions: number;
  speaking: number;
  /** Those of them whose audio comes as it is spoken: a file can wait. */
  liveSpeakers: number;
  /** 0: as many as may speak at once. */
  maxSessions: number;
  /** Undefined while models load. */
  scheduler: SchedulerLoad | undefined;
}

export function serverLoad(input: ServerLoadInput): ServerLoad {
  const { readiness, sessions, speaking, liveSpeakers, maxSessions, scheduler } = input;
  const speakers = scheduler ? speakerCapacity(scheduler) : Number.POSITIVE_INFINITY;
  // What is being served can be served.
  const capacity = maxSessions > 0 ? maxSessions : Math.max(speakers, sessions);
  // With a limit on sessions, the machine may still be full of speech before it is reached.
  const load = Math.max(maxSessions > 0 ? sessions / maxSessions : 0, liveSpeakers / speakers, scheduler?.busy ?? 0);
  return {
    ...readiness,
    sessions,
    speaking,
    capacity: Number.isFinite(capacity) ? capacity : null,
    load: Math.round(Math.min(1, load) * 1000) / 1000,
    lanes: scheduler?.lanes ?? 0,
    running: scheduler?.running ?? 0,
    queued: scheduler?.queued ?? 0,
    finalWaitMs: Math.round(scheduler?.finalWaitMs ?? 0),
  };
}
