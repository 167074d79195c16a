import { availableParallelism } from "node:os";
import type { Clock, EngineMemory } from "@stt/core";
import type { GpuStatus } from "../machine/gpus.js";
import type { JobReport } from "../scheduler/scheduler.js";
import { History, type HistoryTable, type Reading, SERIES } from "./history.js";
import { HistoryArchive, type Range } from "./history-archive.js";
import { RecentValues } from "./recent-values.js";
import type { ServerLoad } from "./server-load.js";

/** 15 minutes at the default step. */
const SAMPLES = 180;
export const DEFAULT_STEP_MS = 5000;
/** How long a latency counts: long enough that a few speakers give a figure, short enough to show that it got better. */
const LATENCY_WINDOW_MS = 120_000;
/** How long a refusal counts: who was sent away may be trying still. */
const REFUSAL_WINDOW_MS = 600_000;
/** Audio over which the speed of a model is averaged. */
const SPEED_AUDIO_MS = 600_000;
const MIB = 2 ** 20;

/** What a process used: CPU time since its start, and memory now. */
export interface ProcessUsage {
  cpuMs: number;
  rssBytes: number;
}

/** What happened lately, beside the samples. */
export interface RecentFigures {
  /** From the endpoint to the final in the last two minutes, milliseconds; null when nobody spoke. */
  finalP95Ms: number | null;
  finalWorstMs: number | null;
  /** Sessions refused for want of a place in the last ten minutes. */
  refused: number;
}

export interface SamplerOptions {
  clock: Clock;
  load(): ServerLoad;
  /** Of the inference processes; empty where there are none. */
  inference(): Promise<EngineMemory>;
  gpus(): readonly GpuStatus[];
  /** What decodes finals at present; undefined while it loads. */
  model(): string | undefined;
  /** @default 5000 */
  stepMs?: number | undefined;
  /** @default this process */
  server?(): ProcessUsage;
  /** Milliseconds since 1970. @default the system's */
  wallClock?(): number;
  /** @default as many as this process may use */
  cores?: number;
}

/** Keeps the {@link History} and its {@link HistoryArchive} going: a sample at every step from `start` on, until `close`. */
export class Sampler {
  readonly history: History;
  readonly archive: HistoryArchive;
  readonly #options: SamplerOptions;
  readonly #server: () => ProcessUsage;
  readonly #cores: number;
  readonly #finalLatency = new RecentValues(LATENCY_WINDOW_MS);
  readonly #firstPartial = new RecentValues(LATENCY_WINDOW_MS);
  readonly #computeMs = new RecentValues(LATENCY_WINDOW_MS);
  readonly #audioMs = new RecentValues(LATENCY_WINDOW_MS);
  readonly #serverCpu = new CpuShare();
  readonly #inferenceCpu = new CpuShare();
  /** Of finals, by model. */
  readonly #speeds = new Map<string, { ms: number; audioMs: number }>();
  #refusals = new RecentValues(REFUSAL_WINDOW_MS);
  #inference: EngineMemory = {};
  #isAsking = false;
  #stopTimer: (() => void) | undefined;

  constructor(options: SamplerOptions) {
    this.#options = options;
    this.#server = options.server ?? usageOfThisProcess;
    this.#cores = options.cores ?? availableParallelism();
    this.history = new History(options.stepMs ?? DEFAULT_STEP_MS, SAMPLES);
    this.archive = new HistoryArchive(this.history.stepMs);
  }

  start(): void {
    this.#ask();
    this.#stopTimer = this.#options.clock.setTimer(this.history.stepMs, () => {
      this.#sample();
      this.start();
    });
  }

  close(): void {
    this.#stopTimer?.();
  }

  /** Fills the last minutes with what the archive has of a former run, in its coarser steps. To be called before {@link start}. */
  recall(): void {
    const { wallClock = Date.now } = this.#options;
    const { stepMs, capacity } = this.history;
    const { at, series, stepMs: coarseMs } = this.archive.table("1h");
    const now = wallClock();
    const first = at.find((time) => time + coarseMs > now - capacity * stepMs);
    if (first === undefined) return;
    // Up to now: while the server was off there is a gap.
    for (let time = Math.max(first, now - capacity * stepMs); time < now; time += stepMs) {
      const step = Math.floor((time - at[0]!) / coarseMs);
      const reading = Object.fromEntries(SERIES.map((name) => [name, series[name][step] ?? null])) as Reading;
      this.history.add(reading, time);
    }
  }

  /** What a graph of that range shows. */
  table(range: Range): HistoryTable {
    return range === "15m" ? this.history.since() : this.archive.table(range);
  }

  finalLatency(ms: number): void {
    this.#finalLatency.add(ms, this.#options.clock.now());
  }

  firstPartial(ms: number): void {
    this.#firstPartial.add(ms, this.#options.clock.now());
  }

  job({ kind, ms, audioMs, completed }: JobReport): void {
    if (!completed || audioMs <= 0 || (kind !== "final" && kind !== "speculative")) return;
    const now = this.#options.clock.now();
    this.#computeMs.add(ms, now);
    this.#audioMs.add(audioMs, now);
    this.#noteSpeed(ms, audioMs);
  }

  rejected(reason: string): void {
    if (reason === "capacity") this.#refusals.add(1, this.#options.clock.now());
  }

  /** Compute time for each second of people's speech, as it was with a model since the start; undefined for one that nobody spoke to. */
  speedOf(model: string): number | undefined {
    const speed = this.#speeds.get(model);
    return speed && speed.ms / speed.audioMs;
  }

  /** A remedy was taken: what was refused before says nothing of now. */
  forgetRefusals(): void {
    this.#refusals = new RecentValues(REFUSAL_WINDOW_MS);
  }

  recent(): RecentFigures {
    const now = this.#options.clock.now();
    const rounded = (ms: number | null) => (ms === null ? null : Math.round(ms));
    return {
      finalP95Ms: rounded(this.#finalLatency.quantile(0.95, now)),
      finalWorstMs: rounded(this.#finalLatency.quantile(1, now)),
      refused: this.#refusals.sum(now) ?? 0,
    };
  }

  #noteSpeed(ms: number, audioMs: number): void {
    const model = this.#options.model();
    if (model === undefined) return;
    const { ms: msBefore, audioMs: audioBefore } = this.#speeds.get(model) ?? { ms: 0, audioMs: 0 };
    // What was long ago weighs less.
    const kept = Math.min(1, SPEED_AUDIO_MS / Math.max(1, audioBefore));
    this.#speeds.set(model, { ms: msBefore * kept + ms, audioMs: audioBefore * kept + audioMs });
  }

  #sample(): void {
    const { wallClock = Date.now } = this.#options;
    const reading = this.#read();
    const at = wallClock();
    this.history.add(reading, at);
    this.archive.add(reading, at);
  }

  #read(): Reading {
    const { clock, load, gpus } = this.#options;
    const now = clock.now();
    const { sessions, speaking, capacity, load: share, queued, finalWaitMs } = load();
    const server = this.#server();
    const cards = gpus();
    const computeMs = this.#computeMs.sum(now);
    const audioMs = this.#audioMs.sum(now);
    return {
      sessions,
      speaking,
      capacity,
      load: share,
      queued,
      finalWaitMs,
      realtimeFactor: computeMs !== null && audioMs ? computeMs / audioMs : null,
      finalLatencyMs: this.#finalLatency.quantile(0.95, now),
      firstPartialMs: this.#firstPartial.quantile(0.95, now),
      serverCpu: this.#serverCpu.of(server.cpuMs, now, this.#cores),
      inferenceCpu: this.#inferenceCpu.of(this.#inference.cpuMs, now, this.#cores),
      serverRssBytes: server.rssBytes,
      inferenceRssBytes: this.#inference.rssBytes ?? null,
      gpuUsedBytes: cards.length > 0 ? cards.reduce((sum, { usedMiB }) => sum + usedMiB * MIB, 0) : null,
      gpuTotalBytes: cards.length > 0 ? cards.reduce((sum, { totalMiB }) => sum + totalMiB * MIB, 0) : null,
      gpuUtilisation: largest(cards.flatMap(({ utilisation }) => utilisation ?? [])),
    };
  }

  /** For the next sample: another process may take its time, and a sample waits for nobody. */
  #ask(): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#options.inference().then(
      (usage) => this.#answered(usage),
      () => this.#answered({}),
    );
  }

  #answered(usage: EngineMemory): void {
    this.#isAsking = false;
    this.#inference = usage;
  }
}

/** The share of all cores between two looks at a process's CPU time. */
class CpuShare {
  #last: { cpuMs: number; at: number } | undefined;

  /** Null at the first look, and when the process is another one than at the last. */
  of(cpuMs: number | undefined, at: number, cores: number): number | null {
    const last = this.#last;
    this.#last = cpuMs === undefined ? undefined : { cpuMs, at };
    if (last === undefined || cpuMs === undefined || cpuMs < last.cpuMs || at <= last.at) return null;
    return Math.min(1, (cpuMs - last.cpuMs) / (at - last.at) / cores);
  }
}

function usageOfThisProcess(): ProcessUsage {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000, rssBytes: process.memoryUsage.rss() };
}

function largest(values: number[]): number | null {
  return values.length > 0 ? Math.max(...values) : null;
}
