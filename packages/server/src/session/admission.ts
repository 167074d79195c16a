import { SttError } from "@stt/core";
import type { Readiness } from "../observability/readiness.js";
import { speakerCapacity } from "../scheduler/capacity.js";
import type { SchedulerLoad } from "../scheduler/load-meter.js";
import type { SessionRegistry } from "./session-registry.js";

export interface AdmissionOptions {
  registry: Pick<SessionRegistry, "size" | "speaking" | "liveSpeakers">;
  readiness: Pick<Readiness, "draining">;
  /** Most sessions at the same time; 0 goes by how many people may speak at the same time. */
  maxSessions(): number;
  /** Undefined while models load. */
  load(): SchedulerLoad | undefined;
}

/** Decides whether there is a place for another session. */
export class Admission {
  readonly #options: AdmissionOptions;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** Why there is none; undefined when there is. */
  rejection(): SttError | undefined {
    const { registry, readiness } = this.#options;
    if (readiness.draining) {
      // At once, since elsewhere there may be a place: this server's own end is no matter of seconds.
      return new SttError("capacity", "This server is about to end. Connect to another one.", {
        retryable: true,
        retryAfterMs: 0,
      });
    }
    const maxSessions = this.#options.maxSessions();
    if (maxSessions > 0) {
      if (registry.size < maxSessions) return undefined;
      return full(`All ${maxSessions} sessions of this server are in use (MAX_SESSIONS).`);
    }
    const load = this.#options.load();
    const capacity = load ? speakerCapacity(load) : Number.POSITIVE_INFINITY;
    if (registry.speaking < capacity) return undefined;
    const live = registry.liveSpeakers;
    if (live < capacity) return undefined;
    return full(`${live} people are speaking, and this server decodes ${capacity} at the same time.`);
  }
}

function full(what: string): SttError {
  return new SttError("capacity", `${what} Try again later.`, { retryable: true });
}
