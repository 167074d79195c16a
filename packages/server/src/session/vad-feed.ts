import { type Clock, VAD_FRAME_SAMPLES, type VadListener, type VadStream, type VoiceActivityDetector } from "@stt/core";
import { VadLatencyProbe } from "./vad-latency-probe.js";

export interface VadFeedOptions {
  vad: VoiceActivityDetector;
  clock: Clock;
  /** Is told now and then how long a frame took from its arrival to its probability. */
  onLag?: ((ms: number) => void) | undefined;
}

/** A session's stream at the voice activity detector: counts the frames that went there, and how long their answers take. */
export class VadFeed {
  readonly #stream: VadStream;
  readonly #latency: VadLatencyProbe;
  #queuedSample = 0;
  #answeredSample = 0;

  constructor({ vad, clock, onLag }: VadFeedOptions, listener: VadListener) {
    this.#latency = new VadLatencyProbe(clock, (ms) => onLag?.(ms));
    this.#stream = vad.createStream({
      onProbability: (probability) => {
        this.#answeredSample += VAD_FRAME_SAMPLES;
        this.#latency.answered(this.#answeredSample);
        listener.onProbability(probability);
      },
      onError: (error) => listener.onError(error),
    });
  }

  /** 16 kHz samples handed to the detector. */
  get queuedSample(): number {
    return this.#queuedSample;
  }

  push(frame: Float32Array): void {
    this.#queuedSample += VAD_FRAME_SAMPLES;
    this.#latency.sent(this.#queuedSample);
    this.#stream.push(frame);
  }

  /** No answer comes any more. Idempotent. */
  close(): void {
    this.#stream.close();
  }
}
