/** The one rule by which several channels become one. */
import { SttError } from "../errors.js";

/** Most channels that are read, of whatever file or stream. */
export const MAX_CHANNELS = 64;

/** How often the weights are reconsidered, and how long they take to change. */
const BLOCK_MS = 10;
/** Time constant of the energies: long enough to be calm, short enough that a change in mid-speech costs no word. */
const MEMORY_MS = 200;
/** Another channel has to be this much stronger to take over: two that are alike would swap all the time. */
const TAKES_OVER = 1.1;

/**
 * Mixes channels to one that is as loud as the loudest of them: their sum, scaled; or, where they cancel each other (the sum has less
 * than half the energy of the loudest channel, as with opposite polarity), the loudest one alone. So a silent channel does not
 * make the others quieter, and two people on two channels are both heard.
 *
 * It decides by the energy of the last moments (200 ms), every 10 ms, and fades from one to the other, without any delay. Any division
 * into chunks gives the same samples. Offsets (DC) should be taken out before, for they count as energy.
 */
export class ChannelMixer {
  readonly channels: number;
  readonly #block: number;
  readonly #decay: number;
  /** Energy of the last moments: of each channel, and of their sum. */
  readonly #energies: Float64Array;
  #sumEnergy = 0;
  /** Weights at the beginning and at the end of the present block. */
  readonly #from: Float64Array;
  readonly #to: Float64Array;
  #fading = false;
  #at = 0;
  #loudest = 0;
  #output = new Float32Array(0);
  #view = this.#output;

  /**
   * @param channels 1..64
   * @param sampleRate Hz
   * @throws SttError `bad_audio` for more channels
   */
  constructor(channels: number, sampleRate: number) {
    if (!(channels >= 1 && channels <= MAX_CHANNELS)) {
      throw new SttError(
        "bad_audio",
        `The audio has ${channels} channels; 1 to ${MAX_CHANNELS} are read. Mix it down first.`,
      );
    }
    this.channels = channels;
    this.#block = Math.max(1, Math.round((sampleRate * BLOCK_MS) / 1000));
    this.#decay = Math.exp(-BLOCK_MS / MEMORY_MS);
    this.#energies = new Float64Array(channels);
    this.#from = new Float64Array(channels).fill(1 / channels);
    this.#to = this.#from.slice();
  }

  /**
   * @param input one array for each channel, of equal lengths
   * @returns the mix in [-1, 1], valid until the next call; of one channel, that channel itself
   */
  mix(input: readonly Float32Array[]): Float32Array {
    if (this.channels === 1) return input[0]!;
    const { length } = input[0]!;
    if (this.#view.length !== length) {
      if (this.#output.length < length) this.#output = new Float32Array(length);
      this.#view = this.#output.subarray(0, length);
    }
    for (let done = 0; done < length; ) {
      const end = Math.min(length, done + this.#block - this.#at);
      this.#mixWithinBlock(input, done, end);
      this.#at += end - done;
      done = end;
      if (this.#at === this.#block) this.#endBlock();
    }
    return this.#view;
  }

  #mixWithinBlock(input: readonly Float32Array[], start: number, end: number): void {
    const { channels } = this;
    const out = this.#output;
    for (let i = start; i < end; i++) {
      const progress = this.#fading ? (this.#at + i - start) / this.#block : 1;
      let sum = 0;
      let mixed = 0;
      for (let c = 0; c < channels; c++) {
        const sample = input[c]![i]!;
        const from = this.#from[c]!;
        sum += sample;
        this.#energies[c]! += sample * sample;
        mixed += sample * (from + (this.#to[c]! - from) * progress);
      }
      this.#sumEnergy += sum * sum;
      out[i] = Math.max(-1, Math.min(1, mixed));
    }
  }

  #endBlock(): void {
    const energies = this.#energies;
    this.#at = 0;
    this.#from.set(this.#to);
    for (let c = 0; c < this.channels; c++) {
      if (energies[c]! > TAKES_OVER * energies[this.#loudest]!) this.#loudest = c;
    }
    let loudest = 0;
    for (const energy of energies) if (energy > loudest) loudest = energy;
    if (loudest > 0) {
      if (this.#sumEnergy < loudest / 2) this.#to.fill(0).fill(1, this.#loudest, this.#loudest + 1);
      else this.#to.fill(Math.min(1, Math.sqrt(loudest / this.#sumEnergy)));
    }
    this.#fading = this.#to.some((weight, c) => weight !== this.#from[c]);
    for (let c = 0; c < this.channels; c++) energies[c]! *= this.#decay;
    this.#sumEnergy *= this.#decay;
  }
}
