import type { FileHandle } from "node:fs/promises";

/** Thrown when a file ends before what should be read. */
export class UnexpectedEnd extends Error {
  constructor(
    readonly sizeBytes: number,
    readonly neededBytes: number,
  ) {
    super(`the file has ${sizeBytes} bytes, ${neededBytes} are needed`);
  }
}

const WINDOW_BYTES = 4096;

/** Reads small fields of a large file in order, touching only the pages that hold them. */
export class FileCursor {
  position = 0;
  #window = Buffer.alloc(0);
  #windowStart = 0;

  constructor(
    private readonly file: FileHandle,
    readonly sizeBytes: number,
  ) {}

  /** The next bytes without moving on; fewer at the end of the file. */
  async peek(length: number): Promise<Buffer> {
    if (this.position < this.#windowStart || this.position + length > this.#windowStart + this.#window.length) {
      const window = Buffer.allocUnsafe(Math.max(WINDOW_BYTES, length));
      const { bytesRead } = await this.file.read(window, 0, window.length, this.position);
      this.#window = window.subarray(0, bytesRead);
      this.#windowStart = this.position;
    }
    const offset = this.position - this.#windowStart;
    return this.#window.subarray(offset, offset + length);
  }

  /** The next `count` little-endian 32-bit integers. */
  async int32s(count: number): Promise<number[]> {
    const bytes = await this.peek(4 * count);
    if (bytes.length < 4 * count) throw new UnexpectedEnd(this.sizeBytes, this.position + 4 * count);
    this.position += 4 * count;
    return Array.from({ length: count }, (_, index) => bytes.readInt32LE(4 * index));
  }

  /** Moves on; {@link checkInside} or the next read notices if that is past the end. */
  skip(bytes: number): void {
    this.position += bytes;
  }

  checkInside(): void {
    if (this.position > this.sizeBytes) throw new UnexpectedEnd(this.sizeBytes, this.position);
  }
}
