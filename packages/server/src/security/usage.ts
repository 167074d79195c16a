import { type Clock, SttError } from "@stt/core";
import { RateLimit } from "./rate-limit.js";

/** What one key may use; 0 is no limit. */
export interface KeyLimits {
  /** At the same time. */
  sessions: number;
  requestsPerMinute: number;
  audioMinutesPerDay: number;
}

const DAY_MS = 86_400_000;
const SESSION_RETRY_MS = 5000;
/** Most names that are remembered. */
const MAX_NAMES = 10_000;

/** What one key, its tokens included, uses of its limits on this server. */
export class KeyUsage {
  readonly #name: string;
  readonly #clock: Clock;
  readonly #dateNow: () => number;
  #limits: KeyLimits;
  #requests: RateLimit | undefined;
  #sessions = 0;
  #audioMs = 0;
  #day = 0;

  constructor(name: string, limits: KeyLimits, clock: Clock, dateNow: () => number) {
    this.#name = name;
    this.#clock = clock;
    this.#dateNow = dateNow;
    this.#limits = limits;
    this.#requests = requestLimit(clock, limits);
  }

  get idle(): boolean {
    return this.#sessions === 0;
  }

  /** Open now. */
  get sessions(): number {
    return this.#sessions;
  }

  /** Audio of today, milliseconds. */
  get audioMs(): number {
    this.#turnDay();
    return this.#audioMs;
  }

  /** Takes over limits that were changed; what is used stays used. */
  setLimits(limits: KeyLimits): void {
    if (limits.requestsPerMinute !== this.#limits.requestsPerMinute) this.#requests = requestLimit(this.#clock, limits);
    this.#limits = limits;
  }

  /** @throws SttError `rate_limited` */
  countRequest(): void {
    const waitMs = this.#requests?.take() ?? 0;
    if (waitMs === 0) return;
    const { requestsPerMinute } = this.#limits;
    throw limitError(`The key "${this.#name}" has made all its requests of a minute (${requestsPerMinute}).`, waitMs);
  }

  /** @throws SttError `rate_limited` when today's audio is used up. */
  requireAudio(): void {
    const error = this.audioLimitError();
    if (error) throw error;
  }

  /** Why no more audio is taken today; undefined when it is. */
  audioLimitError(): SttError | undefined {
    const { audioMinutesPerDay } = this.#limits;
    if (audioMinutesPerDay === 0 || this.audioMs < audioMinutesPerDay * 60_000) return undefined;
    const tomorrow = (Math.floor(this.#dateNow() / DAY_MS) + 1) * DAY_MS - this.#dateNow();
    return limitError(
      `The key "${this.#name}" has used all its audio of today (${audioMinutesPerDay} min, UTC).`,
      tomorrow,
    );
  }

  /** Notes audio that was received, milliseconds. */
  addAudio(ms: number): void {
    this.#turnDay();
    this.#audioMs += ms;
  }

  /**
   * Takes a place for one session.
   *
   * @returns gives it back; further calls do nothing.
   * @throws SttError `rate_limited`
   */
  openSession(): () => void {
    const { sessions } = this.#limits;
    if (sessions > 0 && this.#sessions >= sessions) {
      throw limitError(`The key "${this.#name}" has all its sessions open (${sessions}).`, SESSION_RETRY_MS);
    }
    this.#sessions += 1;
    let open = true;
    return () => {
      if (open) this.#sessions -= 1;
      open = false;
    };
  }

  #turnDay(): void {
    const day = Math.floor(this.#dateNow() / DAY_MS);
    if (day === this.#day) return;
    this.#day = day;
    this.#audioMs = 0;
  }
}

/** The usage of every name, in memory: a restart forgets it, and every server counts for itself. */
export class UsageLedger {
  readonly #clock: Clock;
  readonly #dateNow: () => number;
  readonly #maxNames: number;
  readonly #byName = new Map<string, KeyUsage>();

  constructor(clock: Clock, { dateNow = Date.now, maxNames = MAX_NAMES } = {}) {
    this.#clock = clock;
    this.#dateNow = dateNow;
    this.#maxNames = maxNames;
  }

  get size(): number {
    return this.#byName.size;
  }

  /** The usage of a name, which from now on has these limits. */
  of(name: string, limits: KeyLimits): KeyUsage {
    let usage = this.#byName.get(name);
    if (usage) {
      usage.setLimits(limits);
      this.#byName.delete(name);
    } else {
      if (this.#byName.size >= this.#maxNames) this.#forgetOldest();
      usage = new KeyUsage(name, limits, this.#clock, this.#dateNow);
    }
    // A map keeps the order of insertion: the least recently used name is the first.
    this.#byName.set(name, usage);
    return usage;
  }

  /** The usage of a name that was here since the start; undefined for others. */
  find(name: string): KeyUsage | undefined {
    return this.#byName.get(name);
  }

  /** Notes audio of a name. @returns why it gets no more; undefined while it does. */
  addAudio(name: string, ms: number): SttError | undefined {
    const usage = this.#byName.get(name);
    usage?.addAudio(ms);
    return usage?.audioLimitError();
  }

  #forgetOldest(): void {
    for (const [name, usage] of this.#byName) {
      if (!usage.idle) continue;
      this.#byName.delete(name);
      return;
    }
  }
}

function requestLimit(clock: Clock, { requestsPerMinute }: KeyLimits): RateLimit | undefined {
  return requestsPerMinute > 0 ? new RateLimit(clock, requestsPerMinute / 60, requestsPerMinute) : undefined;
}

function limitError(what: string, retryAfterMs: number): SttError {
  return new SttError("rate_limited", `${what} Try again in ${duration(retryAfterMs)}.`, {
    retryable: true,
    retryAfterMs,
  });
}

function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds / 3600)} h`;
}
