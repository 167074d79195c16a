import type { Clock } from "../clock.js";

interface Timer {
  due: number;
  callback: () => void;
}

/** A clock that stands still until it is advanced. */
export class FakeClock implements Clock {
  #now: number;
  /** In the order of their making, which decides between equal due times. */
  #timers: Timer[] = [];

  /** @param startMs @default 0 */
  constructor(startMs = 0) {
    this.#now = startMs;
  }

  /** Timers that have not run. 0 at the end of a test shows that everything was disposed of. */
  get pendingTimers(): number {
    return this.#timers.length;
  }

  now(): number {
    return this.#now;
  }

  setTimer(delayMs: number, callback: () => void): () => void {
    const timer: Timer = { due: this.#now + Math.max(0, delayMs), callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Moves time forward and runs what falls due, in order, each at its own time; also timers that those set. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let timer = this.#takeDue(end); timer; timer = this.#takeDue(end)) {
      this.#now = Math.max(this.#now, timer.due);
      timer.callback();
    }
    this.#now = end;
  }

  /** As {@link advance}, but lets promises settle before, between and after the timers. */
  async advanceAsync(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let timer = this.#takeDue(end); timer; timer = this.#takeDue(end)) {
      this.#now = Math.max(this.#now, timer.due);
      timer.callback();
      await settle();
    }
    this.#now = end;
  }

  #takeDue(end: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.due <= end && (!next || timer.due < next.due)) next = timer;
    }
    if (next) this.#timers = this.#timers.filter((other) => other !== next);
    return next;
  }
}

/** Lets chains of settled promises run, up to `turns` links. No time passes. */
export async function settle(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve();
}
