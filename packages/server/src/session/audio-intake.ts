import {
  type AudioFormat,
  type AudioFrame,
  bytesPerFrame,
  ENGINE_SAMPLE_RATE,
  Framer,
  MonoResampler,
  pcmToChannels,
  SampleRing,
  SttError,
  VAD_FRAME_SAMPLES,
} from "@stt/core";

/** Turns 16 kHz samples, on which a session decides, into what its client counts in. */
export interface Timeline {
  /** Milliseconds on the session's timeline of a 16 kHz sample. */
  toMs(sample: number): number;
  /** Input offset of a 16 kHz sample, never beyond what was received. */
  toInputSample(sample: number): number;
}

/**
 * A session's audio: frames of the client's format in, 16 kHz samples in a ring and 512-sample VAD frames out. It keeps the
 * account of samples on both clocks.
 */
export class AudioIntake implements Timeline {
  readonly ring: SampleRing;
  readonly #format: AudioFormat;
  readonly #fromSample: number;
  readonly #resampler: MonoResampler;
  readonly #framer: Framer;
  #channels: Float32Array[];
  /** The beginnings of `#channels` that the last frame filled; clients send frames of one size, so they are kept. */
  #chunk: Float32Array[];
  #receivedSamples: number;

  /**
   * @param fromSample offset of the first sample expected, at the input rate.
   * @param maxBufferedMs most 16 kHz audio the ring holds.
   * @param onFrame called with each 512-sample frame, which is valid during the call only.
   */
  constructor(format: AudioFormat, fromSample: number, maxBufferedMs: number, onFrame: (frame: Float32Array) => void) {
    this.#format = format;
    this.#fromSample = fromSample;
    this.#receivedSamples = fromSample;
    this.#resampler = new MonoResampler(format.channels, format.sampleRate, ENGINE_SAMPLE_RATE);
    this.#channels = Array.from({ length: format.channels }, () => new Float32Array(0));
    this.#chunk = this.#channels;
    this.ring = new SampleRing(Math.ceil((maxBufferedMs * ENGINE_SAMPLE_RATE) / 1000));
    this.#framer = new Framer(onFrame);
  }

  /** The next sample offset expected, at the input rate. */
  get receivedSamples(): number {
    return this.#receivedSamples;
  }

  /** Audio received, milliseconds. */
  get receivedMs(): number {
    return ((this.#receivedSamples - this.#fromSample) * 1000) / this.#format.sampleRate;
  }

  /**
   * Takes a frame; what was received before is dropped by offset, so that a frame may be sent twice.
   *
   * @returns samples per channel that were new.
   * @throws SttError `audio_gap`, naming the missing range.
   */
  accept(frame: AudioFrame): number {
    if (frame.offset > this.#receivedSamples) {
      throw new SttError(
        "audio_gap",
        `Audio is missing: samples ${this.#receivedSamples} to ${frame.offset - 1} were never sent. Resume from sample ${this.#receivedSamples}.`,
      );
    }
    const known = Math.min(frame.samples, this.#receivedSamples - frame.offset);
    const fresh = frame.samples - known;
    if (fresh === 0) return 0;
    const pcm = known === 0 ? frame.pcm : frame.pcm.subarray(known * bytesPerFrame(this.#format));
    if (this.#chunk[0]!.length !== fresh) {
      if (this.#channels[0]!.length < fresh) this.#channels = this.#channels.map(() => new Float32Array(fresh));
      this.#chunk = this.#channels.map((channel) => channel.subarray(0, fresh));
    }
    pcmToChannels(pcm, this.#format, this.#chunk);
    this.#receivedSamples += fresh;
    this.#feed(this.#resampler.process(this.#chunk));
    return fresh;
  }

  /** The end of the stream: what the resampler and the framer still hold comes out, padded with silence to a whole frame. */
  flush(): void {
    this.#feed(this.#resampler.flush());
    const missing = this.#framer.pending === 0 ? 0 : VAD_FRAME_SAMPLES - this.#framer.pending;
    if (missing > 0) this.#feed(new Float32Array(missing));
  }

  toMs(sample: number): number {
    const ms = (this.#fromSample / this.#format.sampleRate) * 1000 + (sample / ENGINE_SAMPLE_RATE) * 1000;
    return Math.round(ms * 10) / 10;
  }

  toInputSample(sample: number): number {
    const offset = this.#fromSample + Math.floor((sample * this.#format.sampleRate) / ENGINE_SAMPLE_RATE);
    return Math.min(offset, this.#receivedSamples);
  }

  /** The 16 kHz sample that {@link toInputSample} gives as `offset`; 0 for what came before the first sample. */
  fromInputSample(offset: number): number {
    return Math.max(0, Math.ceil(((offset - this.#fromSample) * ENGINE_SAMPLE_RATE) / this.#format.sampleRate));
  }

  #feed(samples: Float32Array): void {
    this.ring.write(samples);
    this.#framer.push(samples);
  }
}
