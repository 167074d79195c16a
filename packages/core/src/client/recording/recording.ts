/** One recording, from `start` to `stop`: its audio, its session, its finals. Outlives connections. */
import type { AudioFormat, AudioSource } from "../../audio/source.js";
import type { Clock } from "../../clock.js";
import type { SttError } from "../../errors.js";
import type { ClientMessageOf, ServerMessageOf, SessionOptions } from "../../protocol/messages.js";
import { PROTOCOL_VERSION } from "../../protocol/version.js";
import { joinText } from "../../speech/text-format.js";
import { type Deferred, deferred } from "../deferred.js";
import { OpenUtterance } from "../text/open-utterance.js";
import { PartialGuard } from "../text/partial-guard.js";
import { Timeline } from "../text/speaker-timeline.js";
import { Outbox } from "./replay-queue.js";
import { Sender } from "./sender.js";
import { feed } from "./source-feed.js";

/** Characters of the text so far that a resumed session gets as context. */
const CONTEXT_CHARS = 200;

/** How long `stop` waits for a source that was told to end. */
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
}

export class Recording {
  readonly outbox: Outbox;
  readonly sender: Sender;
  /** The speaker's times, see `SourceHost.skip`. */
  readonly timeline: Timeline;
  readonly openUtterance = new OpenUtterance();
  /** Settles when the session is ready for the first time. */
  readonly ready: Deferred<void> = deferred();
  /** Settles when it is over: with the text, or with what ended it. */
  readonly outcome: Deferred<string> = deferred();
  /** `stop` was called, by the user or by the end of a broken source. */
  stopping = false;
  /** The first `ready` has come. */
  everReady = false;
  paused = false;
  /** What ended the source, if it failed. */
  sourceError: unknown;
  /** Number of the first utterance without a final. */
  nextUtterance = 0;
  /** Undefined before the first `ready`. */
  sessionId: string | undefined;
  /** What the server has settled on for `auto`. */
  #language: string | undefined;
  /** The finals so far. */
  text = "";
  /** The next utterance goes on in the sentence of the last final. */
  #continued = false;
  readonly #partials = new PartialGuard();
  readonly #sourceAbort = new AbortController();
  #source: AudioSource | undefined;
  #feeding: Promise<void> = Promise.resolve();
  #finite = false;
  #drained = false;
  readonly #pausedBy = new Set<"user" | "source">();
  #stopGrace: (() => void) | undefined;
  readonly #options: RecordingOptions;

  constructor(
    readonly format: AudioFormat,
    options: RecordingOptions,
  ) {
    this.#options = options;
    this.outbox = new Outbox(format, options.maxReplayMs, options.warmUpMs);
    this.sender = new Sender(this.outbox, options);
    this.timeline = new Timeline(format.sampleRate);
  }

  /** Whether audio comes from a source, and not from `push`. */
  get hasSource(): boolean {
    return this.#source !== undefined;
  }

  /** Milliseconds of audio taken in. */
  get audioMs(): number {
    return (this.outbox.endSample / this.format.sampleRate) * 1000;
  }

  /** `stop` was called and no audio will be added any more. */
  get finishing(): boolean {
    return this.stopping && this.#drained;
  }

  /** A change of servers would interrupt neither an utterance nor the last finals, which are on their way. */
  get isPause(): boolean {
    return !this.openUtterance.isOpen && !this.finishing;
  }

  /** No audio will be added any more, and the server is done with all there was. */
  get complete(): boolean {
    return this.#drained && this.outbox.allFinalized;
  }

  /** Takes audio from a source. `finite` sources wait for the network; others are never held up. */
  take(source: AudioSource, finite: boolean): void {
    this.#source = source;
    this.#finite = finite;
    const { signal } = this.#sourceAbort;
    source.attach?.({
      setAvailable: (available) => this.#options.onSourceAvailable(available),
      skip: (samples) => this.#skip(samples),
    });
    this.#feeding = feed(source, {
      signal,
      finite,
      room: () => this.sender.room(signal),
      accept: (pcm) => this.accept(pcm),
    }).then(
      () => {
        if (!signal.aborted) this.#options.onSourceEnd(undefined);
      },
      (error: unknown) => {
        this.sourceError = error;
        if (!signal.aborted) this.#options.onSourceEnd(error);
      },
    );
  }

  /** @throws SttError `invalid_argument` when `pcm` ends within a sample frame. */
  accept(pcm: Uint8Array): void {
    if (this.paused || this.#drained) return;
    this.outbox.append(pcm);
    this.sender.pump();
    this.#options.onAudio();
  }

  /** It is paused while its user or its source wants it to be. @returns whether that made a difference */
  setPaused(paused: boolean, by: "user" | "source"): boolean {
    if (paused) this.#pausedBy.add(by);
    else this.#pausedBy.delete(by);
    if (this.paused === this.#pausedBy.size > 0) return false;
    this.paused = !this.paused;
    if (this.paused) this.outbox.mark({ type: "finalize" });
    this.sender.setPaused(this.paused);
    return true;
  }

  #skip(samples: number): void {
    if (this.paused || this.#drained) return;
    this.outbox.mark({ type: "finalize" });
    this.timeline.skip(this.outbox.endSample, samples);
    this.sender.pump();
  }

  /**
   * Ends the audio: at once, or with `drain` when the source does. Then `onDrained` is called, and `stop` follows the last
   * sample to the server. A second call can only cut a drain short.
   */
  stop(drain: boolean | undefined, onDrained: () => void): void {
    const endSource = this.#source && !((drain ?? this.#finite) && !this.paused);
    if (this.stopping) {
      // The first call let a file run on; this one has no more patience.
      if (drain === false && !this.#drained) this.#sourceAbort.abort();
      return;
    }
    this.stopping = true;
    const finish = () => {
      this.#stopGrace?.();
      if (this.#drained) return;
      this.#drained = true;
      this.outbox.stop();
      this.sender.pump();
      onDrained();
    };
    if (endSource) {
      this.#sourceAbort.abort();
      this.#stopGrace = this.#options.clock.setTimer(SOURCE_GRACE_MS, finish);
    }
    if (this.#source) void this.#feeding.then(finish);
    else finish();
  }

  startMessage(session: SessionOptions): ClientMessageOf<"start"> {
    const fromSample = this.outbox.rewind();
    const message = { type: "start", protocol: PROTOCOL_VERSION, audio: this.format, ...session } as const;
    if (!this.everReady && fromSample === 0) return message;
    const { sessionId = "unconnected", nextUtterance, outbox } = this;
    const { finalizedSamples } = outbox;
    const warmUp = finalizedSamples > fromSample && { finalizedSamples };
    const context = this.#continued && { context: this.text.slice(-CONTEXT_CHARS) };
    const language = this.#language !== undefined && { language: this.#language };
    return { ...message, resume: { sessionId, fromSample, nextUtterance, ...warmUp, ...context, ...language } };
  }

  onReady(message: ServerMessageOf<"ready">): void {
    if (this.everReady) this.#partials.resumed();
    this.everReady = true;
    this.sessionId = message.sessionId;
    this.ready.resolve();
  }

  onAck(message: ServerMessageOf<"ack">): void {
    this.outbox.finalizedTo(message.finalizedSamples);
    this.openUtterance.finalizedTo((message.finalizedSamples / this.format.sampleRate) * 1000);
  }

  /** @returns the partial for the reader, or `undefined` for none: late, or superseded. */
  onPartial(message: ServerMessageOf<"partial">): ServerMessageOf<"partial"> | undefined {
    return message.utterance < this.nextUtterance ? undefined : this.#partials.admit(message);
  }

  /** @returns false for a final that has been seen. */
  onFinal(message: ServerMessageOf<"final">): boolean {
    if (message.utterance < this.nextUtterance) return false;
    this.nextUtterance = message.utterance + 1;
    this.openUtterance.finished(message.utterance);
    this.#continued = message.continues === true;
    if (message.languageSettled) this.#language = message.language;
    this.text = joinText(this.text, message.text, message.language);
    // The ring moves with the final itself: a cut before the next ack must not replay what is already text.
    this.outbox.finalizedTo(message.finalizedSamples);
    return true;
  }

  /** Ends everything; whoever still waits is told `error`. */
  async dispose(error: SttError): Promise<void> {
    this.ready.reject(error);
    this.outcome.reject(error);
    this.#drained = true;
    this.#stopGrace?.();
    this.#sourceAbort.abort();
    this.sender.dispose();
    await this.#source?.close().catch(() => {});
  }
}
