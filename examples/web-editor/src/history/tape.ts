/** The last minutes of what the microphone heard, for whoever keeps the sound of his words. */
import type { MicrophoneSource } from "@stt/react";

const SAMPLE_RATE = 16_000;
const BYTES_PER_MS = (SAMPLE_RATE * 2) / 1000;
/** An utterance is at most half a minute, and its final may be late. */
const KEPT_BYTES = 180_000 * BYTES_PER_MS;
/** Words begin before the detector is sure of them. */
const MARGIN_MS = 250;

/** Counts as the client does: what it takes no notice of while it is paused is on neither timeline. */
export class Tape {
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  /** Everything before it is gone. */
  #fromByte = 0;
  readonly #isTaken: () => boolean;

  /** @param isTaken whether the client takes audio now */
  constructor(isTaken: () => boolean) {
    this.#isTaken = isTaken;
  }

  /** The same microphone, listened to as it is read. */
  record(source: MicrophoneSource): MicrophoneSource {
    const write = (pcm: Uint8Array) => this.#write(pcm);
    return {
      format: source.format,
      get state() {
        return source.state;
      },
      get device() {
        return source.device;
      },
      use: (deviceId) => source.use(deviceId),
      on: (type, listener) => source.on(type, listener),
      attach: (host) => source.attach?.(host),
      close: () => source.close(),
      async *chunks(signal) {
        for await (const pcm of source.chunks(signal)) {
          write(pcm);
          yield pcm;
        }
      },
    };
  }

  /** @returns 16-bit samples, or undefined when it is not there any more */
  cut(startMs: number, endMs: number): ArrayBuffer | undefined {
    const from = 2 * Math.floor((Math.max(0, startMs - MARGIN_MS) * BYTES_PER_MS) / 2);
    const to = Math.min(this.#bytes, 2 * Math.ceil(((endMs + MARGIN_MS) * BYTES_PER_MS) / 2));
    if (from < this.#fromByte || from >= to) return undefined;
    const pcm = new Uint8Array(to - from);
    let at = this.#fromByte;
    for (const chunk of this.#chunks) {
      const begin = Math.max(from, at);
      const end = Math.min(to, at + chunk.length);
      if (begin < end) pcm.set(chunk.subarray(begin - at, end - at), begin - from);
      at += chunk.length;
    }
    return pcm.buffer;
  }

  #write(pcm: Uint8Array): void {
    if (!this.#isTaken()) return;
    this.#chunks.push(pcm.slice());
    this.#bytes += pcm.length;
    while (this.#bytes - this.#fromByte > KEPT_BYTES) this.#fromByte += this.#chunks.shift()!.length;
  }
}

/** Of the sound that {@link Tape.cut} gives for an utterance: where on its timeline it begins. */
export function soundFromMs(startMs: number): number {
  return Math.max(0, startMs - MARGIN_MS);
}
