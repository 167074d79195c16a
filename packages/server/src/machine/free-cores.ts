import os from "node:os";
import type { Clock } from "@stt/core";

/** A shorter stretch says little: the system counts in hundredths of a second. */
const LEAST_MS = 2000;
/** What happened before an idle time says nothing of now. */
const MOST_MS = 10_000;

export interface FreeCoresOptions {
  clock: Clock;
  /** Processor time that we ourselves have used so far, milliseconds. */
  ownMs(): Promise<number>;
  /** Processor time that everybody has used so far, milliseconds, and how many cores there are. @default of the operating system */
  allMs?: () => { ms: number; cores: number };
}

interface Sample {
  at: number;
  ownMs: number;
  allMs: number;
}

/**
 * How many cores other programs leave to us, looked at every two seconds while somebody asks.
 *
 * Threads that decode together wait for each other: beside a program that keeps a core busy, a second thread made a decode up to ten
 * times slower instead of faster.
 */
export class FreeCores {
  readonly #options: Required<FreeCoresOptions>;
  #last: Sample | undefined;
  #sampling = false;
  #free = Number.POSITIVE_INFINITY;

  constructor(options: FreeCoresOptions) {
    this.#options = { allMs: usedByAll, ...options };
  }

  /** As last measured; infinite while nothing is known. */
  get(): number {
    const age = this.#last ? this.#options.clock.now() - this.#last.at : Number.POSITIVE_INFINITY;
    if (!this.#sampling && age >= LEAST_MS) void this.#sample();
    return age > MOST_MS ? Number.POSITIVE_INFINITY : this.#free;
  }

  async #sample(): Promise<void> {
    this.#sampling = true;
    try {
      const ownMs = await this.#options.ownMs();
      const { ms: allMs, cores } = this.#options.allMs();
      const now = { at: this.#options.clock.now(), ownMs, allMs };
      const before = this.#last;
      this.#last = now;
      const passed = before ? now.at - before.at : 0;
      const others = before ? (allMs - before.allMs - (ownMs - before.ownMs)) / passed : 0;
      this.#free = before && passed <= MOST_MS ? cores - Math.max(0, others) : Number.POSITIVE_INFINITY;
    } catch {
      // The inference process is being started again: the next sample will do.
    } finally {
      this.#sampling = false;
    }
  }
}

function usedByAll(): { ms: number; cores: number } {
  const cpus = os.cpus();
  const ms = cpus.reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
  return { ms, cores: cpus.length };
}
