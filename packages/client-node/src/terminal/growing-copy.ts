import type { Clock } from "@stt/core";
import type { Clipboard, CopyOutcome } from "./clipboard.js";

/** A text of up to so many characters costs nothing to be sent whole with each sentence. */
const SHORT_CHARS = 500;
/** A longer one is sent no more often, milliseconds: every time it goes whole through the terminal, and perhaps through a modem. */
const INTERVAL_MS = 5000;

export interface GrowingCopyOptions {
  /** The text as it is now. */
  text(): string;
  /** Called once: it cannot be copied, or no longer. */
  onFailed(outcome: Exclude<CopyOutcome, "copied">): void;
}

/** Keeps a text that grows in the clipboard: at once while it is short, at intervals when it is long, and whole at the end. */
export class GrowingCopy {
  readonly #clipboard: Clipboard;
  readonly #clock: Clock;
  readonly #options: GrowingCopyOptions;
  #copied = "";
  #copiedAt = Number.NEGATIVE_INFINITY;
  #cancelTimer: (() => void) | undefined;
  #hasFailed = false;
  /** Copies one after the other: the clipboard must not end with an older text. */
  #work: Promise<void> = Promise.resolve();

  constructor(clipboard: Clipboard, clock: Clock, options: GrowingCopyOptions) {
    this.#clipboard = clipboard;
    this.#clock = clock;
    this.#options = options;
  }

  textChanged(): void {
    if (this.#cancelTimer) return;
    const isShort = this.#options.text().length <= SHORT_CHARS;
    const delayMs = isShort ? 0 : this.#copiedAt + INTERVAL_MS - this.#clock.now();
    if (delayMs <= 0) this.#copy();
    else {
      this.#cancelTimer = this.#clock.setTimer(delayMs, () => {
        this.#cancelTimer = undefined;
        this.#copy();
      });
    }
  }

  /** Copies what is still missing. */
  async end(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#copy();
    await this.#work;
  }

  #copy(): void {
    const text = this.#options.text();
    if (text === "" || text === this.#copied) return;
    this.#copied = text;
    this.#copiedAt = this.#clock.now();
    this.#work = this.#work.then(async () => {
      const outcome = await this.#clipboard.copy(text);
      if (outcome === "copied" || this.#hasFailed) return;
      this.#hasFailed = true;
      this.#options.onFailed(outcome);
    });
  }
}
