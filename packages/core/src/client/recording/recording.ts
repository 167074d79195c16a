/** One recording, from `start` to `stop`: its audio, its session, its text. Outlives connections. */
import type { AudioFormat, AudioSource } from "../../audio/source.js";
import { callSafely, type FailureReport } from "../../callers/caller-code.js";
import type { Clock } from "../../clock.js";
import { SttError } from "../../errors.js";
import type { ClientMessageOf, ServerMessageOf, SessionOptions } from "../../protocol/messages.js";
import { PROTOCOL_VERSION } from "../../protocol/version.js";
import type { Connection } from "../connection/connection.js";
import { type Deferred, deferred } from "../deferred.js";
import type { WarningEvent } from "../events/events.js";
import { RecordingText, type TextMessage } from "../text/recording-text.js";
import { ReplayQueue } from "./replay-queue.js";
import { Sender } from "./sender.js";
import { feed } from "./source-feed.js";

/** How long `stop` waits for a source that was told to end, and `close` for one that is being closed. */
const SOURCE_GRACE_MS = 1000;

export interface RecordingOptions {
  clock: Clock;
  maxReplayMs: number;
  warmUpMs: number;
  maxBufferedBytes: number;
  /** The connection cannot go on, see `Sender`. */
  onGap(): void;
  /** Audio came in. */
  onAudio(): void;
  /** The source's device went away, or came back. */
  onSourceAvailable(available: boolean): void;
  /** The source ended by itself, well or not. */
  onSourceEnd(error: unknown): void;
  /** The source could not be closed. */
  onCloseFailed: FailureReport;
}

export class Recording {
  /** Settles when the session is ready for the first time. */
  readonly ready: Deferred<void> = deferred();
  /** Settles when it is over: with the text, or with what ended it. */
  readonly outcome: Deferred<string> = deferred();
  readonly #queue: ReplayQueue;
  readonly #sender: Sender;
  readonly #text: RecordingText;
  readonly #sourceAbort = new AbortController();
  readonly #pausedBy = new Set<"user" | "source">();
  readonly #options: RecordingOptions;
  #source: AudioSource | undefined;
  #sourceError: unknown;
  #feeding: Promise<void> = Promise.resolve();
  #finite = false;
  #isStopping = false;
  #isReady = false;
  /** No audio will be added any more. */
  #isDrained = false;
  #sessionId: string | undefined;
  #lostMs = 0;
  #stopGrace: (() => void) | undefined;

  constructor(
    readonly format: AudioFormat,
    options: RecordingOptions,
  ) {
    this.#options = options;
    this.#queue = new ReplayQueue(format, options.maxReplayMs, options.warmUpMs);
    this.#sender = new Sender(this.#queue, options);
    this.#text = new RecordingText(format.sampleRate);
  }

  /** Whether audio comes from a source, and not from `push`. */
  get hasSource(): boolean {
    return this.#source !== undefined;
  }

  /** Milliseconds of audio taken in. */
  get audioMs(): number {
    return this.#msOf(this.#queue.endSample);
  }

  /** Milliseconds of audio that were given up. */
  get lostMs(): number {
    return this.#lostMs;
  }

  /** What ended the source, if it failed. */
  get sourceError(): unknown {
    return this.#sourceError;
  }

  /** `stop` was called, by the user or by the end of a broken source. */
  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** `stop` was called and no audio will be added any more. */
  get isFinishing(): boolean {
    return this.#isStopping && this.#isDrained;
  }

  get isPaused(): boolean {
    return this.#pausedBy.size > 0;
  }

  /** The first `ready` has come. */
  get wasReady(): boolean {
    return this.#isReady;
  }

  /** Undefined before the first `ready`. */
  get sessionId(): string | undefined {
    return this.#sessionId;
  }

  /** Somebody speaks. */
  get isSpeaking(): boolean {
    return this.#text.speaking !== undefined;
  }

  /** A change of servers would interrupt neither an utterance nor the last finals, which are on their way. */
  get isBetweenUtterances(): boolean {
    return !this.#text.isUtteranceOpen && !this.isFinishing;
  }

  /** The server is done with all audio there is. */
  get isFinalized(): boolean {
    return this.#queue.allFinalized;
  }

  /** No audio will be added any more, and the server is done with all there was. */
  get isComplete(): boolean {
    return this.#isDrained && this.#queue.allFinalized;
  }

  /** The finals so far. */
  get text(): string {
    return String(this.#text);
  }

  /** Takes audio from a source. `finite` sources wait for the network; others are never held up. */
  take(source: AudioSource, finite: boolean): void {
    this.#source = source;
    this.#finite = finite;
    this.#feeding = this.#feed(source);
  }

  /**
   * Takes audio that its caller has. It can wait, so it is refused where a source would lose some.
   *
   * @throws SttError `invalid_argument` when `pcm` ends within a sample frame; `buffer_overflow` when it does not fit
   */
  push(pcm: Uint8Array): void {
    if (this.isPaused || this.#isDrained) return;
    if (!this.#queue.fits(pcm)) {
      const { maxReplayMs } = this.#options;
      const seconds = (bytes: number) => (this.#msOf(bytes) / 1000).toFixed(1);
      throw new SttError(
        "buffer_overflow",
        `push has no room for another ${seconds(this.#queue.samplesOf(pcm))} s: ${seconds(this.#queue.unsentSamples)} s wait to be sent, and maxReplayMs is ${maxReplayMs}. Nothing of it was taken: wait for drained(), or push less at once.`,
        { retryable: true },
      );
    }
    this.#accept(pcm);
  }

  /** Resolves when the server has been given all audio so far; also when the recording is over. */
  drained(): Promise<void> {
    return this.#sender.room(this.#sourceAbort.signal);
  }

  /** It is paused while its user or its source wants it to be. @returns whether that made a difference */
  setPaused(paused: boolean, by: "user" | "source"): boolean {
    const before = this.isPaused;
    if (paused) this.#pausedBy.add(by);
    else this.#pausedBy.delete(by);
    if (this.isPaused === before) return false;
    if (this.isPaused) this.#queue.mark({ type: "finalize" });
    this.#sender.setPaused(this.isPaused);
    return true;
  }

  /** Ends the current utterance after the audio so far. */
  finalize(): void {
    this.#queue.mark({ type: "finalize" });
    this.#sender.pump();
  }

  /** Drops the current utterance. @returns the number of the one that is being spoken, if one is */
  cancelUtterance(): number | undefined {
    const { speaking } = this.#text;
    this.#queue.mark({ type: "cancel" });
    this.#sender.pump();
    this.#text.forgetOpenUtterance();
    return speaking;
  }

  /**
   * Ends the audio: at once, or with `drain` when the source does. Then `onDrained` is called, and `stop` follows the last
   * sample to the server. A second call can only cut a drain short.
   */
  stop(drain: boolean | undefined, onDrained: () => void): void {
    const endSource = this.#source && !((drain ?? this.#finite) && !this.isPaused);
    if (this.#isStopping) {
      // The first call let a file run on; this one has no more patience.
      if (drain === false && !this.#isDrained) this.#sourceAbort.abort();
      return;
    }
    this.#isStopping = true;
    const finish = () => {
      this.#stopGrace?.();
      if (this.#isDrained) return;
      this.#isDrained = true;
      this.#queue.stop();
      this.#sender.pump();
      onDrained();
    };
    if (endSource) {
      this.#sourceAbort.abort();
      this.#stopGrace = this.#options.clock.setTimer(SOURCE_GRACE_MS, finish);
    }
    if (this.#source) void this.#feeding.then(finish);
    else finish();
  }

  /** What begins its session on another connection; from there on audio waits for `attach`. */
  startMessage(session: SessionOptions): ClientMessageOf<"start"> {
    const fromSample = this.#queue.rewind();
    const message = { type: "start", protocol: PROTOCOL_VERSION, audio: this.format, ...session } as const;
    if (!this.#isReady && fromSample === 0) return message;
    const { finalizedSamples } = this.#queue;
    const warmUp = finalizedSamples > fromSample && { finalizedSamples };
    const sessionId = this.#sessionId ?? "unconnected";
    return { ...message, resume: { sessionId, fromSample, ...warmUp, ...this.#text.resumePoint } };
  }

  /** Its session is ready. */
  onReady(message: ServerMessageOf<"ready">): void {
    if (this.#isReady) this.#text.resumed();
    this.#isReady = true;
    this.#sessionId = message.sessionId;
    this.ready.resolve();
  }

  /** Its audio goes over this connection from now on. */
  attach(connection: Connection, message: ServerMessageOf<"ready">): void {
    this.#sender.attach(connection, message);
  }

  /** The connection is gone. */
  detach(): void {
    this.#sender.detach();
    this.#text.forgetOpenUtterance();
  }

  onAck({ finalizedSamples, receivedSamples }: ServerMessageOf<"ack">): void {
    this.#queue.finalizedTo(finalizedSamples);
    this.#text.finalizedTo(this.#msOf(finalizedSamples));
    this.#sender.acknowledged(receivedSamples);
  }

  /** @returns the message for the reader, or `undefined` for none */
  onText(message: TextMessage): TextMessage | undefined {
    const accepted = this.#text.accept(message);
    // The queue moves with the final itself: a cut before the next ack must not replay what is already text.
    if (accepted && message.type === "final") this.#queue.finalizedTo(message.finalizedSamples);
    return accepted;
  }

  /**
   * What has been given up since the last warning, as a warning.
   *
   * @param leastMs less than this waits for more
   */
  takeLoss(leastMs = 0): WarningEvent | undefined {
    if (this.#msOf(this.#queue.lostSamples) < leastMs) return undefined;
    const lostMs = this.#msOf(this.#queue.takeLostSamples());
    if (lostMs === 0) return undefined;
    this.#lostMs += lostMs;
    const message = `${(lostMs / 1000).toFixed(1)} s of audio were given up: no server took them within maxReplayMs.`;
    return { type: "warning", code: "buffer_overflow", message, lostMs };
  }

  /** Ends everything; whoever still waits is told `error`. Resolves when the source is closed, or would not be. */
  async dispose(error: SttError): Promise<void> {
    this.ready.reject(error);
    this.outcome.reject(error);
    this.#isDrained = true;
    this.#stopGrace?.();
    this.#sourceAbort.abort();
    this.#sender.dispose();
    if (this.#source) await closeSource(this.#source, this.#options.clock, this.#options.onCloseFailed);
  }

  async #feed(source: AudioSource): Promise<void> {
    const { signal } = this.#sourceAbort;
    try {
      const attached: unknown = source.attach?.({
        setAvailable: (available) => this.#options.onSourceAvailable(available),
        skip: (samples) => this.#skip(samples),
      });
      const feeding = feed(source, {
        signal,
        finite: this.#finite,
        room: () => this.#sender.room(signal),
        accept: (pcm) => this.#accept(pcm),
      });
      // One that is async is not waited for, and fails as one that is not.
      await (attached === undefined ? feeding : Promise.race([feeding, rejectionOf(attached)]));
      if (signal.aborted) return;
    } catch (error) {
      this.#sourceError = error ?? new SttError("io_error", "The source failed without a reason.");
      if (signal.aborted) return;
    }
    this.#options.onSourceEnd(this.#sourceError);
  }

  /** @throws SttError `invalid_argument` when `pcm` ends within a sample frame */
  #accept(pcm: Uint8Array): void {
    if (this.isPaused || this.#isDrained) return;
    this.#queue.append(pcm);
    this.#sender.pump();
    this.#options.onAudio();
  }

  #skip(samples: number): void {
    if (this.isPaused || this.#isDrained) return;
    this.#queue.mark({ type: "finalize" });
    this.#text.skip(this.#queue.endSample, samples);
    this.#sender.pump();
  }

  #msOf(samples: number): number {
    return (samples / this.format.sampleRate) * 1000;
  }
}

/** Rejects when a promise does, and never resolves. */
function rejectionOf(value: unknown): Promise<never> {
  return new Promise((_, reject) => {
    Promise.resolve(value).catch(reject);
  });
}

/** Closes a source of the caller's, whatever its `close` does: throws, waits for ever, or is no async function. */
export async function closeSource(source: AudioSource, clock: Clock, report: FailureReport): Promise<void> {
  const closed = deferred<void>();
  const cancel = clock.setTimer(SOURCE_GRACE_MS, () => closed.resolve());
  const close = async () => {
    await source.close();
  };
  callSafely(() => close().finally(() => closed.resolve()), report);
  await closed.promise;
  cancel();
}
