/** Whether new sessions are welcome, and if not, why. */
export interface ReadinessState {
  ready: boolean;
  /** What is being waited for; absent when ready. */
  reason?: string;
}

/** A one-way latch with a reason: starting, ready, draining. Sessions that come while models load wait for {@link ready}. */
export class Readiness {
  /** Resolves once models are loaded; rejects when they cannot be. */
  readonly ready: Promise<void>;
  #state: ReadinessState = { ready: false, reason: "models are loading" };
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

  state(): ReadinessState {
    return this.#state;
  }

  markReady(): void {
    this.#state = { ready: true };
    this.#resolve();
  }

  markFailed(error: unknown): void {
    this.#state = { ready: false, reason: "the start failed" };
    this.#reject(error);
  }

  markDraining(): void {
    this.#state = { ready: false, reason: "the server is draining" };
  }
}
