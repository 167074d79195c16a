import type { ServerMessageOf } from "../../protocol/messages.js";

/**
 * Keeps the promises of `turn` messages across a reconnect: a server that takes over an utterance knows nothing of what an earlier
 * one said of it. To the reader each turn still ends once, and nobody resumes who had not paused.
 */
export class TurnGuard {
  /** The text of the `eager_end` that nothing has followed yet. */
  #eagerText: string | undefined;
  #lastEnd = -1;

  /** Whether the reader should see it. */
  admits({ event, utterance, text }: ServerMessageOf<"turn">): boolean {
    if (utterance <= this.#lastEnd) return false;
    const before = this.#eagerText;
    this.#eagerText = event === "eager_end" ? text : undefined;
    switch (event) {
      case "eager_end":
        return text !== before;
      case "resumed":
        return before !== undefined;
      case "end":
        this.#lastEnd = utterance;
        return true;
      default:
        return event satisfies never;
    }
  }
}
