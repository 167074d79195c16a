/** Bounded memories of recent audio, addressed by absolute sample offset. */
import { SttError } from "../errors.js";
import { sumOfSquares } from "./pcm.js";
import { type AudioFormat, bytesPerFrame } from "./source.js";

/** A run of samples: `[from, to)` in absolute offsets. */
export interface SampleRange {
  from: number;
  to: number;
}

/**
 * The latest samples of a stream. The store grows by doubling up to `maxSamples` and shrinks again after
 * {@link SampleRing.forgetBefore}, so that an idle session holds little more than what it needs.
 */
export class SampleRing {
  /** Samples that it can hold at most; further writes push the oldest out. */
  readonly maxSamples: number;
  readonly #initial: number;
  #store: Float32Array;
  /** Index in `#store` of the oldest sample. */
  #head = 0;
  #oldest: number;
  #end: number;

  /**
   * @param maxSamples most samples held
   * @param startOffset absolute offset of the first sample to be written
   * @param initialSamples size to begin with and to shrink back to. @default 20480: a second of pre-roll and some to come
   */
  constructor(maxSamples: number, startOffset = 0, initialSamples = 20_480) {
    if (!(maxSamples >= 1)) throw new SttError("invalid_argument", `A ring of ${maxSamples} samples cannot hold any.`);
    this.maxSamples = Math.floor(maxSamples);
    this.#initial = Math.max(1, Math.min(this.maxSamples, Math.floor(initialSamples)));
    this.#store = new Float32Array(this.#initial);
    this.#oldest = startOffset;
    this.#end = startOffset;
  }

  /** Offset of the oldest sample held. */
  get oldest(): number {
    return this.#oldest;
  }

  /** Offset after the newest sample. */
  get end(): number {
    return this.#end;
  }

  /** Samples held. */
  get length(): number {
    return this.#end - this.#oldest;
  }

  /** Samples for which memory is allocated at present. */
  get capacity(): number {
    return this.#store.length;
  }

  /** Appends samples; the oldest go once there are more than `maxSamples`. */
  write(samples: Float32Array): void {
    const skipped = Math.max(0, samples.length - this.maxSamples);
    const source = skipped > 0 ? samples.subarray(skipped) : samples;
    const overflow = Math.max(0, this.length + samples.length - this.maxSamples);
    if (skipped > 0) {
      this.#oldest = this.#end + skipped;
      this.#end = this.#oldest;
      this.#head = 0;
    } else if (overflow > 0) this.#drop(overflow);
    if (this.length + source.length > this.#store.length) this.#resize(this.length + source.length);
    const store = this.#store;
    const at = (this.#head + this.length) % store.length;
    const first = Math.min(source.length, store.length - at);
    store.set(first === source.length ? source : source.subarray(0, first), at);
    if (first < source.length) store.set(source.subarray(first), 0);
    this.#end += source.length;
  }

  /** Whether all of `[from, to)` is held. */
  has(from: number, to: number): boolean {
    return from >= this.#oldest && to <= this.#end && from <= to;
  }

  /**
   * Copies `[from, to)`.
   *
   * @param out receives the samples from index 0 on. @default a new array
   * @returns `out`, or the new array of `to - from` samples
   * @throws SttError `invalid_argument` when part of the range is not held or `out` is too small
   */
  read(from: number, to: number, out: Float32Array = new Float32Array(Math.max(0, to - from))): Float32Array {
    const start = this.#indexOf(from, to);
    const count = to - from;
    if (out.length < count)
      throw new SttError("invalid_argument", `${count} samples do not fit an array of ${out.length}.`);
    const first = Math.min(count, this.#store.length - start);
    out.set(this.#store.subarray(start, start + first));
    if (first < count) out.set(this.#store.subarray(0, count - first), first);
    return out;
  }

  /**
   * Root mean square of `[from, to)`, 0..1, without a copy; 0 for none.
   *
   * @throws SttError `invalid_argument` when part of the range is not held
   */
  rms(from: number, to: number): number {
    const start = this.#indexOf(from, to);
    const count = to - from;
    if (count === 0) return 0;
    const end = start + count;
    const wrapped = Math.max(0, end - this.#store.length);
    const energy = sumOfSquares(this.#store, start, end - wrapped) + sumOfSquares(this.#store, 0, wrapped);
    return Math.sqrt(energy / count);
  }

  /** Gives up everything before `offset`; what was never written is not skipped. */
  forgetBefore(offset: number): void {
    const count = Math.min(offset, this.#end) - this.#oldest;
    if (count <= 0) return;
    this.#drop(count);
    // Between utterances a session costs what it did at first; the margin keeps a steady length from being copied to and fro.
    if (this.#store.length > this.#initial && this.length * 3 < this.#store.length) this.#resize(this.length);
  }

  /** Forgets everything and goes on at another offset. */
  reset(offset: number): void {
    this.#store = new Float32Array(this.#initial);
    this.#head = 0;
    this.#oldest = offset;
    this.#end = offset;
  }

  /** Where in `#store` the range begins. */
  #indexOf(from: number, to: number): number {
    if (!this.has(from, to)) {
      throw new SttError(
        "invalid_argument",
        `Samples ${from} to ${to} were asked for, but ${this.#oldest} to ${this.#end} are held.`,
      );
    }
    return (this.#head + from - this.#oldest) % this.#store.length;
  }

  #drop(count: number): void {
    this.#head = (this.#head + count) % this.#store.length;
    this.#oldest += count;
  }

  #resize(needed: number): void {
    let size = this.#initial;
    while (size < needed) size *= 2;
    const store = new Float32Array(Math.min(size, this.maxSamples));
    this.read(this.#oldest, this.#end, store);
    this.#store = store;
    this.#head = 0;
  }
}

/** PCM with the absolute offset of its first sample. */
export interface PcmChunk {
  offset: number;
  pcm: Uint8Array;
  /** Samples per channel. */
  samples: number;
}

/**
 * The client's memory of audio that the server has not finalised: what is replayed after a reconnect. Bounded by time; what
 * does not fit is reported, never dropped in silence.
 */
export class ByteRing {
  readonly #frameBytes: number;
  readonly #maxSamples: number;
  /** What is held at most at present: `#maxSamples`, or more after a {@link hold}. */
  #bound: number;
  #holding = false;
  /** Chunks from `#first` on; the ones before are gone and are cut off now and then. */
  #chunks: PcmChunk[] = [];
  #first = 0;
  #end: number;

  /**
   * @param format of the PCM to be appended
   * @param maxMs most audio held, milliseconds
   * @param startOffset absolute offset of the first sample to be appended
   */
  constructor(format: AudioFormat, maxMs: number, startOffset = 0) {
    this.#frameBytes = bytesPerFrame(format);
    this.#maxSamples = Math.max(1, Math.floor((format.sampleRate * maxMs) / 1000));
    this.#bound = this.#maxSamples;
    this.#end = startOffset;
  }

  /** Offset of the oldest sample held; equals `end` when nothing is. */
  get oldest(): number {
    return this.#chunks[this.#first]?.offset ?? this.#end;
  }

  /** Offset after the newest sample: that of the next one. */
  get end(): number {
    return this.#end;
  }

  /** Samples held per channel. */
  get length(): number {
    return this.#end - this.oldest;
  }

  /**
   * Appends PCM. The bytes are copied.
   *
   * @param pcm whole sample frames
   * @returns the range that had to go to make room, if any
   * @throws SttError `invalid_argument` when `pcm` ends within a sample frame
   */
  append(pcm: Uint8Array): SampleRange | undefined {
    const samples = pcm.byteLength / this.#frameBytes;
    if (!Number.isInteger(samples)) {
      throw new SttError(
        "invalid_argument",
        `A chunk of ${pcm.byteLength} bytes is not a whole number of ${this.#frameBytes}-byte sample frames.`,
      );
    }
    if (samples === 0) return undefined;
    this.#chunks.push({ offset: this.#end, pcm: pcm.slice(), samples });
    this.#end += samples;
    const from = this.oldest;
    if (this.#holding) this.#bound = Math.max(this.#bound, this.length);
    this.forgetBefore(this.#end - this.#bound);
    return this.oldest > from ? { from, to: this.oldest } : undefined;
  }

  /** Gives up everything before `offset`, to the sample. */
  forgetBefore(offset: number): void {
    const chunks = this.#chunks;
    while (this.#first < chunks.length && chunks[this.#first]!.offset + chunks[this.#first]!.samples <= offset) {
      this.#first++;
    }
    const head = chunks[this.#first];
    if (head && head.offset < offset) chunks[this.#first] = this.#cut(head, offset);
    if (this.#first > 64 && this.#first * 2 > chunks.length) {
      this.#chunks = chunks.slice(this.#first);
      this.#first = 0;
    }
    if (!this.#holding) this.#bound = Math.max(this.#maxSamples, Math.min(this.#bound, this.length));
  }

  /** Nothing is pushed out from now on, whatever is appended, until {@link settle} or {@link release}. */
  hold(): void {
    this.#holding = true;
  }

  /** Ends a {@link hold}. What it let in may stay, but nothing more: the excess shrinks as audio is forgotten. */
  settle(): void {
    this.#holding = false;
  }

  /** Ends a {@link hold}, and pushes out what it let in. */
  release(): void {
    this.#holding = false;
    this.#bound = this.#maxSamples;
    this.forgetBefore(this.#end - this.#bound);
  }

  /**
   * The chunks from `offset` on, in order; the first is cut to begin there. Do not modify them. Chunks that are appended or
   * forgotten during the iteration do not disturb it.
   */
  *from(offset: number): Generator<PcmChunk> {
    let next = offset;
    for (;;) {
      const chunk = this.#find(next);
      if (!chunk) return;
      yield chunk.offset < next ? this.#cut(chunk, next) : chunk;
      next = chunk.offset + chunk.samples;
    }
  }

  /** Forgets everything and goes on at another offset. */
  reset(offset: number): void {
    this.#chunks = [];
    this.#first = 0;
    this.#end = offset;
  }

  /** The first chunk that reaches beyond `offset`, by bisection. */
  #find(offset: number): PcmChunk | undefined {
    let low = this.#first;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const chunk = this.#chunks[middle]!;
      if (chunk.offset + chunk.samples <= offset) low = middle + 1;
      else high = middle;
    }
    return this.#chunks[low];
  }

  #cut(chunk: PcmChunk, offset: number): PcmChunk {
    const skip = offset - chunk.offset;
    return { offset, pcm: chunk.pcm.subarray(skip * this.#frameBytes), samples: chunk.samples - skip };
  }
}
