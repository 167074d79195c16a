import type { MessageSocket } from "./message-socket.js";

/** Above this share of the bound partials wait, the newest replacing the one before. */
const COALESCE_SHARE = 1 / 16;

/** Everything that one socket sends, in order, except that a slow reader is spared outdated partials. */
export class SocketWriter<Message> {
  readonly #socket: MessageSocket;
  readonly #encode: (message: Message) => string | Uint8Array;
  readonly #maxBytes: number;
  readonly #onOverflow: () => void;
  #latest: Message | undefined;
  #closed = false;

  /**
   * @param maxBytes with more unsent bytes than this the reader is given up
   * @param onOverflow the reader was given up; nothing is sent any more
   */
  constructor(
    socket: MessageSocket,
    encode: (message: Message) => string | Uint8Array,
    maxBytes: number,
    onOverflow: () => void,
  ) {
    this.#socket = socket;
    this.#encode = encode;
    this.#maxBytes = maxBytes;
    this.#onOverflow = onOverflow;
  }

  /** Whether the reader is slow: what can be sent later should be. */
  get isBackpressured(): boolean {
    return this.#socket.bufferedAmount > this.#maxBytes * COALESCE_SHARE;
  }

  /** Sends a message that must arrive. */
  send(message: Message): void {
    if (this.#closed || this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > this.#maxBytes) {
      this.close();
      this.#onOverflow();
      return;
    }
    this.#socket.send(this.#encode(message), () => this.#flush());
  }

  /** Sends a message that a later one of its kind makes worthless. */
  sendLatest(message: Message): void {
    if (this.isBackpressured) this.#latest = message;
    else this.send(message);
  }

  /** Forgets the message that waits, if any. */
  dropLatest(): void {
    this.#latest = undefined;
  }

  close(): void {
    this.#closed = true;
    this.#latest = undefined;
  }

  #flush(): void {
    if (!this.#latest || this.isBackpressured) return;
    const message = this.#latest;
    this.#latest = undefined;
    this.send(message);
  }
}
