import type { SessionEvent, SessionListener } from "./events.js";

/** What is known of an utterance that has no final yet. */
interface OpenTurn {
  /** That the speaker has finished, 0..1; undefined where nobody was asked. */
  probability: number | undefined;
  /** An `eager_end` went out, and nothing has followed it. */
  isEager: boolean;
}

/**
 * Tells where the speaker's turn stands, out of what happens in a session: the listener hears every event, and the `turn` events in
 * their places between them. Each `eager_end` is followed by `resumed` or `end`, and each turn ends once, before its final.
 */
export class TurnEvents {
  readonly #listener: SessionListener;
  readonly #open = new Map<number, OpenTurn>();

  constructor(listener: SessionListener) {
    this.#listener = listener;
  }

  readonly onEvent: SessionListener = (event) => {
    const turn = this.#turnBefore(event);
    if (turn) this.#listener(turn);
    this.#listener(event);
  };

  /** The answer for the silence that is being counted. */
  answered(utterance: number, probability: number | undefined): void {
    this.#open.set(utterance, { probability, isEager: false });
  }

  /** The utterance has probably ended. @param text its final, if nothing is added */
  eagerEnd(utterance: number, text: string, atMs: number): void {
    const probability = this.#open.get(utterance)?.probability;
    this.#open.set(utterance, { probability, isEager: true });
    this.#listener({ type: "turn", event: "eager_end", utterance, text, atMs, ...withProbability(probability) });
  }

  #turnBefore(event: SessionEvent): SessionEvent | undefined {
    if (event.type !== "silence_end" && event.type !== "final" && event.type !== "discarded") return undefined;
    const { type, utterance } = event;
    const turn = this.#open.get(utterance);
    this.#open.delete(utterance);
    switch (type) {
      case "silence_end":
        return turn?.isEager ? { type: "turn", event: "resumed", utterance, atMs: event.atMs } : undefined;
      case "discarded":
        return turn?.isEager
          ? { type: "turn", event: "end", utterance, text: "", atMs: event.atMs, ...withProbability(turn.probability) }
          : undefined;
      case "final": {
        // A turn that was cut at its greatest length goes on.
        if (event.continues && !turn?.isEager) return undefined;
        const { text, endMs } = event;
        return { type: "turn", event: "end", utterance, text, atMs: endMs, ...withProbability(turn?.probability) };
      }
    }
  }
}

function withProbability(probability: number | undefined): { probability?: number } {
  return probability === undefined ? {} : { probability };
}
