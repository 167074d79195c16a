import type { MessageSocket } from "./message-socket.js";

/** Takes a message, or does what waited for its turn. While the promise is pending the next one waits. Must not throw. */
type Task = () => void | Promise<void>;

/**
 * The messages of one socket, one after the other. While one is being dealt with, the socket is not read: what the client sends
 * then waits on its side of TCP.
 */
export class SocketReader {
  readonly #socket: Pick<MessageSocket, "pause" | "resume">;
  readonly #handle: (data: Buffer, isBinary: boolean) => void | Promise<void>;
  /** What had been read already when the socket was paused. */
  readonly #waiting: Task[] = [];
  #busy = false;

  /** @param handle takes a message, see {@link Task} */
  constructor(
    socket: Pick<MessageSocket, "pause" | "resume">,
    handle: (data: Buffer, isBinary: boolean) => void | Promise<void>,
  ) {
    this.#socket = socket;
    this.#handle = handle;
  }

  /** A message came. */
  read(data: Buffer, isBinary: boolean): void {
    if (this.#busy) {
      this.#waiting.push(() => this.#handle(data, isBinary));
      return;
    }
    const work = this.#handle(data, isBinary);
    if (work) void this.#hold(work);
  }

  /** Runs a task after everything that came so far. */
  enqueue(task: Task): void {
    if (this.#busy) {
      this.#waiting.push(task);
      return;
    }
    const work = task();
    if (work) void this.#hold(work);
  }

  /** Forgets what waits. */
  dropWaiting(): void {
    this.#waiting.length = 0;
  }

  async #hold(work: Promise<void>): Promise<void> {
    this.#busy = true;
    this.#socket.pause();
    await work;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) await next();
    this.#busy = false;
    this.#socket.resume();
  }
}
