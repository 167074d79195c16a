import type { WebSocket } from "ws";

/** Above this many unsent bytes partials are held back, the newest replacing the one before. */
const COALESCE_BYTES = 64 * 1024;
/** Above this many unsent bytes the reader is given up. */
const MAX_BYTES = 1024 * 1024;

/** What leaves by one socket: everything in order, except that a slow reader is spared outdated partials. */
export class Outbox<Message> {
  readonly #socket: WebSocket;
  readonly #encode: (message: Message) => string;
  readonly #onOverflow: () => void;
  #latest: Message | undefined;
  #closed = false;

  /** @param onOverflow the reader was given up; nothing is sent any more */
  constructor(socket: WebSocket, encode: (message: Message) => string, onOverflow: () => void) {
    this.#socket = socket;
    this.#encode = encode;
    this.#onOverflow = onOverflow;
  }

  /** Whether the reader is slow: what can be told later should be. */
  get behind(): boolean {
    return this.#socket.bufferedAmount > COALESCE_BYTES;
  }

  /** Sends a message that must arrive. */
  send(message: Message): void {
    if (this.#closed || this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > MAX_BYTES) {
      this.close();
      this.#onOverflow();
      return;
    }
    this.#socket.send(this.#encode(message), () => this.#flush());
  }

  /** Sends a message that a later one of its kind makes worthless. */
  sendLatest(message: Message): void {
    if (this.behind) this.#latest = message;
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
    if (!this.#latest || this.behind) return;
    const message = this.#latest;
    this.#latest = undefined;
    this.send(message);
  }
}
