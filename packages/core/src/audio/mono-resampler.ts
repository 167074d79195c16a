import { ChannelMixer } from "./channel-mixer.js";
import { HighPass } from "./high-pass.js";
import { StreamingResampler } from "./resampler.js";

/**
 * What every recording passes on its way to the ears of the machine: offsets out ({@link HighPass}), channels to one
 * ({@link ChannelMixer}), rate converted ({@link StreamingResampler}). Any division into chunks gives the same samples, and nothing
 * is allocated once the buffers have grown to the size of the chunks.
 */
export class MonoResampler {
  readonly #highPasses: readonly HighPass[];
  readonly #mixer: ChannelMixer;
  readonly #resampler: StreamingResampler;
  #filtered: Float32Array[];
  #views: Float32Array[];

  /**
   * @param channels 1..64
   * @param fromRate input rate in Hz, 1000..768000
   * @param toRate output rate in Hz, 1000..768000
   * @throws SttError `bad_audio` for more channels, `invalid_argument` for any other rate
   */
  constructor(channels: number, fromRate: number, toRate: number) {
    this.#resampler = new StreamingResampler(fromRate, toRate);
    this.#mixer = new ChannelMixer(channels, fromRate);
    this.#highPasses = Array.from({ length: channels }, () => new HighPass(fromRate));
    this.#filtered = this.#highPasses.map(() => new Float32Array(0));
    this.#views = this.#filtered;
  }

  /**
   * @param input one array for each channel, of equal lengths; not modified
   * @returns mono samples at the output rate, as far as they can be computed by now; valid until the next call
   */
  process(input: readonly Float32Array[]): Float32Array {
    const { length } = input[0]!;
    if (this.#views[0]!.length !== length) {
      if (this.#filtered[0]!.length < length) this.#filtered = this.#filtered.map(() => new Float32Array(length));
      this.#views = this.#filtered.map((channel) => channel.subarray(0, length));
    }
    for (let c = 0; c < this.#highPasses.length; c++) this.#highPasses[c]!.process(input[c]!, this.#views[c]!);
    return this.#resampler.process(this.#mixer.mix(this.#views));
  }

  /** Ends the stream: the last samples, as if silence followed; valid until the next call. */
  flush(): Float32Array {
    return this.#resampler.flush();
  }
}
