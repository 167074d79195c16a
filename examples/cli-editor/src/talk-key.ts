import type { InputEvent } from "./terminal/input-parser.js";

const KEY = "f1";
/** A press that is shorter switches the recording on and leaves it on. */
const HOLD_MS = 400;

/** What the key does. */
export interface TalkKeyActions {
  /** @returns whether a recording began */
  toggle(): boolean;
  stop(): void;
}

/** F1: a press begins and ends a recording; held, it records as long as it is held, where the terminal tells of the release. */
export class TalkKey {
  #heldSince: number | undefined;
  readonly #actions: TalkKeyActions;

  constructor(actions: TalkKeyActions) {
    this.#actions = actions;
  }

  /** @returns whether it was this key */
  take(event: InputEvent): boolean {
    if ((event.type !== "key" && event.type !== "release") || event.name !== KEY) return false;
    if (event.type === "release") {
      if (this.#heldSince !== undefined && performance.now() - this.#heldSince >= HOLD_MS) this.#actions.stop();
      this.#heldSince = undefined;
    } else if (!event.isRepeat) {
      this.#heldSince = this.#actions.toggle() ? performance.now() : undefined;
    }
    return true;
  }
}
