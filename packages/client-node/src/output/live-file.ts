import { appendFileSync, closeSync, openSync, readSync, statSync } from "node:fs";
import { type ExportFormat, messageOf, type ServerMessageOf, SttError } from "@stt/core";
import { writeFileWhole } from "../cli/whole-file.js";
import { TranscriptWriter } from "./transcript-writer.js";

/**
 * A file that grows with each final. Plain text goes on behind what the file holds already; the other formats begin anew, with the
 * first final and not before. JSON is replaced whole each time.
 */
export class LiveFile {
  readonly #writer: TranscriptWriter;
  #isBegun = false;
  /** What the file holds ends within a line. */
  #isMidLine = false;
  readonly #path: string;
  readonly #options: { format: ExportFormat; words: boolean; force: boolean; existsSentence: string };

  /**
   * @throws SttError `io_error` when the file cannot be written; `invalid_config` when it holds something that would be lost
   */
  constructor(path: string, options: { format: ExportFormat; words: boolean; force: boolean; existsSentence: string }) {
    this.#path = path;
    this.#options = options;
    this.#writer = new TranscriptWriter(options);
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size > 0 && options.format !== "txt" && !options.force) {
      throw new SttError("invalid_config", options.existsSentence);
    }
    // Before anybody has spoken for it.
    this.#attempt(() => closeSync(openSync(path, "a")));
    this.#isMidLine = options.format === "txt" && size > 0 && !endsWithNewline(path, size);
  }

  /** @throws SttError `io_error` */
  add(final: ServerMessageOf<"final">): void {
    const piece = this.#writer.add(final);
    this.#attempt(() => {
      if (this.#options.format === "txt" || (this.#isBegun && this.#options.format !== "json")) {
        if (piece !== "") appendFileSync(this.#path, this.#isMidLine ? `\n${piece}` : piece);
        this.#isMidLine &&= piece === "";
      } else {
        // Replaces what was there in one step.
        writeFileWhole(this.#path, this.#writer.whole());
        this.#isBegun = true;
      }
    });
  }

  #attempt(write: () => void): void {
    try {
      write();
    } catch (cause) {
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
