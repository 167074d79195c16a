import { assertNever, type Clock } from "@stt/core";
import type { Metrics } from "../observability/metrics.js";
import type { SessionTrace } from "../observability/tracing.js";
import type { SessionEvent } from "./events.js";

export interface SessionMeterOptions {
  metrics: Metrics;
  trace: SessionTrace;
  clock: Clock;
  /** Name of the wire. */
  wire: string;
  /** Of the input. */
  sampleRate: number;
  /** Offset of the first sample to come. */
  fromSample: number;
  /** Takes note of audio that was received since the last note, milliseconds. */
  addAudio(audioMs: number): void;
}

/** Measures one session by what happens in it: figures, a trace, and the audio that its principal used. */
export class SessionMeter {
  readonly #options: SessionMeterOptions;
  #receivedSamples: number;
  #speechAt: number | undefined;
  /** When the endpoint of each utterance without a final was decided. */
  readonly #endedAt = new Map<number, number>();

  constructor(options: SessionMeterOptions) {
    this.#options = options;
    this.#receivedSamples = options.fromSample;
  }

  /** @param isLive its audio comes as it is spoken: how long a file waits for its text says nothing of how long people do */
  observe(event: SessionEvent, isLive: boolean): void {
    const { metrics, trace, clock } = this.#options;
    switch (event.type) {
      case "speech_start":
        this.#speechAt = clock.now();
        trace.beginUtterance(event.utterance, event.atMs);
        return;
      case "partial":
        if (event.revision === 1) trace.note(event.utterance, "first partial");
        if (this.#speechAt === undefined) return;
        if (isLive) metrics.firstPartial(clock.now() - this.#speechAt);
        this.#speechAt = undefined;
        return;
      case "speech_end":
        this.#speechAt = undefined;
        this.#endedAt.set(event.utterance, clock.now());
        trace.note(event.utterance, "endpoint");
        return;
      case "final": {
        const endedAt = this.#endedAt.get(event.utterance);
        this.#endedAt.delete(event.utterance);
        if (endedAt !== undefined) metrics.finalSent(isLive ? clock.now() - endedAt : undefined);
        trace.endUtterance(event.utterance, { "stt.language": event.language, "stt.end_ms": event.endMs });
        return;
      }
      case "discarded":
        this.#endedAt.delete(event.utterance);
        metrics.utteranceDiscarded(event.rule);
        trace.endUtterance(event.utterance, { "stt.discarded": event.rule });
        return;
      case "progress":
        this.#receive(event.receivedSamples);
        return;
      case "error":
        metrics.failed(event.code);
        trace.fail(event.code);
        return;
      case "silence_start":
      case "silence_end":
      case "utterance_audio":
      case "turn":
      case "warning":
      case "end":
        return;
      default:
        assertNever(event);
    }
  }

  /** The session is closed. @param receivedSamples the next sample offset that was expected */
  close(receivedSamples: number): void {
    this.#receive(receivedSamples);
    this.#options.trace.end();
  }

  #receive(receivedSamples: number): void {
    const { sampleRate, wire } = this.#options;
    const seconds = Math.max(0, receivedSamples - this.#receivedSamples) / sampleRate;
    this.#receivedSamples = receivedSamples;
    if (seconds === 0) return;
    this.#options.metrics.heard(seconds, wire, sampleRate);
    this.#options.addAudio(seconds * 1000);
  }
}
