/** What the server sends to operators; docs/console.md describes it. */

export type SeriesName =
  | "sessions"
  | "speaking"
  | "capacity"
  | "load"
  | "queued"
  | "finalWaitMs"
  | "realtimeFactor"
  | "finalLatencyMs"
  | "firstPartialMs"
  | "serverCpu"
  | "inferenceCpu"
  | "serverRssBytes"
  | "inferenceRssBytes"
  | "gpuUsedBytes"
  | "gpuTotalBytes"
  | "gpuUtilisation";

/** Samples, oldest first; null where there was nothing to measure. */
export interface HistoryTable {
  stepMs: number;
  capacity: number;
  /** Milliseconds since 1970. */
  at: number[];
  series: Record<SeriesName, (number | null)[]>;
}

export interface Status {
  state: "ready" | "not_ready" | "draining";
  /** Newcomers are refused. */
  full: boolean;
  uptimeMinutes: number;
  load: {
    reason?: string;
    sessions: number;
    speaking: number;
    capacity: number | null;
    load: number;
    lanes: number;
    running: number;
    queued: number;
    finalWaitMs: number;
  };
  models: { final: Engine; partial: Engine } | null;
  switchesModels: boolean;
  keepsLog: boolean;
}

export interface Engine {
  name: string;
  model: string;
  requestedDevice: string;
  actualDevice: string;
}

export interface SessionSummary {
  id: string;
  wire: "stream" | "realtimestt" | "openai-realtime";
  principal: string;
  address: string;
  startedAt: string;
  language: string;
  speaking: boolean;
  audioMs: number;
  lastText: string;
}

/** A model that is there or can be fetched. */
export interface ModelEntry {
  name: string;
  bytes?: number;
  usedFor: ("final" | "partial")[];
  installed: boolean;
  /** The download that was last asked for. */
  pull?: ModelPull;
}

export interface ModelPull {
  name: string;
  state: "downloading" | "waiting" | "retrying" | "checking" | "done" | "failed";
  receivedBytes: number;
  totalBytes?: number;
  message: string;
  /** Why it failed. */
  code?: string;
}

export const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;
export type Level = (typeof LEVELS)[number];

export interface LogLine {
  seq: number;
  time: string;
  level: Level;
  message: string;
  fields: Record<string, unknown>;
}

export interface Variable {
  name: string;
  /** Null where it must not be shown. */
  value: string | null;
  default: string | null;
  unit: string | null;
  live: boolean;
  group: string;
  allowed: { en: string; ru: string };
  doc: { en: string; ru: string };
}
