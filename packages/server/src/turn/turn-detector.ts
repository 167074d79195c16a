import type { Clock } from "@stt/core";
import type { Log } from "../observability/log.js";
import type { TurnOutcome } from "../observability/metrics.js";

/** Whether the speaker has finished, by how the last words were said. */
export interface TurnDetector {
  /** Puts a question. Its answer may be that there is none: the plain rule applies then. */
  ask(question: TurnQuestion): PendingAnswer;
  /** Loads the model if it is not there yet, so that the first question need not wait for it. */
  prepare(): void;
  /** Frees everything; questions under way have no answer. Idempotent. */
  close(): Promise<void>;
}

export interface TurnQuestion {
  /** 16 kHz mono: the turn so far, its last 8 s at most. Handed over. */
  audio: Float32Array;
  /** Somebody waits; a file can wait until nobody does. */
  isLive: boolean;
}

export interface PendingAnswer {
  /** That the speaker has finished, 0..1; undefined where there is no answer. Never rejects. */
  readonly probability: Promise<number | undefined>;
  /** Nobody wants to know any more: it is not heard unless it is under way already. Idempotent. */
  cancel(): void;
}

/** Answers questions one at a time; `TurnThread` is one. */
export interface TurnModel {
  /** @throws when it cannot answer any more */
  ask(audio: Float32Array): Promise<number>;
  close(): Promise<void>;
}

export interface QueuedTurnDetectorOptions {
  open(): Promise<TurnModel>;
  clock: Clock;
  log: Log;
  /** Is told of each question, with the time from its asking, milliseconds. */
  observe?(outcome: TurnOutcome, ms: number): void;
  /** Pause before a failed model is opened again, milliseconds. @default 5000 */
  retryMs?: number;
}

/** More questions of live speakers than this wait in vain: an answer takes 0.1 s and is wanted within a third of a second. */
const MAX_LIVE_WAITING = 8;
/** Of files, whose questions come back when there is room: one a session. */
const MAX_WAITING = 64;

interface Waiting extends TurnQuestion {
  askedAt: number;
  answer(outcome: TurnOutcome, probability?: number): void;
}

/**
 * The questions of all sessions, one after the other: live speakers first. The model is loaded with the first question, and opened
 * again when it failed.
 */
export class QueuedTurnDetector implements TurnDetector {
  readonly #options: QueuedTurnDetectorOptions;
  readonly #waiting: Waiting[] = [];
  #model: TurnModel | undefined;
  #opening: Promise<void> | undefined;
  #cancelRetry: (() => void) | undefined;
  #running: Waiting | undefined;
  #closed = false;

  constructor(options: QueuedTurnDetectorOptions) {
    this.#options = options;
  }

  prepare(): void {
    if (this.#model || this.#cancelRetry || this.#closed) return;
    this.#opening ??= this.#open();
  }

  ask(question: TurnQuestion): PendingAnswer {
    const { clock, observe } = this.#options;
    let settle: (probability: number | undefined) => void;
    const probability = new Promise<number | undefined>((resolve) => {
      settle = resolve;
    });
    let over = false;
    const askedAt = clock.now();
    const waiting: Waiting = {
      ...question,
      askedAt,
      answer: (outcome, value) => {
        if (over) return;
        over = true;
        observe?.(outcome, clock.now() - askedAt);
        settle(value);
      },
    };
    if (this.#hasRoomFor(question)) {
      this.#enqueue(waiting);
      this.prepare();
      this.#next();
    } else waiting.answer("none");
    return {
      probability,
      cancel: () => {
        const at = this.#waiting.indexOf(waiting);
        if (at >= 0) this.#waiting.splice(at, 1);
        waiting.answer("cancelled");
      },
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelRetry?.();
    this.#answerNone();
    await this.#opening;
    await this.#model?.close();
  }

  #hasRoomFor({ isLive }: TurnQuestion): boolean {
    if (this.#closed || this.#cancelRetry) return false;
    if (!isLive) return this.#waiting.length < MAX_WAITING;
    return this.#waiting.filter((each) => each.isLive).length < MAX_LIVE_WAITING;
  }

  #enqueue(waiting: Waiting): void {
    const firstOfFiles = this.#waiting.findIndex(({ isLive }) => !isLive);
    const at = waiting.isLive && firstOfFiles >= 0 ? firstOfFiles : this.#waiting.length;
    this.#waiting.splice(at, 0, waiting);
  }

  #next(): void {
    if (this.#running || !this.#model) return;
    this.#running = this.#waiting.shift();
    if (this.#running) void this.#run(this.#model, this.#running);
  }

  async #run(model: TurnModel, question: Waiting): Promise<void> {
    try {
      question.answer("answered", await model.ask(question.audio));
    } catch (error) {
      question.answer("none");
      this.#fail(error);
    }
    this.#running = undefined;
    this.#next();
  }

  async #open(): Promise<void> {
    try {
      const model = await this.#options.open();
      if (this.#closed) return void (await model.close());
      this.#model = model;
      this.#next();
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#opening = undefined;
    }
  }

  #fail(error: unknown): void {
    if (this.#closed) return;
    const { clock, log, retryMs = 5000 } = this.#options;
    log.error({ err: error }, "end-of-turn detection failed: silence ends turns until it is back");
    const failed = this.#model;
    this.#model = undefined;
    void failed?.close().catch(() => {});
    this.#answerNone();
    this.#cancelRetry = clock.setTimer(retryMs, () => {
      this.#cancelRetry = undefined;
      this.prepare();
    });
  }

  #answerNone(): void {
    for (const waiting of this.#waiting.splice(0)) waiting.answer("none");
  }
}
