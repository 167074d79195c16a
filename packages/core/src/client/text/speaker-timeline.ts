/** The speaker's time of audio that was sent, when a source leaves out silence. */
import type { ServerMessageOf } from "../../protocol/messages.js";

type TimedMessage = ServerMessageOf<"speech_start" | "speech_end" | "partial" | "final" | "discarded">;

interface Skip {
  /** Where audio was left out, in milliseconds of audio sent. */
  atMs: number;
  /** Left out up to and including here, milliseconds. */
  totalMs: number;
}

/** Without skips, it gives every message back as it is. */
export class SpeakerTimeline {
  readonly #skips: Skip[] = [];
  readonly #sampleRate: number;

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
  }

  /** `samples` were left out after the first `atSample` that were sent. */
  skip(atSample: number, samples: number): void {
    const totalMs = (this.#skips.at(-1)?.totalMs ?? 0) + (samples * 1000) / this.#sampleRate;
    this.#skips.push({ atMs: (atSample * 1000) / this.#sampleRate, totalMs });
  }

  /** The message with the speaker's times. */
  localize<T extends TimedMessage>(message: T): T;
  localize(message: TimedMessage): TimedMessage {
    if (this.#skips.length === 0) return message;
    switch (message.type) {
      case "speech_start":
      case "discarded":
        return { ...message, atMs: this.#startOf(message.atMs) };
      case "speech_end":
        return { ...message, atMs: this.#endOf(message.atMs) };
      case "partial":
        return { ...message, ...this.#span(message) };
      case "final": {
        const { words } = message;
        const moved = words && { words: words.map((word) => ({ ...word, ...this.#span(word) })) };
        const commands = message.commands?.map((command) => ({ ...command, ...this.#span(command) }));
        return { ...message, ...this.#span(message), ...moved, ...(commands && { commands }) };
      }
    }
  }

  #span({ startMs, endMs }: { startMs: number; endMs: number }): { startMs: number; endMs: number } {
    return { startMs: this.#startOf(startMs), endMs: this.#endOf(endMs) };
  }

  /** What begins at a skip begins after it. */
  #startOf(ms: number): number {
    return ms + (this.#skips.findLast((skip) => skip.atMs <= ms)?.totalMs ?? 0);
  }

  /** What ends at a skip ends before it. */
  #endOf(ms: number): number {
    return ms + (this.#skips.findLast((skip) => skip.atMs < ms)?.totalMs ?? 0);
  }
}
