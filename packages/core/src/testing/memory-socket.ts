import type { ClientSocket, SocketFactory, SocketRequest } from "../client/connection/socket.js";

const CONNECTING = 0;
const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;

/** What a test does with a message: text as a string, a binary frame as bytes. */
export type MemoryMessage = string | Uint8Array;

/**
 * One end of a socket within the process, with the semantics of the standard WebSocket: events come later, never from within
 * `send` or `close`, and in order. Messages sent before the other end's `onmessage` is set wait for it.
 */
export class MemorySocket {
  onopen: (() => void) | undefined;
  onmessage: ((event: { data: MemoryMessage }) => void) | undefined;
  onclose: ((event: { code: number; reason: string; wasClean: boolean }) => void) | undefined;
  /** 0 connecting, 1 open, 2 closing, 3 closed. */
  readyState = CONNECTING;
  /** Everything this end sent, for assertions. */
  readonly sent: MemoryMessage[] = [];
  #peer!: MemorySocket;
  #inbox: MemoryMessage[] = [];
  #paused = false;
  #closing: { code: number; reason: string; wasClean: boolean } | undefined;
  #scheduled = false;

  /** Two ends of one connection; both open a turn later. */
  static pair(): [MemorySocket, MemorySocket] {
    const a = new MemorySocket();
    const b = new MemorySocket();
    a.#peer = b;
    b.#peer = a;
    for (const end of [a, b]) {
      void Promise.resolve().then(() => {
        if (end.readyState !== CONNECTING) return;
        end.readyState = OPEN;
        end.onopen?.();
        end.#schedule();
      });
    }
    return [a, b];
  }

  /** Bytes sent that the other end has not taken. */
  get bufferedAmount(): number {
    let bytes = 0;
    for (const message of this.#peer.#inbox) bytes += typeof message === "string" ? message.length : message.byteLength;
    return bytes;
  }

  /** @throws Error while connecting, like a WebSocket; after closing the message is dropped, likewise */
  send(data: MemoryMessage): void {
    if (this.readyState === CONNECTING) throw new Error("Still in CONNECTING state.");
    if (this.readyState !== OPEN) return;
    // A frame on the wire is a copy.
    const message = typeof data === "string" ? data : data.slice();
    this.sent.push(message);
    this.#peer.#inbox.push(message);
    this.#peer.#schedule();
  }

  /** Closes both ends after what was sent before has arrived. */
  close(code = 1000, reason = ""): void {
    if (this.readyState >= CLOSING) return;
    this.readyState = CLOSING;
    this.#finish({ code, reason, wasClean: true });
  }

  /** The connection breaks: both ends see 1006, and what had not arrived is lost. */
  terminate(): void {
    for (const end of [this, this.#peer]) end.#inbox = [];
    this.#finish({ code: 1006, reason: "", wasClean: false });
  }

  /** This end stops reading: the other's `bufferedAmount` grows. */
  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#schedule();
  }

  #finish(closing: { code: number; reason: string; wasClean: boolean }): void {
    for (const end of [this, this.#peer]) {
      end.#closing ??= closing;
      end.#schedule();
    }
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    void Promise.resolve().then(() => {
      this.#scheduled = false;
      this.#deliver();
    });
  }

  #deliver(): void {
    while (this.readyState === OPEN && !this.#paused && this.onmessage && this.#inbox.length > 0) {
      this.onmessage({ data: this.#inbox.shift()! });
    }
    const mayClose = this.readyState !== OPEN || this.#inbox.length === 0;
    if (!this.#closing || this.readyState === CLOSED || !mayClose) return;
    this.readyState = CLOSED;
    this.#inbox = [];
    this.onclose?.(this.#closing);
  }
}

/**
 * A {@link SocketFactory} whose sockets end in the test.
 *
 * @param accept receives the server's end; return an HTTP status to refuse the upgrade with it, as a full server does
 * @example
 * const factory = memorySocketFactory((server) => {
 *   server.onmessage = ({ data }) => server.send(answerTo(data));
 * });
 */
export function memorySocketFactory(
  accept: (server: MemorySocket, request: SocketRequest) => number | undefined,
): SocketFactory {
  return (request, handlers): ClientSocket => {
    const [client, server] = MemorySocket.pair();
    const httpStatus = accept(server, request);
    if (httpStatus !== undefined) {
      void Promise.resolve().then(() => handlers.close({ code: 1006, reason: "", httpStatus }));
      return { bufferedAmount: 0, send() {}, close() {}, terminate() {} };
    }
    client.onopen = () => handlers.open();
    client.onmessage = ({ data }) => handlers.message(data);
    client.onclose = ({ code, reason }) => handlers.close({ code, reason });
    return client;
  };
}
