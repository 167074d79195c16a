/** Ends a recording that nobody speaks into any more. */
import { type AudioSource, bytesPerFrame, type ClientEvent } from "@stt/core";

/** Thinking before the first word is no silence to end with, milliseconds. */
const FIRST_WORD_MS = 10_000;

/**
 * Counts audio, not time: a recording waits for its server without being taken for silence. Before the first word at least
 * ten seconds must pass.
 */
export class SilenceWatch {
  private audioMs = 0;
  private quietSinceMs = 0;
  private isSpeaking = false;
  private isAway = false;
  private hasSpoken = false;

  /** @param silenceMs after which `onSilence` is called, once. */
  constructor(
    private readonly silenceMs: number,
    private readonly onSilence: () => void,
  ) {}

  /** The same source, counted as it is read. */
  watch(source: AudioSource): AudioSource {
    const bytesPerMs = (source.format.sampleRate * bytesPerFrame(source.format)) / 1000;
    const add = (ms: number) => this.add(ms);
    async function* chunks(signal: AbortSignal) {
      for await (const chunk of source.chunks(signal)) {
        yield chunk;
        add(chunk.byteLength / bytesPerMs);
      }
    }
    return {
      ...source,
      format: source.format,
      attach: (host) => source.attach?.(host),
      chunks,
      close: () => source.close(),
    };
  }

  take(event: ClientEvent): void {
    if (event.type === "speech_start") {
      this.isSpeaking = true;
      this.hasSpoken = true;
    } else if (event.type === "speech_end") {
      this.isSpeaking = false;
      this.quietSinceMs = Math.max(this.quietSinceMs, event.atMs);
    } else if (event.type === "status") {
      this.isAway = event.status === "reconnecting" || event.status === "connecting";
      // Whether somebody spoke while the server was away is yet to be heard.
      if (event.previous === "reconnecting") this.quietSinceMs = this.audioMs;
    }
  }

  private add(ms: number): void {
    this.audioMs += ms;
    if (this.isAway) this.quietSinceMs = this.audioMs;
    const limit = this.hasSpoken ? this.silenceMs : Math.max(this.silenceMs, FIRST_WORD_MS);
    if (!this.isSpeaking && this.audioMs - this.quietSinceMs >= limit) {
      this.quietSinceMs = Number.POSITIVE_INFINITY;
      this.onSilence();
    }
  }
}
