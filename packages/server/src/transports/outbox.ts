import { encodeMessage, type ServerMessage } from "@stt/core";
import type { WebSocket } from "ws";

/** Above this many unsent bytes partials are held back, the newest replacing the one before. */
const COALESCE_BYTES = 64 * 1024;
/** Above this many unsent bytes the reader is given up. */
const MAX_BYTES = 1024 * 1024;

/** What leaves by one socket: everything in order, except that a slow reader is spared outdated partials. */
export class Outbox {
  readonly #socket: WebSocket;
  readonly #onOverflow: () => void;
  #latest: ServerMessage | undefined;
  #closed = false;

  constructor(socket: WebSocket, onOverflow: () => void) {
    this.#socket = socket;
    this.#onOverflow = onOverflow;
  }

  /** Sends a message that must arrive. */
  send(message: ServerMessage): void {
    if (this.#closed || this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > MAX_BYTES) {
      this.close();
      this.#onOverflow();
      return;
    }
    this.#socket.send(encodeMessage(message), () => this.#flush());
  }

  /** Sends a message that a later one of its kind makes worthless. */
  sendLatest(message: ServerMessage): void {
    if (this.#socket.bufferedAmount > COALESCE_BYTES) this.#latest = message;
    else this.send(message);
  }

  /** Forgets the message held back, if any. */
  dropLatest(): void {
    this.#latest = undefined;
  }

  close(): void {
    this.#closed = true;
    this.#latest = undefined;
  }

  #flush(): void {
    if (!this.#latest || this.#socket.bufferedAmount > COALESCE_BYTES) return;
    const message = this.#latest;
    this.#latest = undefined;
    this.send(message);
  }
}
