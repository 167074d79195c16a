import { abortError, type Clock, SttError } from "@stt/core";
import { JOB_KINDS, type JobKind } from "./job-kind.js";
import { LoadMeter, type SchedulerLoad } from "./load-meter.js";

export type { JobKind } from "./job-kind.js";

export interface Job<T> {
  kind: JobKind;
  /** Whose job it is: fairness is between owners. */
  owner: string;
  /** Length of the audio, milliseconds. */
  audioMs: number;
  /** Does the work. Must reject soon after `signal` fires. @param lanes how many lanes it has to itself */
  run(signal: AbortSignal, lanes: number): Promise<T>;
}

/** A submitted job. */
export interface JobHandle<T> {
  /** Rejects with `aborted` when cancelled, replaced by a newer partial, or stopped to make room for a final. */
  readonly result: Promise<T>;
  readonly kind: JobKind;
  /** Makes the job more urgent; ignored when it would make it less so. */
  promote(kind: JobKind): void;
  /** Idempotent; nothing happens once the job is done. */
  cancel(reason?: unknown): void;
}

/** What is known of a job that is over. Times are milliseconds. */
export interface JobReport {
  kind: JobKind;
  owner: string;
  waitedMs: number;
  ms: number;
  audioMs: number;
  /** False when it failed, was cancelled or made room for another. */
  completed: boolean;
}

/** Is told of every job, for metrics and traces. */
export type JobObserver = (report: JobReport) => void;

export interface SchedulerOptions {
  /** Jobs that run at the same time. */
  lanes: number;
  /** Lanes that one job can use, asked whenever one is started. @default () => 1 */
  mostLanes?: () => number;
  clock: Clock;
  observer?: JobObserver;
  /** Waiting this long lifts a job by one kind, so that nothing starves. @default 2000 */
  ageingMs?: number;
  /** The same for batch jobs, which can wait longer. @default 10000 */
  batchAgeingMs?: number;
  /** A running partial or batch job is stopped for a more urgent one only if that saves at least this much time. @default 30 */
  preemptWorthMs?: number;
}

interface Entry {
  readonly job: Job<unknown>;
  kind: JobKind;
  readonly queuedAt: number;
  controller: AbortController;
  startedAt: number;
  /** Lanes it has to itself. */
  lanes: number;
  /** Urgency when it was started. */
  urgency: number;
  state: "queued" | "running" | "done";
  /** Stopped to make room, and goes back to the queue. */
  displaced: boolean;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/**
 * Decides which inference runs next. It owns all lanes of the machine, whatever the model:
 *
 * - one whose speech alone is to be decoded has several lanes for a job, so that nobody waits beside an idle core; owners share
 *   them evenly, and from as many owners as lanes on each job has one;
 * - by kind (final, speculative final, first partial, later partials), lifted by age;
 * - within a kind, the owner that was served least lately goes first, so one busy session cannot slow the others;
 * - an owner has at most one partial waiting: a newer one replaces it;
 * - a running partial is stopped when a final or speculative final waits for its lane;
 * - a running batch job is stopped when anything live waits, and goes back to the queue with its age.
 */
export class Scheduler {
  readonly lanes: number;
  readonly #clock: Clock;
  readonly #observer: JobObserver | undefined;
  readonly #mostLanes: () => number;
  readonly #ageingMs: number;
  readonly #batchAgeingMs: number;
  readonly #preemptWorthMs: number;
  readonly #meter: LoadMeter;
  readonly #queue: Entry[] = [];
  readonly #running = new Set<Entry>();
  #closed = false;

  constructor(options: SchedulerOptions) {
    this.lanes = options.lanes;
    this.#clock = options.clock;
    this.#observer = options.observer;
    this.#mostLanes = options.mostLanes ?? (() => 1);
    this.#ageingMs = options.ageingMs ?? 2000;
    this.#batchAgeingMs = options.batchAgeingMs ?? 10_000;
    this.#preemptWorthMs = options.preemptWorthMs ?? 30;
    this.#meter = new LoadMeter(options.clock, options.lanes);
  }

  submit<T>(job: Job<T>): JobHandle<T> {
    let settle!: Pick<Entry, "resolve" | "reject">;
    const result = new Promise<T>((resolve, reject) => {
      settle = { resolve: resolve as (value: unknown) => void, reject };
    });
    // A caller that cancels and forgets the handle must not bring the process down with an unhandled rejection.
    result.catch(() => {});
    const entry: Entry = {
      job,
      kind: job.kind,
      queuedAt: this.#clock.now(),
      controller: new AbortController(),
      startedAt: 0,
      lanes: 1,
      urgency: rank(job.kind),
      state: "queued",
      displaced: false,
      ...settle,
    };
    if (this.#closed) {
      entry.state = "done";
      entry.reject(new SttError("aborted", "The server is shutting down."));
    } else {
      if (isPartial(job.kind)) this.#replaceWaitingPartial(job.owner);
      this.#queue.push(entry);
      this.#dispatch();
    }
    return {
      result,
      get kind() {
        return entry.kind;
      },
      promote: (kind) => this.#promote(entry, kind),
      cancel: (reason) => this.#cancel(entry, reason),
    };
  }

  /** Present load, for cadence, admission and metrics. */
  load(): SchedulerLoad {
    return this.#meter.snapshot(this.#queue.length, this.#running.size);
  }

  /** Tells what decoding some audio cost elsewhere, as in a warm-up. */
  learnCost(ms: number, audioMs: number): void {
    this.#meter.learnCost(ms, audioMs);
  }

  /** See {@link LoadMeter.changeCost}. */
  changeCost(share: number): void {
    this.#meter.changeCost(share);
  }

  /** Forgets what is remembered of an owner. */
  forget(owner: string): void {
    this.#meter.forget(owner);
  }

  /** Cancels everything; later submissions reject. Idempotent. */
  close(): void {
    this.#closed = true;
    for (const entry of [...this.#queue, ...this.#running]) {
      this.#cancel(entry, new SttError("aborted", "The server is shutting down."));
    }
  }

  #promote(entry: Entry, kind: JobKind): void {
    if (rank(kind) >= rank(entry.kind)) return;
    entry.kind = kind;
    if (entry.state === "queued") this.#dispatch();
  }

  #cancel(entry: Entry, reason?: unknown): void {
    if (entry.state === "done") return;
    if (entry.state === "queued") {
      entry.state = "done";
      this.#queue.splice(this.#queue.indexOf(entry), 1);
      entry.reject(abortError(reason));
      return;
    }
    // The lane is free only when the engine has really stopped: `run` settles then.
    entry.displaced = false;
    entry.controller.abort(reason);
  }

  #replaceWaitingPartial(owner: string): void {
    const older = this.#queue.find((entry) => entry.job.owner === owner && isPartial(entry.kind));
    if (older) this.#cancel(older, new SttError("aborted", "A newer partial replaced this one."));
  }

  #dispatch(): void {
    while (this.#queue.length > 0 && this.#freeLanes > 0) {
      const owners = new Set([...this.#queue, ...this.#running].map(({ job }) => job.owner)).size;
      const next = this.#takeNext();
      this.#start(next, this.#lanesFor(next, owners));
    }
    this.#preempt();
  }

  get #freeLanes(): number {
    let free = this.lanes;
    for (const { lanes } of this.#running) free -= lanes;
    return free;
  }

  /** @param owners who have jobs that wait or run */
  #lanesFor({ kind, job }: Entry, owners: number): number {
    // The pieces of a long file get further side by side; only its beginning is waited for.
    if (kind === "batch" && this.#meter.servedMs(job.owner) > 0) return 1;
    const share = Math.floor(this.lanes / owners);
    return Math.max(1, Math.min(this.#freeLanes, share, this.#mostLanes()));
  }

  #takeNext(): Entry {
    const now = this.#clock.now();
    let best = 0;
    for (let i = 1; i < this.#queue.length; i++) {
      if (this.#isBefore(this.#queue[i]!, this.#queue[best]!, now)) best = i;
    }
    return this.#queue.splice(best, 1)[0]!;
  }

  #isBefore(a: Entry, b: Entry, now: number): boolean {
    const byKind = this.#urgency(a, now) - this.#urgency(b, now);
    if (byKind !== 0) return byKind < 0;
    const byShare = this.#meter.servedMs(a.job.owner) - this.#meter.servedMs(b.job.owner);
    if (byShare !== 0) return byShare < 0;
    return a.queuedAt < b.queuedAt;
  }

  #urgency(entry: Entry, now: number): number {
    const ageingMs = entry.kind === "batch" ? this.#batchAgeingMs : this.#ageingMs;
    return rank(entry.kind) - Math.floor((now - entry.queuedAt) / ageingMs);
  }

  #preempt(): void {
    const finals = this.#queue.filter((entry) => isFinal(entry.kind)).length;
    const live = this.#queue.filter((entry) => entry.kind !== "batch").length;
    if (live === 0) return;
    let stopping = [...this.#running].filter((entry) => entry.controller.signal.aborted).length;
    const now = this.#clock.now();
    const victims = [...this.#running]
      .filter((entry) => !entry.controller.signal.aborted)
      .map((entry) => ({ entry, savesMs: this.#meter.expectedMs(entry.kind) / entry.lanes - (now - entry.startedAt) }))
      .filter((victim) => victim.savesMs >= this.#preemptWorthMs)
      .sort((a, b) => rank(b.entry.kind) - rank(a.entry.kind) || b.savesMs - a.savesMs);
    for (const { entry } of victims) {
      // Partials give way to finals, batch jobs to both. One that got its lane by age would only starve on.
      const waiting = entry.kind === "batch" && entry.urgency > rank("first-partial") ? live : finals;
      if (stopping >= waiting || entry.urgency < rank("first-partial")) continue;
      this.#cancel(
        entry,
        new SttError("aborted", "A more urgent job needed the place of this one.", { retryable: true }),
      );
      entry.displaced = entry.kind === "batch";
      stopping++;
    }
  }

  #start(entry: Entry, lanes: number): void {
    entry.state = "running";
    entry.lanes = lanes;
    entry.startedAt = this.#clock.now();
    entry.urgency = this.#urgency(entry, entry.startedAt);
    this.#running.add(entry);
    this.#meter.started(entry.kind, entry.startedAt - entry.queuedAt);
    let run: Promise<unknown>;
    try {
      run = entry.job.run(entry.controller.signal, lanes);
    } catch (error) {
      run = Promise.reject(error);
    }
    run.then(
      (value) => this.#finish(entry, () => entry.resolve(value), true),
      (error) => this.#finish(entry, () => entry.reject(error), false),
    );
  }

  #finish(entry: Entry, settle: () => void, completed: boolean): void {
    entry.state = "done";
    this.#running.delete(entry);
    const { owner, audioMs } = entry.job;
    const ms = this.#clock.now() - entry.startedAt;
    this.#meter.finished(entry.kind, owner, ms * entry.lanes, audioMs, completed);
    this.#observer?.({ kind: entry.kind, owner, waitedMs: entry.startedAt - entry.queuedAt, ms, audioMs, completed });
    if (entry.displaced && !completed) {
      entry.displaced = false;
      entry.controller = new AbortController();
      entry.state = "queued";
      this.#queue.push(entry);
    } else if (entry.controller.signal.aborted && !entry.displaced) {
      entry.reject(abortError(entry.controller.signal.reason));
    } else settle();
    this.#dispatch();
  }
}

function rank(kind: JobKind): number {
  return JOB_KINDS.indexOf(kind);
}

function isFinal(kind: JobKind): boolean {
  return kind === "final" || kind === "speculative";
}

function isPartial(kind: JobKind): boolean {
  return kind === "first-partial" || kind === "partial";
}
