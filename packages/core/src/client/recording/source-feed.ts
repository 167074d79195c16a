/** Reads an audio source to its end. */

import type { AudioSource } from "../../audio/source.js";
import { bytesOf } from "../../callers/arguments.js";

export interface FeedOptions {
  /** Asks the source to end. */
  signal: AbortSignal;
  /** The source can wait: pull only when there is room, and not at all after the signal. */
  finite: boolean;
  /** Resolves when there is room, or when the signal fired. */
  room(): Promise<void>;
  accept(pcm: Uint8Array): void;
}

/**
 * A live source is read to its own end after the signal, since its last chunk may hold the last word.
 *
 * @throws what the source throws; SttError `invalid_argument` for a chunk that is no bytes
 */
export async function feed(source: AudioSource, options: FeedOptions): Promise<void> {
  const { signal, finite, room, accept } = options;
  const iterator = source.chunks(signal)[Symbol.asyncIterator]();
  try {
    for (;;) {
      if (finite) {
        await room();
        if (signal.aborted) break;
      }
      const result = await iterator.next();
      if (result.done) return;
      accept(bytesOf(result.value, "A chunk of the source"));
    }
  } catch (error) {
    // What went wrong first is what counts.
    await end(iterator).catch(() => {});
    throw error;
  }
  await end(iterator);
}

async function end(iterator: AsyncIterator<Uint8Array>): Promise<void> {
  await iterator.return?.();
}
