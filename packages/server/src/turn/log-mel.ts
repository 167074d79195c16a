import { ENGINE_SAMPLE_RATE } from "@stt/core";
import { Fourier } from "./fourier.js";

/** What the model hears: the last 8 s. */
export const WINDOW_SAMPLES = 8 * ENGINE_SAMPLE_RATE;
export const MEL_BANDS = 80;
/** One for every 10 ms. */
export const FRAMES = 800;

const FRAME_SAMPLES = 400;
const HOP_SAMPLES = WINDOW_SAMPLES / FRAMES;
const FREQUENCIES = FRAME_SAMPLES / 2 + 1;
const VARIANCE_FLOOR = 1e-7;
const POWER_FLOOR = 1e-10;
/** What is this much softer than the loudest band is as good as silent, in powers of ten. */
const RANGE = 8;

const HANN = Float64Array.from({ length: FRAME_SAMPLES }, (_, i) => {
  return 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / FRAME_SAMPLES);
});

/** A band's weights of the frequencies from `first` on. */
interface MelBand {
  first: number;
  weights: Float64Array;
}

/**
 * The log-mel features that Whisper's encoder takes, over a window of 8 s: the waveform with mean 0 and variance 1, power
 * spectra of frames of 25 ms every 10 ms, 80 bands of Slaney's mel scale up to 8 kHz, logarithms within 8 powers of ten of the loudest,
 * (x + 4) / 4. Pure; an instance keeps its buffers and is not to be shared between threads.
 */
export class LogMel {
  readonly #fourier = new Fourier(FRAME_SAMPLES);
  readonly #bands = melBands();
  readonly #wave = new Float64Array(WINDOW_SAMPLES);
  readonly #power = [new Float64Array(FREQUENCIES), new Float64Array(FREQUENCIES)] as const;

  /**
   * @param audio 16 kHz mono in [-1, 1]; of more than 8 s the last count, and of less the window begins with silence
   * @returns [80, 800], band after band
   */
  compute(audio: Float32Array): Float32Array {
    const heard = audio.subarray(Math.max(0, audio.length - WINDOW_SAMPLES));
    const silent = WINDOW_SAMPLES - heard.length;
    this.#normalize(heard, silent);
    const features = new Float32Array(MEL_BANDS * FRAMES);
    // Frames that lie in the silence before the audio are all alike.
    const alike = Math.max(0, Math.floor((silent - FRAME_SAMPLES / 2) / HOP_SAMPLES));
    if (alike > 0) this.#frames(features, 0, 0);
    for (let band = 0; band < MEL_BANDS && alike > 0; band++) {
      const at = band * FRAMES;
      features.fill(features[at]!, at, at + alike);
    }
    for (let frame = alike; frame < FRAMES; frame += 2) this.#frames(features, frame, Math.min(frame + 1, FRAMES - 1));
    return compress(features);
  }

  #normalize(heard: Float32Array, silent: number): void {
    const sum = heard.reduce((total, x) => total + x, 0);
    const mean = sum / WINDOW_SAMPLES;
    const squares = heard.reduce((total, x) => total + (x - mean) ** 2, silent * mean ** 2);
    const scale = 1 / Math.sqrt(squares / WINDOW_SAMPLES + VARIANCE_FLOOR);
    this.#wave.fill(-mean * scale, 0, silent);
    for (let i = 0; i < heard.length; i++) this.#wave[silent + i] = (heard[i]! - mean) * scale;
  }

  /** Logarithms of two frames; they may be the same one. */
  #frames(features: Float32Array, a: number, b: number): void {
    this.#cut(a, this.#fourier.first);
    this.#cut(b, this.#fourier.second);
    const [powerA, powerB] = this.#power;
    this.#fourier.powerOfTwo(powerA, powerB);
    for (let band = 0; band < MEL_BANDS; band++) {
      const { first, weights } = this.#bands[band]!;
      let inA = 0;
      let inB = 0;
      for (let i = 0; i < weights.length; i++) {
        inA += weights[i]! * powerA[first + i]!;
        inB += weights[i]! * powerB[first + i]!;
      }
      features[band * FRAMES + a] = Math.log10(Math.max(POWER_FLOOR, inA));
      features[band * FRAMES + b] = Math.log10(Math.max(POWER_FLOOR, inB));
    }
  }

  /** The frame whose middle is at sample `frame * HOP_SAMPLES`; beyond the ends the waveform is mirrored. */
  #cut(frame: number, into: Float64Array): void {
    const from = frame * HOP_SAMPLES - FRAME_SAMPLES / 2;
    for (let i = 0; i < FRAME_SAMPLES; i++) {
      const at = Math.abs(from + i);
      const mirrored = at < WINDOW_SAMPLES ? at : 2 * (WINDOW_SAMPLES - 1) - at;
      into[i] = this.#wave[mirrored]! * HANN[i]!;
    }
  }
}

function compress(features: Float32Array): Float32Array {
  const floor = features.reduce((loudest, x) => Math.max(loudest, x), Number.NEGATIVE_INFINITY) - RANGE;
  for (let i = 0; i < features.length; i++) features[i] = (Math.max(features[i]!, floor) + 4) / 4;
  return features;
}

/** Triangles of equal area, evenly spaced on the mel scale. */
function melBands(): MelBand[] {
  const highest = hertzToMel(ENGINE_SAMPLE_RATE / 2);
  const edges = Array.from({ length: MEL_BANDS + 2 }, (_, i) => melToHertz((highest * i) / (MEL_BANDS + 1)));
  const hertz = Array.from({ length: FREQUENCIES }, (_, i) => (i * ENGINE_SAMPLE_RATE) / FRAME_SAMPLES);
  return Array.from({ length: MEL_BANDS }, (_, band) => {
    const [low, middle, high] = [edges[band]!, edges[band + 1]!, edges[band + 2]!];
    const weights = hertz.map((f) => {
      const height = Math.min((f - low) / (middle - low), (high - f) / (high - middle));
      return (Math.max(0, height) * 2) / (high - low);
    });
    const first = weights.findIndex((weight) => weight > 0);
    const last = weights.findLastIndex((weight) => weight > 0);
    return { first, weights: Float64Array.from(weights.slice(first, last + 1)) };
  });
}

/** Slaney's scale: linear up to 1 kHz, logarithmic above. */
const LINEAR_HERTZ = 1000;
const HERTZ_PER_MEL = 200 / 3;
const LINEAR_MELS = LINEAR_HERTZ / HERTZ_PER_MEL;
const LOG_STEP = Math.log(6.4) / 27;

function hertzToMel(hertz: number): number {
  return hertz < LINEAR_HERTZ ? hertz / HERTZ_PER_MEL : LINEAR_MELS + Math.log(hertz / LINEAR_HERTZ) / LOG_STEP;
}

function melToHertz(mel: number): number {
  return mel < LINEAR_MELS ? mel * HERTZ_PER_MEL : LINEAR_HERTZ * Math.exp((mel - LINEAR_MELS) * LOG_STEP);
}
