import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { isSttError, messageOf, SttError } from "@stt/core";
import type { MessageSocket } from "../socket/message-socket.js";

/** Cuts the bytes of a connection into the messages of a wire. */
export interface MessageFramer {
  /**
   * Takes the next bytes.
   *
   * @returns the messages that are complete now
   * @throws SttError for bytes that are none, and for a message that is larger than is taken
   */
  push(bytes: Buffer): FramedMessage[];
}

export interface FramedMessage {
  data: Buffer;
  /** It carries audio: it does not count as one of the messages that are limited by the second. */
  isAudio: boolean;
}

/** A peer that does not close its side in answer is cut off after this. */
const CLOSE_GRACE_MS = 2000;
const KEEP_ALIVE_MS = 30_000;
const OPEN = 1;
const CLOSED = 3;

interface Events {
  message: [data: Buffer, isBinary: boolean];
  close: [];
  error: [error: Error];
}

/** A framed TCP connection that behaves like a WebSocket, so that the wires on both have one life. */
export class TcpSocket extends EventEmitter<Events> implements MessageSocket {
  readonly OPEN = OPEN;
  readonly #socket: Socket;
  readonly #framer: MessageFramer;
  #ending = false;

  /** @param onMalformed its bytes make no messages; it is over once that was told */
  constructor(socket: Socket, framer: MessageFramer, onMalformed: (error: SttError) => void) {
    super();
    this.#socket = socket;
    this.#framer = framer;
    socket.setNoDelay(true);
    // These wires have no pings: a peer that is gone is noticed by the system.
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.on("data", (bytes: Buffer) => this.#read(bytes, onMalformed));
    socket.on("error", (error) => this.emit("error", error));
    socket.once("close", () => this.emit("close"));
  }

  get readyState(): number {
    return this.#ending || this.#socket.destroyed ? CLOSED : OPEN;
  }

  get isPaused(): boolean {
    return this.#socket.isPaused();
  }

  get bufferedAmount(): number {
    return this.#socket.writableLength;
  }

  send(data: string | Uint8Array, sent: () => void): void {
    if (this.#socket.writable) this.#socket.write(data, sent);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** What was sent still goes out. TCP has no word for codes and reasons: wires that have one say them before. */
  close(_code: number, _reason: string | Buffer): void {
    if (this.#ending) return;
    this.#ending = true;
    this.#socket.end();
    const timer = setTimeout(() => this.#socket.destroy(), CLOSE_GRACE_MS);
    this.#socket.once("close", () => clearTimeout(timer));
  }

  terminate(): void {
    this.#ending = true;
    this.#socket.destroy();
  }

  #read(bytes: Buffer, onMalformed: (error: SttError) => void): void {
    if (this.#ending) return;
    let messages: FramedMessage[];
    try {
      messages = this.#framer.push(bytes);
    } catch (error) {
      const malformed = isSttError(error) ? error : new SttError("bad_message", messageOf(error), { cause: error });
      onMalformed(malformed);
      return;
    }
    for (const { data, isAudio } of messages) this.emit("message", data, isAudio);
  }
}
