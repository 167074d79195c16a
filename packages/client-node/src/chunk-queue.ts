/** Between a recorder that never waits and a reader that may. */

export interface ChunkQueueOptions {
  /** Bytes kept at most; the oldest go first. */
  maxBytes: number;
  /** Bytes had to go. */
  onDrop(bytes: number): void;
}

/** A bounded queue of chunks for one reader. */
export class ChunkQueue {
  private chunks: Uint8Array[] = [];
  private bytes = 0;
  private ended = false;
  private error: Error | undefined;
  private wake: (() => void) | undefined;

  constructor(private readonly options: ChunkQueueOptions) {}

  push(chunk: Uint8Array): void {
    if (this.ended) return;
    this.chunks.push(chunk);
    this.bytes += chunk.byteLength;
    let dropped = 0;
    while (this.bytes > this.options.maxBytes && this.chunks.length > 1) {
      const size = this.chunks.shift()!.byteLength;
      this.bytes -= size;
      dropped += size;
    }
    this.notify();
    if (dropped > 0) this.options.onDrop(dropped);
  }

  /** No more chunks; what is queued is still read, and then the error, if any, is thrown. */
  end(error?: Error): void {
    if (this.ended) return;
    this.ended = true;
    this.error = error;
    this.notify();
  }

  async *read(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const chunk = this.chunks.shift();
      if (chunk) {
        this.bytes -= chunk.byteLength;
        yield chunk;
      } else if (this.ended) {
        if (this.error) throw this.error;
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
    }
  }

  private notify(): void {
    this.wake?.();
    this.wake = undefined;
  }
}
