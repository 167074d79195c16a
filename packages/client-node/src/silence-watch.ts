/** Ends a recording that nobody speaks into any more. */
import { type AudioSource, bytesPerFrame, type ClientEvent, type Clock } from "@stt/core";

/** Thinking before the first word is no silence to end with, milliseconds. */
const FIRST_WORD_MS = 10_000;
/** Audio is counted when it is sent; that it holds speech is heard a moment later. */
const SETTLE_MS = 500;

/**
 * Counts audio, not time: a recording waits for its server without being taken for silence. Before the first word at least
 * ten seconds must pass.
 */
export class SilenceWatch {
  #audioMs = 0;
  #quietSinceMs = 0;
  #isSpeaking = false;
  #isAway = false;
  #hasSpoken = false;
  #cancelTimer: (() => void) | undefined;
  #isDisposed = false;
  readonly #silenceMs: number;
  readonly #clock: Clock;
  readonly #onSilence: () => void;

  /** @param silenceMs after which `onSilence` is called. */
  constructor(silenceMs: number, clock: Clock, onSilence: () => void) {
    this.#silenceMs = silenceMs;
    this.#clock = clock;
    this.#onSilence = onSilence;
  }

  /** The same source, counted as it is read. */
  watch(source: AudioSource): AudioSource {
    const bytesPerMs = (source.format.sampleRate * bytesPerFrame(source.format)) / 1000;
    const add = (ms: number) => {
      this.#audioMs += ms;
      if (this.#isAway) this.#quietSinceMs = this.#audioMs;
      this.#check();
    };
    async function* chunks(signal: AbortSignal) {
      for await (const chunk of source.chunks(signal)) {
        yield chunk;
        add(chunk.byteLength / bytesPerMs);
      }
    }
    return {
      format: source.format,
      ...(source.durationMs === undefined ? {} : { durationMs: source.durationMs }),
      attach: (host) => source.attach?.(host),
      chunks,
      close: () => source.close(),
    };
  }

  take(event: ClientEvent): void {
    if (event.type === "speech_start") {
      this.#isSpeaking = true;
      this.#hasSpoken = true;
    } else if (event.type === "speech_end") {
      this.#isSpeaking = false;
      this.#quietSinceMs = Math.max(this.#quietSinceMs, event.atMs);
    } else if (event.type === "status") {
      this.#isAway = event.status === "reconnecting" || event.status === "connecting";
      // Whether somebody spoke while the server was away is yet to be heard.
      if (event.previous === "reconnecting") this.#quietSinceMs = this.#audioMs;
    } else {
      return;
    }
    this.#check();
  }

  /** Nothing is watched any more. */
  dispose(): void {
    this.#isDisposed = true;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  get #isSilent(): boolean {
    const limit = this.#hasSpoken ? this.#silenceMs : Math.max(this.#silenceMs, FIRST_WORD_MS);
    return !this.#isSpeaking && !this.#isAway && this.#audioMs - this.#quietSinceMs >= limit;
  }

  #check(): void {
    if (this.#isDisposed) return;
    if (!this.#isSilent) {
      this.#cancelTimer?.();
      this.#cancelTimer = undefined;
    } else {
      this.#cancelTimer ??= this.#clock.setTimer(SETTLE_MS, () => {
        this.dispose();
        this.#onSilence();
      });
    }
  }
}
