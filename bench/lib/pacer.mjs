/** One timer for all speakers: each sends a frame every 32 ms, spread over the 32 ms as independent clients are. */
import { FRAME_MS } from "./recordings.mjs";
import { percentile } from "./stats.mjs";

const PHASES = 16;

export class Pacer {
  #phases;
  #begin = 0;
  #tick = 0;
  #timer;
  #late = [];

  /** @param {import("./speaker.mjs").Speaker[]} speakers */
  constructor(speakers) {
    const count = Math.max(1, Math.min(PHASES, speakers.length));
    this.#phases = Array.from({ length: count }, (_, phase) => speakers.filter((_, i) => i % count === phase));
  }

  start() {
    this.#begin = performance.now();
    this.#run();
    return this;
  }

  stop() {
    clearTimeout(this.#timer);
  }

  /** How late frames left, milliseconds: a generator that is late itself cannot judge a server. */
  latenessMs(p = 99) {
    return percentile(this.#late, p);
  }

  /** Forgets the lateness so far. */
  resetLateness() {
    this.#late = [];
  }

  #run() {
    const step = FRAME_MS / this.#phases.length;
    for (;;) {
      const now = performance.now();
      const due = this.#begin + this.#tick * step;
      if (due > now) break;
      this.#late.push(now - due);
      for (const speaker of this.#phases[this.#tick++ % this.#phases.length]) speaker.send(now);
    }
    this.#timer = setTimeout(() => this.#run(), Math.max(1, this.#begin + this.#tick * step - performance.now()));
  }
}
