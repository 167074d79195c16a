import { SttError, type VadListener, type VadStream, type VoiceActivityDetector } from "@stt/core";
import { FramePool } from "./frame-pool.js";
import { SileroStream, type StreamHost } from "./silero-stream.js";
import { SileroThread } from "./silero-thread.js";
import type { PreFilter } from "./webrtc-gate.js";

/** From this many open streams on, batches are spaced out so that they fill up: eight frames at once cost a third each. */
const SPACED_FROM_STREAMS = 32;
/** The least time between the starts of two batches then. A frame waits at most this long for company. */
const SPACING_MS = 8;
/** A stream that is this far behind (256 ms) gets its batches back to back. */
const URGENT_BACKLOG = 8;

/** What one batch cost. */
export interface VadBatch {
  /** Streams in the batch, one frame each. */
  readonly frames: number;
  /** From the moment the turn of the batch's first frame had come (its push, or its stream's answer before) to its answer. */
  readonly lagMs: number;
  /** From handing the batch to the thread to its answer. */
  readonly inferenceMs: number;
}

export interface SileroVadOptions {
  /** Streams answered together. @default 128 */
  maxBatch?: number | undefined;
  /** Makes the filter of a new stream's gate; without it, Silero sees every frame. */
  createPreFilter?: (() => PreFilter) | undefined;
  /** Observes every batch. */
  onBatch?: ((batch: VadBatch) => void) | undefined;
}

/**
 * Silero VAD v6 (https://github.com/snakers4/silero-vad) for many streams: frames that wait at the same time, at most one
 * per stream, are answered in one inference on a thread of its own.
 *
 * Streams take turns: one with a thousand frames waiting gets one into each batch, like one with a single frame.
 */
export class SileroVad implements VoiceActivityDetector {
  readonly #thread: SileroThread;
  readonly #maxBatch: number;
  readonly #createPreFilter: (() => PreFilter) | undefined;
  readonly #onBatch: ((batch: VadBatch) => void) | undefined;
  readonly #host: StreamHost;
  readonly #streams = new Set<SileroStream>();
  readonly #freeSlots: number[] = [];
  #slots = 0;
  #backlog = 0;

  // The queue of streams with a frame for Silero, first come first served.
  #firstReady: SileroStream | null = null;
  #lastReady: SileroStream | null = null;
  #ready = 0;
  #urgent = false;

  readonly #rows: (SileroStream | null)[];
  #inFlight = 0;
  #firstReadyAt = 0;
  #startedAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #over: SttError | undefined;
  #closing: Promise<void> | undefined;

  private constructor(thread: SileroThread, maxBatch: number, options: SileroVadOptions) {
    this.#thread = thread;
    this.#maxBatch = maxBatch;
    this.#createPreFilter = options.createPreFilter;
    this.#onBatch = options.onBatch;
    this.#rows = new Array<SileroStream | null>(maxBatch).fill(null);
    this.#host = {
      pool: new FramePool(),
      ready: (stream) => this.#enqueue(stream),
      growing: (stream) => this.#hurry(stream),
      count: (frames) => {
        this.#backlog += frames;
      },
      closed: (stream) => {
        this.#streams.delete(stream);
        this.#freeSlots.push(stream.slot);
      },
    };
    thread.onDone = () => this.#finish();
    thread.onFailed = (error) => this.#end(error);
  }

  /**
   * Loads the model, 0.1 s, on a new thread.
   *
   * @throws SttError `bad_model`, `io_error`, or `invalid_argument` for a `maxBatch` below 1.
   */
  static async create(options: SileroVadOptions = {}): Promise<SileroVad> {
    const { maxBatch = 128 } = options;
    if (!Number.isInteger(maxBatch) || maxBatch < 1) {
      throw new SttError("invalid_argument", `maxBatch must be a whole number from 1 on, not ${maxBatch}.`);
    }
    return new SileroVad(await SileroThread.start(maxBatch), maxBatch, options);
  }

  get backlog(): number {
    return this.#backlog;
  }

  createStream(listener: VadListener): VadStream {
    if (this.#over !== undefined) throw new SttError(this.#over.code, this.#over.message);
    const preFilter = this.#createPreFilter?.() ?? null;
    const slot = this.#freeSlots.pop() ?? this.#slots++;
    const stream = new SileroStream(this.#host, listener, slot, preFilter);
    this.#streams.add(stream);
    return stream;
  }

  close(): Promise<void> {
    this.#over ??= new SttError("invalid_state", "The voice activity detector is closed.");
    for (const stream of this.#streams) stream.close();
    clearTimeout(this.#timer);
    this.#closing ??= this.#thread.close();
    return this.#closing;
  }

  #end(error: SttError): void {
    this.#over = error;
    clearTimeout(this.#timer);
    for (const stream of this.#streams) stream.fail(error);
  }

  #enqueue(stream: SileroStream): void {
    if (this.#lastReady === null) this.#firstReady = stream;
    else this.#lastReady.nextReady = stream;
    this.#lastReady = stream;
    this.#ready++;
    stream.readyAt = performance.now();
    if (stream.backlog > URGENT_BACKLOG) this.#urgent = true;
    this.#start();
  }

  #hurry(stream: SileroStream): void {
    if (this.#urgent || stream.backlog <= URGENT_BACKLOG) return;
    this.#urgent = true;
    this.#start();
  }

  /** Starts a batch, unless one is under way or it should wait for company. */
  #start(): void {
    if (this.#inFlight > 0 || this.#ready === 0 || this.#over !== undefined) return;
    const now = performance.now();
    const spaced = this.#streams.size >= SPACED_FROM_STREAMS && this.#ready < this.#maxBatch && !this.#urgent;
    const wait = this.#startedAt + SPACING_MS - now;
    if (spaced && wait > 0) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#start();
      }, wait);
      return;
    }
    const rows = this.#fill();
    if (rows === 0) return;
    this.#startedAt = now;
    this.#thread.submit(rows);
  }

  /** Fills the rows of a batch from the queue. @returns their number. */
  #fill(): number {
    const { frames, slots, fresh } = this.#thread;
    const width = frames.length / this.#maxBatch;
    this.#urgent = false;
    let row = 0;
    while (row < this.#maxBatch && this.#firstReady !== null) {
      const stream: SileroStream = this.#firstReady;
      this.#firstReady = stream.nextReady;
      stream.nextReady = null;
      this.#ready--;
      if (stream.closed) continue;
      fresh[row] = stream.take(frames, row * width);
      slots[row] = stream.slot;
      if (row === 0) this.#firstReadyAt = stream.readyAt;
      this.#rows[row++] = stream;
    }
    if (this.#firstReady === null) this.#lastReady = null;
    this.#inFlight = row;
    return row;
  }

  #finish(): void {
    const frames = this.#inFlight;
    const { probabilities } = this.#thread;
    const now = performance.now();
    this.#onBatch?.({ frames, lagMs: now - this.#firstReadyAt, inferenceMs: now - this.#startedAt });
    // Still in flight while listeners run: what they push must not overwrite answers not yet delivered.
    for (let row = 0; row < frames; row++) {
      const stream = this.#rows[row]!;
      this.#rows[row] = null;
      stream.accept(probabilities[row]!);
    }
    this.#inFlight = 0;
    this.#start();
  }
}
