import { ENGINE_SAMPLE_RATE, pcmToMono, StreamingResampler, SttError } from "@stt/core";
import type { DataFrame } from "./data-frame.js";

const LAYOUT = { encoding: "pcm_s16le", channels: 1 } as const;
/** A client that measures its rate reports a slightly other one with every frame: that is no change. */
const JITTER = 0.001;
/** Each new rate costs milliseconds on everybody's event loop. A change of microphone is rare. */
const MAX_CHANGES = 50;

/** Turns frames of any rate, which may change in mid-stream, into 16 kHz. */
export class RateAdapter {
  readonly #onSamples: (samples: Float32Array) => void;
  #resampler: StreamingResampler | undefined;
  #rate = 0;
  #changes = 0;
  #mono = new Float32Array(0);

  /** @param onSamples called with samples at 16 kHz; the array is reused */
  constructor(onSamples: (samples: Float32Array) => void) {
    this.#onSamples = onSamples;
  }

  /** @throws SttError `bad_frame` when the rate changes time and again. */
  push({ sampleRate, pcm }: DataFrame): void {
    const resampler = this.#resamplerFor(sampleRate);
    const length = pcm.byteLength / 2;
    if (this.#mono.length < length) this.#mono = new Float32Array(length);
    const mono = this.#mono.subarray(0, length);
    pcmToMono(pcm, LAYOUT, mono);
    this.#give(resampler.process(mono));
  }

  #resamplerFor(rate: number): StreamingResampler {
    if (this.#resampler && Math.abs(rate - this.#rate) <= JITTER * this.#rate) return this.#resampler;
    if (this.#resampler) {
      if (++this.#changes > MAX_CHANGES) throw new SttError("bad_frame", "Bad frame: the sampleRate keeps changing.");
      this.#give(this.#resampler.flush());
    }
    this.#rate = rate;
    this.#resampler = new StreamingResampler(rate, ENGINE_SAMPLE_RATE);
    return this.#resampler;
  }

  #give(samples: Float32Array): void {
    if (samples.length > 0) this.#onSamples(samples);
  }
}
