import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const WINDOW_BYTES = 262_144;

/** The bytes of a file by their offset, of which only a window is held. Reading waits for the disk: for the decoding thread alone. */
export class ByteWindow {
  /** Length of the file. */
  readonly size: number;
  readonly #file: number;
  #bytes = Buffer.alloc(WINDOW_BYTES);
  #start = 0;
  #end = 0;

  constructor(path: string) {
    this.#file = openSync(path, "r");
    this.size = fstatSync(this.#file).size;
  }

  /** A view of `length` bytes, of fewer at the end of the file; valid until the next call. */
  at(offset: number, length: number): Buffer {
    const wanted = Math.max(0, Math.min(length, this.size - offset));
    if (offset < this.#start || offset + wanted > this.#end) this.#read(offset, wanted);
    return this.#bytes.subarray(offset - this.#start, Math.min(offset + wanted, this.#end) - this.#start);
  }

  close(): void {
    closeSync(this.#file);
  }

  #read(offset: number, wanted: number): void {
    if (wanted > this.#bytes.length) this.#bytes = Buffer.alloc(wanted);
    this.#start = offset;
    this.#end = offset;
    while (this.#end - offset < this.#bytes.length) {
      const count = readSync(
        this.#file,
        this.#bytes,
        this.#end - offset,
        this.#bytes.length - (this.#end - offset),
        this.#end,
      );
      if (count === 0) break;
      this.#end += count;
    }
  }
}
