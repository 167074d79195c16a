import type { Clock } from "@stt/core";
import type { JobKind } from "./job-kind.js";

/** What the scheduler knows of its own load. */
export interface SchedulerLoad {
  lanes: number;
  running: number;
  queued: number;
  /** Share of all lanes that was busy with live speech lately, 0..1. Files fill what is left of the lanes, and give way. */
  busy: number;
  /** Smoothed time that finals (speculative ones included) waited for a lane lately, milliseconds. */
  finalWaitMs: number;
  /** Compute time of finals for each second of their audio, milliseconds: steady within a fifth; 0 while nothing is known. */
  finalCostMs: number;
  /** Smoothed compute time of one job, milliseconds. */
  finalMs: number;
  partialMs: number;
}

/** Time constant of everything that is "lately". */
const WINDOW_MS = 10_000;
/** Audio over which the cost of finals is averaged: short ones cost a multiple for each of their seconds, and come in runs. */
const COST_WINDOW_AUDIO_MS = 180_000;
/** The first decode after loading tells what a few sentences do. */
const LEAST_COST_AUDIO_MS = 20_000;
/** Share by which the averaged cost has to differ before it is believed: capacity follows from it, and is not to flicker. */
const COST_STEP = 0.2;
/** Weight of the newest job in the smoothed durations. */
const SMOOTHING = 0.2;

interface Share {
  servedMs: number;
  at: number;
}

/**
 * Measures durations, waits and shares. Served time decays exponentially: a session that was busy a minute ago is not
 * punished for it now.
 */
export class LoadMeter {
  readonly #clock: Clock;
  readonly #lanes: number;
  readonly #shares = new Map<string, Share>();
  #busyMs: Share;
  #finalMs = 0;
  #partialMs = 0;
  #batchMs = 0;
  #finalWaitMs = 0;
  #finalWaitAt = 0;
  /** Of finals, each second of audio counting the same. */
  readonly #cost = { ms: 0, audioMs: 0 };
  #finalCostMs = 0;

  constructor(clock: Clock, lanes: number) {
    this.#clock = clock;
    this.#lanes = lanes;
    this.#busyMs = { servedMs: 0, at: clock.now() };
  }

  started(kind: JobKind, waitedMs: number): void {
    if (!isFinal(kind)) return;
    this.#finalWaitMs = this.#waitedLately() + SMOOTHING * (waitedMs - this.#waitedLately());
    this.#finalWaitAt = this.#clock.now();
  }

  /**
   * @param ms compute time, that of each lane which the job had
   * @param audioMs length of the audio that was decoded
   */
  finished(kind: JobKind, owner: string, ms: number, audioMs: number, completed: boolean): void {
    const now = this.#clock.now();
    if (kind !== "batch") add(this.#busyMs, ms, now);
    const share = this.#shares.get(owner);
    if (share) add(share, ms, now);
    else this.#shares.set(owner, { servedMs: ms, at: now });
    if (!completed) return;
    if (isFinal(kind)) {
      this.#finalMs = smooth(this.#finalMs, ms);
      this.learnCost(ms, audioMs);
    } else if (kind === "batch") this.#batchMs = smooth(this.#batchMs, ms);
    else this.#partialMs = smooth(this.#partialMs, ms);
  }

  /** Takes note of what decoding some audio cost. */
  learnCost(ms: number, audioMs: number): void {
    if (audioMs <= 0) return;
    const cost = this.#cost;
    // The first one speaks for more audio than it had, or the next would overturn it.
    const weight = cost.audioMs === 0 ? Math.max(1, LEAST_COST_AUDIO_MS / audioMs) : 1;
    cost.ms += weight * ms;
    cost.audioMs += weight * audioMs;
    if (cost.audioMs > COST_WINDOW_AUDIO_MS) {
      cost.ms *= COST_WINDOW_AUDIO_MS / cost.audioMs;
      cost.audioMs = COST_WINDOW_AUDIO_MS;
    }
    const now = (1000 * cost.ms) / cost.audioMs;
    if (Math.abs(now - this.#finalCostMs) > COST_STEP * this.#finalCostMs) this.#finalCostMs = now;
  }

  /**
   * Finals are decoded by another model from now on.
   *
   * @param share of the time that the one before took: a guess, which the first finals put right
   */
  changeCost(share: number): void {
    const cost = this.#cost;
    const kept = Math.min(1, LEAST_COST_AUDIO_MS / Math.max(1, cost.audioMs));
    cost.ms *= kept * share;
    cost.audioMs *= kept;
    this.#finalCostMs *= share;
    this.#finalMs *= share;
  }

  /** Compute time lately spent on an owner, milliseconds. */
  servedMs(owner: string): number {
    const share = this.#shares.get(owner);
    return share ? decayed(share, this.#clock.now()) : 0;
  }

  /** How long a job of this kind takes, milliseconds; endless while nothing is known. */
  expectedMs(kind: JobKind): number {
    const ms = isFinal(kind) ? this.#finalMs : kind === "batch" ? this.#batchMs : this.#partialMs;
    return ms === 0 ? Number.POSITIVE_INFINITY : ms;
  }

  forget(owner: string): void {
    this.#shares.delete(owner);
  }

  snapshot(queued: number, running: number): SchedulerLoad {
    return {
      lanes: this.#lanes,
      running,
      queued,
      busy: Math.min(1, decayed(this.#busyMs, this.#clock.now()) / (WINDOW_MS * this.#lanes)),
      finalWaitMs: this.#waitedLately(),
      finalCostMs: this.#finalCostMs,
      finalMs: this.#finalMs,
      partialMs: this.#partialMs,
    };
  }

  /** A wait of long ago says nothing of now. */
  #waitedLately(): number {
    return this.#finalWaitMs * Math.exp((this.#finalWaitAt - this.#clock.now()) / WINDOW_MS);
  }
}

function isFinal(kind: JobKind): boolean {
  return kind === "final" || kind === "speculative";
}

function smooth(old: number, value: number): number {
  return old === 0 ? value : old + SMOOTHING * (value - old);
}

function decayed(share: Share, now: number): number {
  return share.servedMs * Math.exp((share.at - now) / WINDOW_MS);
}

function add(share: Share, ms: number, now: number): void {
  share.servedMs = decayed(share, now) + ms;
  share.at = now;
}
