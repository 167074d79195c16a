import { appendFileSync, closeSync, openSync, readSync, statSync } from "node:fs";
import { type ExportFormat, isSttError, messageOf, type ServerMessageOf, SttError } from "@stt/core";
import { writeFileWhole } from "../cli/whole-file.js";
import { fileVersion, isPipeOrDevice } from "./output-target.js";
import { StreamOutput } from "./stream-output.js";
import { TranscriptWriter } from "./transcript-writer.js";

export interface LiveFileOptions {
  format: ExportFormat;
  words: boolean;
  /** What the file holds may be lost. */
  force: boolean;
  /** Says that it holds something. */
  existsSentence: string;
  /** Says that somebody else has written to it. */
  changedSentence: string;
}

/**
 * An output that grows with each final. Plain text goes on behind what the file holds already; the other formats begin anew, with the
 * first final and not before. JSON is replaced whole each time. A pipe or a device gets the pieces as they come.
 */
export class LiveFile {
  readonly #writer: TranscriptWriter;
  readonly #path: string;
  readonly #options: LiveFileOptions;
  readonly #stream: StreamOutput | undefined;
  #isBegun = false;
  /** What the file holds ends within a line. */
  #isMidLine = false;
  /** Of the file as we know it. */
  #version: string | undefined;

  /**
   * @throws SttError `io_error` when the file cannot be written; `invalid_config` when it holds something that would be lost
   */
  constructor(path: string, options: LiveFileOptions) {
    this.#path = path;
    this.#options = options;
    this.#writer = new TranscriptWriter(options);
    if (isPipeOrDevice(path)) {
      this.#stream = new StreamOutput(path);
      return;
    }
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size > 0 && options.format !== "txt" && !options.force) {
      throw new SttError("invalid_config", options.existsSentence);
    }
    // Before anybody has spoken for it.
    this.#attempt(() => closeSync(openSync(path, "a")));
    this.#isMidLine = options.format === "txt" && size > 0 && !endsWithNewline(path, size);
    this.#version = fileVersion(path);
  }

  /** @throws SttError `io_error`; what is not written then is in {@link takeUnwritten} */
  add(final: ServerMessageOf<"final">): void {
    const piece = this.#writer.add(final);
    if (this.#stream) {
      if (this.#stream.failure) throw this.#stream.failure;
      this.#stream.write(piece);
      return;
    }
    this.#attempt(() => {
      if (this.#options.format === "txt" || (this.#isBegun && this.#options.format !== "json")) {
        if (piece !== "") appendFileSync(this.#path, this.#isMidLine ? `\n${piece}` : piece);
        this.#isMidLine &&= piece === "";
      } else {
        if (fileVersion(this.#path) !== this.#version) throw new SttError("io_error", this.#options.changedSentence);
        // Replaces what was there in one step.
        writeFileWhole(this.#path, this.#writer.whole());
        this.#isBegun = true;
        this.#version = fileVersion(this.#path);
      }
    });
  }

  /** Nothing follows: resolves when all is written. @throws SttError `io_error` */
  async end(): Promise<void> {
    if (!this.#stream) return;
    if (this.#options.format === "json") this.#stream.write(this.#writer.end());
    await this.#stream.end();
  }

  /** What a pipe or a device has not taken. */
  takeUnwritten(): string {
    return this.#stream?.takeUnwritten() ?? "";
  }

  #attempt(write: () => void): void {
    try {
      write();
    } catch (cause) {
      if (isSttError(cause)) throw cause;
      throw new SttError("io_error", `${this.#path} cannot be written: ${messageOf(cause)}.`, { cause });
    }
  }
}

function endsWithNewline(path: string, size: number): boolean {
  const handle = openSync(path, "r");
  try {
    const last = Buffer.alloc(1);
    readSync(handle, last, 0, 1, size - 1);
    return last[0] === 0x0a;
  } finally {
    closeSync(handle);
  }
}
