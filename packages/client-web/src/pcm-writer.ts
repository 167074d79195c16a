/** Samples of any rate to PCM of one. */
import { type AudioEncoding, bytesPerSample, monoToPcm, StreamingResampler } from "@stt/core";

export interface PcmWriterOptions {
  /** Hz of the output. */
  sampleRate: number;
  encoding: AudioEncoding;
  /** Receives the samples at the output rate and the same as PCM; both are valid during the call only. */
  write(samples: Float32Array, pcm: Uint8Array): void;
}

/** The input's rate may change from one device to the next; what belongs to the old one is finished first. */
export class PcmWriter {
  #resampler: StreamingResampler | undefined;
  #fromRate = 0;
  #bytes = new Uint8Array(0);
  readonly #options: PcmWriterOptions;

  constructor(options: PcmWriterOptions) {
    this.#options = options;
  }

  /** @param sampleRate of `samples`, Hz */
  push(samples: Float32Array, sampleRate: number): void {
    if (sampleRate !== this.#fromRate) {
      this.flush();
      this.#fromRate = sampleRate;
      this.#resampler = new StreamingResampler(sampleRate, this.#options.sampleRate);
    }
    this.#write(this.#resampler!.process(samples));
  }

  /** Ends one device's audio: the samples that waited for more come out. */
  flush(): void {
    if (this.#resampler) this.#write(this.#resampler.flush());
    this.#resampler = undefined;
    this.#fromRate = 0;
  }

  #write(samples: Float32Array): void {
    if (samples.length === 0) return;
    const { encoding } = this.#options;
    const size = samples.length * bytesPerSample(encoding);
    if (this.#bytes.length < size) this.#bytes = new Uint8Array(size);
    monoToPcm(samples, encoding, this.#bytes);
    this.#options.write(samples, this.#bytes.subarray(0, size));
  }
}
