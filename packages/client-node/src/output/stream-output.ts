import { constants, statSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { messageOf, SttError } from "@stt/core";

export interface StreamOutputOptions {
  /** The person wants an end: whatever the other side has not taken a second later has failed. */
  cancelled: AbortSignal;
  /** A named pipe has no reader yet, after a second: what is written waits for one. Called once at most. */
  onWaiting: () => void;
}

/** How often the other side is asked. */
const RETRY_MS = 50;
const PATIENCE_MS = 1000;

/**
 * Never waiting in the system's calls, where neither Ctrl+C nor the end of the program reaches; not made when it has gone
 * meanwhile, not cut short when it is a file by now.
 */
const FLAGS = constants.O_WRONLY | constants.O_APPEND | (constants.O_NONBLOCK ?? 0);

/** A pipe or a device as output. It may wait for its reader, or for room: nothing here blocks meanwhile. */
export class StreamOutput {
  readonly #path: string;
  readonly #options: StreamOutputOptions;
  readonly #unwritten = new Set<{ text: string }>();
  readonly #done: Promise<void>;
  #isEnded = false;
  #wake: () => void = () => {};
  #failure: SttError | undefined;

  constructor(path: string, options: StreamOutputOptions) {
    this.#path = path;
    this.#options = options;
    this.#done = this.#run().catch((cause) => {
      this.#failure = new SttError("io_error", `${path} cannot be written: ${messageOf(cause)}.`, { cause });
    });
  }

  /** What it failed of, if it did: nothing more is written. */
  get failure(): SttError | undefined {
    return this.#failure;
  }

  write(text: string): void {
    if (text === "") return;
    this.#unwritten.add({ text });
    this.#wake();
  }

  /** What has not been written, for somewhere else. */
  takeUnwritten(): string {
    const text = [...this.#unwritten].map((piece) => piece.text).join("");
    this.#unwritten.clear();
    return text;
  }

  /** Resolves when everything is written; with nothing to write no reader is waited for. @throws SttError `io_error` */
  async end(): Promise<void> {
    this.#isEnded = true;
    this.#wake();
    await this.#done;
    if (this.#failure) throw this.#failure;
  }

  async #run(): Promise<void> {
    const handle = await this.#open();
    if (!handle) return;
    try {
      for (;;) {
        const [piece] = this.#unwritten;
        if (piece) {
          let bytes = Buffer.from(piece.text);
          while (bytes.length > 0) bytes = bytes.subarray(await this.#writeSome(handle, bytes));
          this.#unwritten.delete(piece);
        } else if (this.#isEnded) {
          return;
        } else {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
      }
    } finally {
      await handle.close();
    }
  }

  /** `undefined` when nothing was to be written. */
  async #open(): Promise<FileHandle | undefined> {
    const isPipe = statSync(this.#path).isFIFO();
    const patience = new Patience(this.#options.cancelled);
    for (let waitedMs = 0; ; waitedMs += RETRY_MS) {
      try {
        return await open(this.#path, FLAGS);
      } catch (error) {
        if (!isPipe || codeOf(error) !== "ENXIO") throw error;
      }
      if (this.#isEnded && this.#unwritten.size === 0) return undefined;
      if (waitedMs === PATIENCE_MS) this.#options.onWaiting();
      await patience.wait("nobody reads from this pipe");
    }
  }

  /** @returns how many bytes were taken, at least one */
  async #writeSome(handle: FileHandle, bytes: Uint8Array): Promise<number> {
    const patience = new Patience(this.#options.cancelled);
    for (;;) {
      try {
        const { bytesWritten } = await handle.write(bytes);
        if (bytesWritten > 0) return bytesWritten;
      } catch (error) {
        if (codeOf(error) !== "EAGAIN") throw error;
      }
      await patience.wait("the other side takes nothing more");
    }
  }
}

/** How long one thing is waited for: for ever, until the person wants an end. */
class Patience {
  #leftMs = PATIENCE_MS;
  readonly #cancelled: AbortSignal;

  constructor(cancelled: AbortSignal) {
    this.#cancelled = cancelled;
  }

  async wait(reason: string): Promise<void> {
    if (this.#cancelled.aborted) {
      if (this.#leftMs <= 0) throw new Error(reason);
      this.#leftMs -= RETRY_MS;
    }
    await delay(RETRY_MS);
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
