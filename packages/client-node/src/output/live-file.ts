import { appendFileSync, closeSync, openSync, statSync } from "node:fs";
import { type ExportFormat, isSttError, messageOf, type ServerMessageOf, SttError } from "@stt/core";
import { writeFileWhole } from "../cli/whole-file.js";
import { fileVersion, holdsSomething, isPipeOrDevice } from "./output-target.js";
import { StreamOutput, type StreamOutputOptions } from "./stream-output.js";
import { inLayout, type TextLayout, textLayoutOf } from "./text-layout.js";
import { TranscriptWriter } from "./transcript-writer.js";

export interface LiveFileOptions extends StreamOutputOptions {
  format: ExportFormat;
  words: boolean;
  /** What the file holds may be lost. */
  force: boolean;
  /** Says that it holds something. */
  existsSentence: string;
  /** Says that somebody else has written to it. */
  changedSentence: string;
  /** Says that it holds no text that could be continued. */
  unreadableSentence: string;
}

const FRESH: TextLayout = { encoding: "utf8", newline: "\n", isMidLine: false };

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
  /** Of a text that goes on. */
  #layout: TextLayout = { ...FRESH };
  /** Of the file as we know it. */
  #version: string | undefined;

  /**
   * @throws SttError `io_error` when the file cannot be written; `invalid_config` when it holds something that would be lost, or
   * that text cannot follow
   */
  constructor(path: string, options: LiveFileOptions) {
    this.#path = path;
    this.#options = options;
    this.#writer = new TranscriptWriter(options);
    if (isPipeOrDevice(path)) {
      this.#stream = new StreamOutput(path, options);
      return;
    }
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size > 0 && options.format !== "txt" && !options.force) {
      throw new SttError("invalid_config", options.existsSentence);
    }
    // Before anybody has spoken for it.
    this.#attempt(() => closeSync(openSync(path, "a")));
    if (options.format === "txt" && size > 0) this.#layout = this.#attempt(() => this.#readLayout());
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
        if (piece !== "") this.#append(piece);
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

  #append(piece: string): void {
    // An editor may have saved it in another way meanwhile.
    if (this.#options.format === "txt" && fileVersion(this.#path) !== this.#version) this.#layout = this.#readLayout();
    appendFileSync(this.#path, inLayout(this.#layout.isMidLine ? `\n${piece}` : piece, this.#layout));
    this.#layout.isMidLine = false;
    this.#version = fileVersion(this.#path);
  }

  #readLayout(): TextLayout {
    if (!holdsSomething(this.#path)) return { ...FRESH };
    const layout = textLayoutOf(this.#path);
    if (!layout) throw new SttError("invalid_config", this.#options.unreadableSentence);
    return layout;
  }

  #attempt<T>(write: () => T): T {
    try {
      return write();
    } catch (cause) {
      if (isSttError(cause)) throw cause;
      throw new SttError("io_error", `${this.#path} cannot be written: ${messageOf(cause)}.`, { cause });
    }
  }
}
