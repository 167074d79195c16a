import type { TextHint } from "./utterance-events.js";

/** A finished sentence halves the wait, an unfinished one adds half. */
const HINT_FACTOR: Record<TextHint, number> = { complete: 0.5, neutral: 1, continues: 1.5 };

export interface EndSilenceOptions {
  silenceMs: number;
  silenceConfirmMs: number;
  adaptiveSilence: boolean;
}

/** How long the silence that is being counted has to last until it ends the utterance. */
export class EndSilence {
  #hint: TextHint = "neutral";
  #waitMs: number | undefined;

  /** What the text of the open utterance looks like. */
  hint(textHint: TextHint): void {
    this.#hint = textHint;
  }

  /** This long, whatever the options and the text say. */
  waitFor(ms: number | undefined): void {
    this.#waitMs = ms;
  }

  /** Speech goes on, or another utterance begins: what was said of the last silence is void. */
  reset(): void {
    this.#hint = "neutral";
    this.#waitMs = undefined;
  }

  /** Milliseconds of silence. */
  lengthMs({ silenceMs, silenceConfirmMs, adaptiveSilence }: EndSilenceOptions): number {
    if (this.#waitMs !== undefined) return this.#waitMs;
    if (!adaptiveSilence) return silenceMs;
    return Math.max(silenceMs * HINT_FACTOR[this.#hint], Math.min(silenceMs, silenceConfirmMs));
  }
}
