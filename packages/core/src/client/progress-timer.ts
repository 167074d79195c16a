import type { Clock } from "../clock.js";

/** Fires when nothing happened for a while. */
export class ProgressTimer {
  private cancel: (() => void) | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly timeoutMs: number,
    private readonly onTimeout: () => void,
  ) {}

  /** Begins, or begins again: something happened. */
  restart(): void {
    this.stop();
    this.cancel = this.clock.setTimer(this.timeoutMs, this.onTimeout);
  }

  stop(): void {
    this.cancel?.();
    this.cancel = undefined;
  }
}
