/** One recording's way to the server: audio and the control messages that belong between its samples. */
import { ByteRing } from "../../audio/ring-buffer.js";
import { type AudioFormat, bytesPerFrame } from "../../audio/source.js";
import type { ClientMessage, ClientMessageOf } from "../../protocol/messages.js";

/** A control message with a place on the timeline. */
export type MarkMessage = ClientMessageOf<"finalize" | "cancel">;

/** What {@link ReplayQueue.next} wants sent. */
export type QueueItem =
  | { kind: "audio"; offset: number; pcm: Uint8Array }
  | { kind: "control"; message: Extract<ClientMessage, { type: "finalize" | "cancel" | "stop" }> };

/** Replays begin at a multiple of this, so that the next server's detector sees the same frames of 32 ms at every common rate. */
const FRAME_GRID_MS = 160;

interface Mark {
  atSample: number;
  message: MarkMessage;
  sent: boolean;
}

/**
 * Holds everything that is not finalised, and a cursor of what the present connection has been given. `finalize` and `cancel`
 * keep their place: after a cut they are sent again between the same two samples, or the replay would mean something else.
 */
export class ReplayQueue {
  readonly format: AudioFormat;
  readonly #buffer: ByteRing;
  readonly #frameBytes: number;
  readonly #maxSamples: number;
  #marks: Mark[] = [];
  readonly #warmUpSamples: number;
  readonly #gridSamples: number;
  #cursor = 0;
  #replayFrom = 0;
  #finalized = 0;
  #reportedLost = 0;
  #stopWanted = false;
  #stopSent = false;

  /**
   * @param maxReplayMs bound of the audio kept, in milliseconds.
   * @param warmUpMs finalised audio that is replayed all the same, see {@link rewind}.
   */
  constructor(format: AudioFormat, maxReplayMs: number, warmUpMs: number) {
    this.format = format;
    this.#frameBytes = bytesPerFrame(format);
    this.#maxSamples = Math.max(1, Math.floor((format.sampleRate * maxReplayMs) / 1000));
    this.#gridSamples = (format.sampleRate * FRAME_GRID_MS) / 1000;
    this.#warmUpSamples = (format.sampleRate * warmUpMs) / 1000;
    this.#buffer = new ByteRing(format, maxReplayMs);
  }

  /** Samples taken in so far. */
  get endSample(): number {
    return this.#buffer.end;
  }

  /** Samples the server is done with. */
  get finalizedSamples(): number {
    return this.#finalized;
  }

  /** First sample of the present connection. */
  get firstSample(): number {
    return this.#replayFrom;
  }

  /** Samples not yet handed to the present connection; without one, all that are not finalised. */
  get unsentSamples(): number {
    return this.#buffer.end - Math.max(this.#cursor, this.#buffer.oldest);
  }

  /** Everything taken in has come back as text (or as silence). */
  get allFinalized(): boolean {
    return this.#finalized >= this.#buffer.end;
  }

  /** The bound has pushed out audio that the present connection was still to get: only a new `start` can step over the gap. */
  get hasGap(): boolean {
    return this.#cursor < this.#buffer.oldest;
  }

  /** Whether there is room for more without giving up what is still to be sent, to this server or, after a cut, to the next. */
  fits(pcm: Uint8Array): boolean {
    return this.unsentSamples + this.samplesOf(pcm) <= this.#maxSamples;
  }

  samplesOf(pcm: Uint8Array): number {
    return pcm.byteLength / this.#frameBytes;
  }

  /** @throws SttError `invalid_argument` when `pcm` ends within a sample frame */
  append(pcm: Uint8Array): void {
    this.#buffer.append(pcm);
  }

  mark(message: MarkMessage): void {
    this.#marks.push({ atSample: this.#buffer.end, message, sent: false });
  }

  /** After the last sample, `stop`. */
  stop(): void {
    this.#stopWanted = true;
  }

  /** The server is done with everything before `sample`. */
  finalizedTo(sample: number): void {
    this.#finalized = Math.min(Math.max(this.#finalized, sample), this.#buffer.end);
    this.#cursor = Math.max(this.#cursor, this.#warmUpFrom);
    this.#buffer.forgetBefore(this.#warmUpFrom);
    this.#marks = this.#marks.filter((mark) => !mark.sent || mark.atSample > this.#finalized);
  }

  /** Samples that the bound has pushed out before the server was done with them; each is told once. */
  takeLostSamples(): number {
    const lost = this.#buffer.oldest - Math.max(this.#finalized, this.#reportedLost);
    if (lost <= 0) return 0;
    this.#reportedLost = this.#buffer.oldest;
    return lost;
  }

  /** Samples that {@link takeLostSamples} would report. */
  get lostSamples(): number {
    return Math.max(0, this.#buffer.oldest - Math.max(this.#finalized, this.#reportedLost));
  }

  /**
   * Goes back to the oldest audio that the server is not done with, and a little further: a detector that begins in the middle
   * of a sound judges it differently. From there on everything is kept, beyond the bound too, until the server is {@link ready}
   * for it or {@link disconnected}.
   *
   * @returns the first sample that will be replayed
   */
  rewind(): number {
    this.#buffer.release();
    // What was pushed out cannot be replayed: for the next server the timeline simply goes on after it.
    this.finalizedTo(this.#buffer.oldest);
    this.#replayFrom = Math.max(this.#warmUpFrom, this.#buffer.oldest);
    this.#seek(this.#replayFrom);
    this.#buffer.hold();
    return this.#replayFrom;
  }

  /** The server takes audio from `sample` on. */
  ready(sample: number): void {
    this.#seek(sample);
    this.#buffer.settle();
  }

  /** Nobody takes audio: the bound counts again, and what is not finalised is still to be sent. */
  disconnected(): void {
    this.#buffer.release();
    this.#seek(this.#finalized);
  }

  get #warmUpFrom(): number {
    if (this.#warmUpSamples === 0) return this.#finalized;
    const from = Math.max(0, this.#finalized - this.#warmUpSamples);
    return Math.floor(Math.floor(from / this.#gridSamples) * this.#gridSamples);
  }

  #seek(sample: number): void {
    this.#cursor = Math.min(sample, this.#buffer.end);
    this.#stopSent = false;
    for (const mark of this.#marks) mark.sent = mark.atSample < this.#cursor;
  }

  /**
   * The next thing to send, in timeline order, or `undefined` when there is nothing (or nothing permitted).
   *
   * @param maxSamples most samples of one frame.
   * @param untilSample audio from here on has to wait.
   */
  next(maxSamples: number, untilSample: number): QueueItem | undefined {
    const mark = this.#marks.find((candidate) => !candidate.sent);
    if (mark && mark.atSample <= this.#cursor) {
      mark.sent = true;
      return { kind: "control", message: mark.message };
    }
    const limit = Math.min(untilSample, mark?.atSample ?? Number.POSITIVE_INFINITY) - this.#cursor;
    if (this.unsentSamples > 0) {
      if (limit <= 0) return undefined;
      const chunk = this.#buffer.from(this.#cursor).next().value;
      if (!chunk) return undefined;
      const samples = Math.min(chunk.samples, limit, Math.max(1, maxSamples));
      this.#cursor = chunk.offset + samples;
      return { kind: "audio", offset: chunk.offset, pcm: chunk.pcm.subarray(0, samples * this.#frameBytes) };
    }
    if (this.#stopWanted && !this.#stopSent) {
      this.#stopSent = true;
      return { kind: "control", message: { type: "stop" } };
    }
    return undefined;
  }
}
