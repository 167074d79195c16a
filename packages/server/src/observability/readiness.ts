/** Whether new sessions are welcome, and if not, why. */
export interface ReadinessState {
  ready: boolean;
  /** What is being waited for; absent when ready. */
  reason?: string;
}

/**
 * Starting, ready, draining, in this order and never back. A part that fails while the server runs is asked each time: the
 * server is not ready for as long as it says why. Sessions that come while models load wait for {@link ready}.
 */
export class Readiness {
  /** Resolves once models are loaded; rejects when they cannot be. */
  readonly ready: Promise<void>;
  readonly #checks: (() => string | undefined)[] = [];
  #state: ReadinessState = { ready: false, reason: "models are loading" };
  #draining = false;
  #resolve!: () => void;
  #reject!: (error: unknown) => void;

  constructor() {
    this.ready = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Nobody may be waiting when a start fails; the failure is reported by `listen` itself.
    this.ready.catch(() => {});
  }

  /** Whether the server is about to end. */
  get draining(): boolean {
    return this.#draining;
  }

  state(): ReadinessState {
    if (!this.#state.ready) return this.#state;
    for (const check of this.#checks) {
      const reason = check();
      if (reason !== undefined) return { ready: false, reason };
    }
    return this.#state;
  }

  /** @param check why the server cannot work at present; undefined while it can. Cheap: every probe asks it. */
  watch(check: () => string | undefined): void {
    this.#checks.push(check);
  }

  /** What the start is about at present, such as a download. */
  starting(reason: string): void {
    if (!this.#state.ready && !this.#draining) this.#state = { ready: false, reason };
  }

  markReady(): void {
    if (this.#draining) return;
    this.#state = { ready: true };
    this.#resolve();
  }

  markFailed(error: unknown): void {
    this.#state = { ready: false, reason: "the start failed" };
    this.#reject(error);
  }

  markDraining(): void {
    this.#draining = true;
    this.#state = { ready: false, reason: "the server is draining" };
  }
}
