import { createWriteStream, type WriteStream } from "node:fs";
import { messageOf, SttError } from "@stt/core";

/** A pipe or a device as output. It may wait for its reader: nothing here blocks meanwhile. */
export class StreamOutput {
  readonly #stream: WriteStream;
  readonly #unwritten = new Set<{ text: string }>();
  readonly #closed: Promise<void>;
  #failure: SttError | undefined;

  constructor(path: string) {
    // Not created when it has gone meanwhile, not cut short when it is a file by now.
    this.#stream = createWriteStream(path, { flags: "a" });
    this.#closed = new Promise((resolve) => this.#stream.on("close", resolve));
    this.#stream.on("error", (cause) => {
      this.#failure = new SttError("io_error", `${path} cannot be written: ${messageOf(cause)}.`, { cause });
    });
  }

  /** What it failed of, if it did: nothing more is written. */
  get failure(): SttError | undefined {
    return this.#failure;
  }

  write(text: string): void {
    if (text === "") return;
    const piece = { text };
    this.#unwritten.add(piece);
    this.#stream.write(text, (error) => {
      if (!error) this.#unwritten.delete(piece);
    });
  }

  /** What has not been written, for somewhere else. */
  takeUnwritten(): string {
    const text = [...this.#unwritten].map((piece) => piece.text).join("");
    this.#unwritten.clear();
    return text;
  }

  /** Resolves when everything is written. @throws SttError `io_error` */
  async end(): Promise<void> {
    this.#stream.end();
    await this.#closed;
    if (this.#failure) throw this.#failure;
  }
}
