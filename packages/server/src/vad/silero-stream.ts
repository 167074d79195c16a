import { messageOf, SttError, VAD_FRAME_SAMPLES, type VadListener, type VadStream } from "@stt/core";
import { type FramePool, NO_FRAME } from "./frame-pool.js";
import type { PreFilter } from "./webrtc-gate.js";

/** The gate's filter takes this frame for possible speech. */
const HEARD = 1;
/** The stream was reset before this frame. */
const RESET = 2;

/** Silero keeps looking for this many frames (256 ms) after the filter last let one pass. */
const QUIET_FRAMES = 8;
/** ... and until its own probability is below this. */
const QUIET_PROBABILITY = 0.1;
/**
 * Skipped frames that Silero hears after all, without an answer, before the frame that ends a silence. Its state stands
 * still in between. Measured on the samples in zeros and noise of -65 to -40 dB: with 4, an onset (p > 0.95) comes at most
 * one frame late; with none, up to five; from a cleared state instead, ten times as many frames are lost after it.
 */
const LEAD_IN_FRAMES = 4;

/** What a stream needs of its detector. */
export interface StreamHost {
  readonly pool: FramePool;
  /** The stream has a frame for Silero. */
  ready(stream: SileroStream): void;
  /** The stream was pushed a frame while it waits for a place in a batch. */
  growing(stream: SileroStream): void;
  /** The sum of all backlogs changed. */
  count(frames: number): void;
  closed(stream: SileroStream): void;
}

/**
 * One stream: a queue of frames, and the decision which of them Silero must see.
 *
 * The decision is taken when a frame's turn has come, knowing all answers before it, and never depends on timing: audio
 * fed at any pace gets the same probabilities.
 */
export class SileroStream implements VadStream {
  /** The next stream in the detector's queue of ready streams. */
  nextReady: SileroStream | null = null;
  /** When it entered that queue, in milliseconds of `performance.now()`. */
  readyAt = 0;
  /** Frames pushed and not yet answered. */
  backlog = 0;
  /** True once closed. */
  closed = false;

  readonly #host: StreamHost;
  readonly #listener: VadListener;
  readonly #preFilter: PreFilter | null;
  // One list holds the skipped frames kept for the lead-in, from #first, and then the queue, from #head to #tail.
  #first = NO_FRAME;
  #head = NO_FRAME;
  #tail = NO_FRAME;
  #kept = 0;
  /** Frames still to go to Silero without an answer. */
  #leadIn = 0;
  /** A frame waits for a batch or is in one. */
  #submitted = false;
  #deciding = false;
  /** The next frame pushed is the first after a reset. */
  #resetNext = false;
  /** Silero must start from a clean state with the next frame it gets. */
  #fresh = true;
  #quietFrames = QUIET_FRAMES;
  #lastProbability = 0;

  /**
   * @param slot place of the state in Silero's slab
   * @param preFilter the gate's filter, or null when Silero sees every frame
   */
  constructor(
    host: StreamHost,
    listener: VadListener,
    readonly slot: number,
    preFilter: PreFilter | null,
  ) {
    this.#host = host;
    this.#listener = listener;
    this.#preFilter = preFilter;
  }

  push(frame: Float32Array): void {
    if (frame.length !== VAD_FRAME_SAMPLES) {
      throw new SttError("invalid_argument", `A VAD frame has ${VAD_FRAME_SAMPLES} samples, not ${frame.length}.`);
    }
    if (this.closed) return;
    let flags = this.#preFilter === null || this.#preFilter.mayContainSpeech(frame) ? HEARD : 0;
    if (this.#resetNext) flags |= RESET;
    this.#resetNext = false;
    this.#append(this.#host.pool.add(frame, flags));
    this.backlog++;
    this.#host.count(1);
    if (this.#submitted) this.#host.growing(this);
    else this.#decide();
  }

  reset(): void {
    if (this.closed) return;
    this.#resetNext = true;
    this.#preFilter?.reset();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.#preFilter?.close();
    this.#host.count(-this.backlog);
    this.backlog = 0;
    this.#releaseUpTo(NO_FRAME);
    this.#head = this.#tail = NO_FRAME;
    this.#host.closed(this);
  }

  /** Moves the frame whose turn it is into a row of a batch. @returns 1 when Silero starts from a clean state, else 0. */
  take(rows: Float32Array, offset: number): 0 | 1 {
    this.#host.pool.copyTo(this.#head, rows, offset);
    this.#first = this.#head = this.#host.pool.release(this.#head);
    if (this.#head === NO_FRAME) this.#tail = NO_FRAME;
    const fresh = this.#fresh;
    this.#fresh = false;
    return fresh ? 1 : 0;
  }

  /** Silero's probability for the frame last taken. */
  accept(probability: number): void {
    if (this.closed) return;
    this.#submitted = false;
    if (this.#leadIn > 0) {
      this.#leadIn--;
    } else {
      this.#lastProbability = probability;
      // Frames that the listener pushes queue up behind those already here.
      this.#deciding = true;
      this.#report(probability);
      this.#deciding = false;
    }
    this.#decide();
  }

  /** Ends the stream after a fault. */
  fail(error: SttError): void {
    if (this.closed) return;
    this.close();
    try {
      this.#listener.onError(error);
    } catch (fault) {
      // Uncaught on purpose, as with any EventTarget, but not in the midst of other streams' answers.
      queueMicrotask(() => {
        throw fault;
      });
    }
  }

  /** Answers frames as silent for as long as the gate allows, then hands the next one to Silero. */
  #decide(): void {
    if (this.#deciding || this.#submitted) return;
    this.#deciding = true;
    while (!this.closed && this.#head !== NO_FRAME) {
      if (this.#leadIn === 0 && this.#isPlainSilence()) {
        this.#keep();
        this.#report(0);
        continue;
      }
      if (this.#kept > 0) this.#rewind();
      this.#submitted = true;
      this.#host.ready(this);
      break;
    }
    this.#deciding = false;
  }

  /** Whether the frame whose turn it is may go past Silero. Asking again for a frame that was heard changes nothing. */
  #isPlainSilence(): boolean {
    const { flags } = this.#host.pool;
    const head = this.#head;
    if ((flags[head]! & RESET) !== 0) {
      flags[head]! &= ~RESET;
      this.#releaseUpTo(head);
      this.#fresh = true;
      this.#quietFrames = QUIET_FRAMES;
      this.#lastProbability = 0;
    }
    this.#quietFrames = (flags[head]! & HEARD) !== 0 ? 0 : this.#quietFrames + 1;
    return this.#quietFrames >= QUIET_FRAMES && this.#lastProbability < QUIET_PROBABILITY;
  }

  #append(index: number): void {
    if (this.#tail !== NO_FRAME) this.#host.pool.next[this.#tail] = index;
    if (this.#head === NO_FRAME) this.#head = index;
    if (this.#first === NO_FRAME) this.#first = index;
    this.#tail = index;
  }

  /** Leaves the frame whose turn it was in the list, among the last few skipped ones. */
  #keep(): void {
    const { pool } = this.#host;
    this.#head = pool.next[this.#head]!;
    if (this.#kept < LEAD_IN_FRAMES) this.#kept++;
    else this.#first = pool.release(this.#first);
  }

  /** Puts the kept frames back in front of the queue. */
  #rewind(): void {
    this.#leadIn = this.#kept;
    this.#kept = 0;
    this.#head = this.#first;
  }

  /** Gives back the list's frames before `end`. */
  #releaseUpTo(end: number): void {
    while (this.#first !== end) this.#first = this.#host.pool.release(this.#first);
    this.#kept = 0;
  }

  #report(probability: number): void {
    this.backlog--;
    this.#host.count(-1);
    try {
      this.#listener.onProbability(probability);
    } catch (error) {
      // A fault of one session must not stop the answers of the others in this batch.
      const message = `The listener of a voice activity stream failed: ${messageOf(error)}`;
      this.fail(new SttError("internal", message, { cause: error }));
    }
  }
}
