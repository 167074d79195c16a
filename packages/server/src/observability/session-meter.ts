import { assertNever, type Clock } from "@stt/core";
import type { SessionEvent } from "../session/events.js";
import type { Metrics } from "./metrics.js";

/** Measures one session by what it tells its transport. */
export class SessionMeter {
  readonly #metrics: Metrics;
  readonly #clock: Clock;
  readonly #samplesPerSecond: number;
  #receivedSamples: number;
  #speechAt: number | undefined;
  /** When the endpoint of each utterance without a final was decided. */
  readonly #endedAt = new Map<number, number>();

  constructor(metrics: Metrics, clock: Clock, sampleRate: number, fromSample: number) {
    this.#metrics = metrics;
    this.#clock = clock;
    this.#samplesPerSecond = sampleRate;
    this.#receivedSamples = fromSample;
  }

  observe(event: SessionEvent): void {
    switch (event.type) {
      case "speech_start":
        this.#speechAt = this.#clock.now();
        return;
      case "partial":
        if (this.#speechAt === undefined) return;
        this.#metrics.firstPartial(this.#clock.now() - this.#speechAt);
        this.#speechAt = undefined;
        return;
      case "speech_end":
        this.#speechAt = undefined;
        this.#endedAt.set(event.utterance, this.#clock.now());
        return;
      case "final": {
        const endedAt = this.#endedAt.get(event.utterance);
        this.#endedAt.delete(event.utterance);
        if (endedAt !== undefined) this.#metrics.finalSent(this.#clock.now() - endedAt);
        return;
      }
      case "discarded":
        this.#endedAt.delete(event.utterance);
        this.#metrics.utteranceDiscarded(event.rule);
        return;
      case "progress":
        this.#metrics.heard(Math.max(0, event.receivedSamples - this.#receivedSamples) / this.#samplesPerSecond);
        this.#receivedSamples = event.receivedSamples;
        return;
      case "error":
        this.#metrics.failed(event.code);
        return;
      case "silence_start":
      case "silence_end":
      case "utterance_audio":
      case "warning":
      case "end":
        return;
      default:
        assertNever(event);
    }
  }
}
