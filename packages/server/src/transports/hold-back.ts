import type { Clock } from "@stt/core";
import type { WebSocket } from "ws";

/** Unjudged audio is looked at again after this long while a client is held back. */
const CHECK_MS = 20;

/** Stops reading from a client that sends faster than its audio can be judged; TCP does the rest. */
export class HoldBack {
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  #cancelTimer: (() => void) | undefined;

  constructor(socket: WebSocket, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
  }

  /** Called with each frame: pauses the socket while the session is congested. */
  check(session: { readonly congested: boolean }): void {
    if (this.#cancelTimer || !session.congested) return;
    this.#socket.pause();
    const look = () => {
      this.#cancelTimer = undefined;
      if (session.congested) this.#cancelTimer = this.#clock.setTimer(CHECK_MS, look);
      else this.#socket.resume();
    };
    this.#cancelTimer = this.#clock.setTimer(CHECK_MS, look);
  }

  dispose(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}
