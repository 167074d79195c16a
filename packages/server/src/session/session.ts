import {
  type AudioFormat,
  type AudioFrame,
  ENGINE_SAMPLE_RATE,
  type SessionOptions,
  SttError,
  VAD_FRAME_SAMPLES,
  type VadStream,
} from "@stt/core";
import { AudioIntake } from "./audio-intake.js";
import { Decoder } from "./decoder.js";
import { Endpointer } from "./endpointer.js";
import type { SessionListener } from "./events.js";
import { Finals } from "./finals.js";
import { OrderedCommands } from "./ordered-commands.js";
import { PartialLoop } from "./partial-loop.js";
import { Progress } from "./progress.js";
import type { SessionServices } from "./services.js";
import { SessionLanguage } from "./session-language.js";
import { overridesOf, type SessionSettings, type SettingOverrides, withOverrides } from "./settings.js";
import { VerdictTimer } from "./verdict-timer.js";

export interface SessionInit {
  id: string;
  format: AudioFormat;
  /** Of the server. */
  settings: SessionSettings;
  /** What this session has otherwise. @default nothing */
  overrides?: SettingOverrides;
  /** Most audio received and not yet judged before the transport must hold its client back. */
  maxBufferedMs: number;
  /** Offset of the first sample to come, at the input rate. @default 0 */
  fromSample?: number;
  /** Audio before this offset, at the input rate, has its final already. @default fromSample */
  finalizedSamples?: number;
  /** @default 0 */
  firstUtterance?: number;
  /** The end of the text so far, for an utterance that goes on after a resume. */
  context?: string;
  /** What `auto` has settled on before a resume. */
  language?: string | undefined;
}

/** Audio may come this much faster than it is spoken, plus a start, before it counts as a file. */
const LIVE_PACE = 1.5;
const LIVE_SLACK_MS = 500;
/** The longest utterance and pre-roll that settings can ever ask for. */
const LONGEST_UTTERANCE_MS = 35_000;

/**
 * One speaker's stream, whatever the wire: audio in, events out. All decisions are made on the audio clock; the wall clock
 * only paces partials and notices a client that fell silent in mid-utterance.
 */
export class Session {
  readonly id: string;
  readonly #services: SessionServices;
  readonly #listener: SessionListener;
  readonly #maxBufferedSamples: number;
  readonly #intake: AudioIntake;
  readonly #vad: VadStream;
  readonly #verdicts: VerdictTimer;
  readonly #endpointer: Endpointer;
  readonly #finals: Finals;
  readonly #progress: Progress;
  readonly #commands = new OrderedCommands();
  readonly #openedAt: number;
  readonly #fromSample: number;
  readonly #sampleRate: number;
  #defaults: SessionSettings;
  #overrides: SettingOverrides;
  #settings: SessionSettings;
  /** 16 kHz samples handed to the voice activity detector. */
  #queuedSample = 0;
  #onClose: (() => void) | undefined;
  #closed = false;

  constructor(services: SessionServices, init: SessionInit, listener: SessionListener) {
    const { clock, log } = services;
    this.id = init.id;
    this.#services = services;
    this.#listener = listener;
    this.#defaults = init.settings;
    this.#overrides = init.overrides ?? {};
    this.#settings = withOverrides(this.#defaults, this.#overrides);
    this.#openedAt = clock.now();
    this.#fromSample = init.fromSample ?? 0;
    this.#sampleRate = init.format.sampleRate;
    this.#maxBufferedSamples = (init.maxBufferedMs * ENGINE_SAMPLE_RATE) / 1000;
    const heldMs = LONGEST_UTTERANCE_MS + 3 * init.maxBufferedMs;
    this.#intake = new AudioIntake(init.format, this.#fromSample, heldMs, (frame) => this.#judge(frame));
    this.#verdicts = new VerdictTimer(clock, (ms) => services.onVadLag?.(ms));
    this.#vad = services.vad.createStream({
      onProbability: (probability) => this.#onProbability(probability),
      onError: (error) => this.#fail(error),
    });
    this.#progress = new Progress({
      clock,
      judged: () => this.#endpointer.sample,
      safe: () => this.#endpointer.safeSample,
      settled: () => this.#finals.settled,
      report: (sample) =>
        this.#listener({
          type: "progress",
          receivedSamples: this.receivedSamples,
          finalizedSamples: this.#intake.toInputSample(sample),
        }),
    });
    const decoder = new Decoder(init.id, services);
    const language = new SessionLanguage(init.language);
    const timeline = this.#intake;
    this.#finals = new Finals(
      { decoder, log, language, timeline, progress: this.#progress, emit: listener },
      init.context ?? "",
    );
    const partials = new PartialLoop({
      clock,
      log,
      decoder,
      language,
      timeline,
      read: (from, to) => this.#intake.ring.read(from, to),
      cadenceMs: services.cadenceMs,
      emit: listener,
      onText: (text) => this.#endpointer.hint(text),
    });
    this.#endpointer = new Endpointer(
      {
        clock,
        intake: this.#intake,
        finals: this.#finals,
        partials,
        emit: listener,
        settings: () => this.#settings,
        onIdle: () => this.finalize(),
      },
      {
        firstUtterance: init.firstUtterance ?? 0,
        floorSample: this.#intake.fromInputSample(init.finalizedSamples ?? this.#fromSample),
      },
    );
  }

  /** The next sample offset expected, at the input rate. */
  get receivedSamples(): number {
    return this.#intake.receivedSamples;
  }

  /** Audio received, milliseconds. */
  get audioMs(): number {
    return ((this.receivedSamples - this.#fromSample) * 1000) / this.#sampleRate;
  }

  /** As set now; the open utterance keeps those it began with. */
  get settings(): SessionSettings {
    return this.#settings;
  }

  /** Whether the audio comes as it is spoken. A file that is sent faster can wait; a speaker cannot. */
  get live(): boolean {
    const elapsedMs = this.#services.clock.now() - this.#openedAt;
    return this.audioMs <= elapsedMs * LIVE_PACE + LIVE_SLACK_MS;
  }

  /** Whether the transport should stop reading until this is false. */
  get congested(): boolean {
    return this.#unjudgedSamples > this.#maxBufferedSamples || this.#finals.pendingSamples > this.#maxBufferedSamples;
  }

  /** No utterance is open, no final is pending, and all audio so far was judged. */
  get settled(): boolean {
    return !this.#endpointer.open && this.#finals.settled && this.#commands.empty;
  }

  get #unjudgedSamples(): number {
    return this.#queuedSample - this.#endpointer.sample;
  }

  /**
   * Takes audio. Samples known already are dropped by offset.
   *
   * @throws SttError `audio_gap`; `buffer_overflow` when the transport ignored {@link congested} for too long.
   */
  push(frame: AudioFrame): void {
    if (this.#closed) return;
    if (this.#unjudgedSamples > 2 * this.#maxBufferedSamples) {
      throw new SttError(
        "buffer_overflow",
        "More audio was sent than the server announced to hold. Wait for acknowledgements.",
      );
    }
    this.#endpointer.touch();
    this.#intake.accept(frame);
    this.#progress.tick();
  }

  /**
   * Changes settings from the next utterance on.
   *
   * @param overrides what a wire sets that the options have no word for
   */
  update(options: SessionOptions, overrides: SettingOverrides = {}): void {
    this.#overrides = { ...this.#overrides, ...overridesOf(options), ...overrides };
    this.#adoptSettings();
  }

  /** The server's settings changed: from the next utterance on they count wherever this session has none of its own. */
  followDefaults(defaults: SessionSettings): void {
    this.#defaults = defaults;
    this.#adoptSettings();
  }

  /**
   * Ends the utterance now; its final follows.
   *
   * @param done called when all audio received so far was judged and the utterance, if there was one, has ended
   */
  finalize(done?: () => void): void {
    this.#inOrder(() => {
      this.#endpointer.finalize();
      done?.();
    });
  }

  /**
   * Drops the utterance: no final for it.
   *
   * @param done called when all audio received so far was judged and the utterance, if there was one, is dropped
   */
  cancel(done?: () => void): void {
    this.#inOrder(() => {
      this.#endpointer.cancel();
      done?.();
    });
  }

  /** Drops the utterance and all finals that are pending. */
  abort(): void {
    this.#inOrder(() => {
      this.#finals.cancelPending("cancelled");
      this.#endpointer.cancel();
    });
  }

  /** Forgets the audio before now, unless an utterance is open: the next one has no pre-roll from it. */
  forgetAudio(): void {
    this.#inOrder(() => this.#endpointer.forgetAudio());
  }

  /** Resolves once all audio received so far, and the commands among it, have taken effect; or the session is closed. */
  caughtUp(): Promise<void> {
    return new Promise((resolve) => this.#inOrder(resolve));
  }

  /** Flushes everything; resolves after the `end` event. */
  async stop(): Promise<void> {
    this.#intake.flush();
    await this.caughtUp();
    if (this.#closed) return;
    this.#endpointer.end();
    await this.#finals.flushed();
    if (this.#closed) return;
    this.#progress.complete(this.#endpointer.sample);
    this.#progress.report();
    const audioMs = this.#intake.toMs(this.#endpointer.sample);
    this.#listener({ type: "end", audioMs, utterances: this.#finals.count });
    this.close();
  }

  /** `callback` runs once, when the session is closed for whatever reason. */
  onClose(callback: () => void): void {
    this.#onClose = callback;
  }

  /** Drops everything and frees it. Idempotent; no event follows. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#vad.close();
    this.#endpointer.dispose();
    this.#finals.close();
    this.#services.scheduler.forget(this.id);
    this.#commands.runAll();
    this.#onClose?.();
  }

  #judge(frame: Float32Array): void {
    this.#queuedSample += VAD_FRAME_SAMPLES;
    this.#verdicts.sent(this.#queuedSample);
    this.#vad.push(frame);
  }

  /** The heartbeat: one verdict for every 32 ms of audio, in order. */
  #onProbability(probability: number): void {
    if (this.#closed) return;
    this.#endpointer.hear(probability);
    const { sample, safeSample } = this.#endpointer;
    this.#verdicts.judged(sample);
    this.#intake.ring.forgetBefore(safeSample);
    this.#commands.runUpTo(sample);
    this.#progress.tick();
  }

  #adoptSettings(): void {
    this.#settings = withOverrides(this.#defaults, this.#overrides);
    this.#inOrder(() => this.#endpointer.update(this.#settings));
  }

  #inOrder(run: () => void): void {
    this.#commands.add(this.#queuedSample, run);
    this.#commands.runUpTo(this.#endpointer.sample);
  }

  #fail(error: SttError): void {
    this.#services.log.error({ err: error, session: this.id }, "voice activity detection failed");
    this.#listener({ type: "error", code: error.code, message: error.message, fatal: true });
    this.close();
  }
}
