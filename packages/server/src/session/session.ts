import {
  type AudioFormat,
  type AudioFrame,
  type Clock,
  ENGINE_SAMPLE_RATE,
  Segmenter,
  type SegmenterEvent,
  type SessionOptions,
  SttError,
  type TranscriptionEngine,
  textHint,
  VAD_FRAME_SAMPLES,
  type VadStream,
  type VoiceActivityDetector,
} from "@stt/core";
import type { Log } from "../observability/log.js";
import type { Scheduler } from "../scheduler/scheduler.js";
import { AudioIntake } from "./audio-intake.js";
import { Decoder } from "./decoder.js";
import type { SessionListener } from "./events.js";
import { Finals } from "./finals.js";
import { IdleWatch } from "./idle-watch.js";
import { PartialLoop } from "./partial-loop.js";
import { Progress } from "./progress.js";
import { SessionLanguage } from "./session-language.js";
import {
  overridesOf,
  type SessionSettings,
  type SettingOverrides,
  segmenterOptions,
  silenceThreshold,
  withOverrides,
} from "./settings.js";
import { Utterance } from "./utterance.js";

/** The parts of the server that sessions share. */
export interface SessionServices {
  clock: Clock;
  log: Log;
  scheduler: Scheduler;
  finalEngine: TranscriptionEngine;
  partialEngine: TranscriptionEngine;
  vad: VoiceActivityDetector;
  /** Least time between two partial decodes of one session at the present load, milliseconds. */
  cadenceMs(): number;
  /** Is told now and then how long a frame took from its arrival to its verdict. */
  onVadLag?(ms: number): void;
}

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

/** One frame in so many samples is timed on its way through the detector: about one a second. */
const TIMED_EVERY_SAMPLES = 32 * VAD_FRAME_SAMPLES;

/**
 * One speaker's stream, whatever the wire: audio in, events out. All decisions are made on the audio clock; the wall clock
 * only paces partials and notices a client that fell silent in mid-utterance.
 */
export class Session {
  readonly id: string;
  readonly #services: SessionServices;
  /** The frame whose way through the detector is being timed: one at a time is enough for a histogram. */
  #timedSample = 0;
  #timedAt = 0;
  readonly #listener: SessionListener;
  readonly #maxBufferedSamples: number;
  readonly #intake: AudioIntake;
  readonly #vad: VadStream;
  readonly #segmenter: Segmenter;
  readonly #finals: Finals;
  readonly #partials: PartialLoop;
  readonly #progress: Progress;
  readonly #idle: IdleWatch;
  /** Commands that take their place in the stream of audio, by the judged sample they wait for. */
  readonly #commands: { atSample: number; run: () => void }[] = [];
  readonly #openedAt: number;
  readonly #fromSample: number;
  readonly #sampleRate: number;
  #defaults: SessionSettings;
  #overrides: SettingOverrides;
  #settings: SessionSettings;
  #utterance: Utterance | undefined;
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
    this.#segmenter = new Segmenter(segmenterOptions(this.#settings), {
      firstUtterance: init.firstUtterance ?? 0,
      floorSample: this.#intake.fromInputSample(init.finalizedSamples ?? this.#fromSample),
    });
    this.#vad = services.vad.createStream({
      onProbability: (probability) => this.#onProbability(probability),
      onError: (error) => this.#fail(error),
    });
    this.#progress = new Progress({
      clock,
      judged: () => this.#segmenter.sample,
      safe: () => this.#segmenter.safeSample,
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
    this.#partials = new PartialLoop({
      clock,
      log,
      decoder,
      language,
      timeline,
      read: (from, to) => this.#intake.ring.read(from, to),
      cadenceMs: services.cadenceMs,
      emit: listener,
      // Counts only with adaptive endpointing.
      onText: (text) => this.#segmenter.hint(textHint(text)),
    });
    this.#idle = new IdleWatch(clock, () => this.finalize());
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
    return this.#utterance === undefined && this.#finals.settled && this.#commands.length === 0;
  }

  get #unjudgedSamples(): number {
    return this.#queuedSample - this.#segmenter.sample;
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
    this.#idle.touch();
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
      this.#handle(this.#segmenter.finalize());
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
      this.#cancelUtterance();
      done?.();
    });
  }

  /** Drops the utterance and all finals that are pending. */
  abort(): void {
    this.#inOrder(() => {
      this.#finals.cancelPending("cancelled");
      this.#cancelUtterance();
    });
  }

  /** Forgets the audio before now, unless an utterance is open: the next one has no pre-roll from it. */
  forgetAudio(): void {
    this.#inOrder(() => {
      if (!this.#utterance) this.#segmenter.cancel();
    });
  }

  /** Flushes everything; resolves after the `end` event. */
  async stop(): Promise<void> {
    this.#intake.flush();
    await new Promise<void>((resolve) => this.#inOrder(resolve));
    if (this.#closed) return;
    this.#handle(this.#segmenter.end());
    await this.#finals.flushed();
    if (this.#closed) return;
    this.#progress.complete(this.#segmenter.sample);
    this.#progress.report();
    const audioMs = this.#intake.toMs(this.#segmenter.sample);
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
    this.#idle.disarm();
    this.#vad.close();
    this.#partials.cancel();
    this.#utterance?.dropSpeculation();
    this.#finals.close();
    this.#services.scheduler.forget(this.id);
    for (const { run } of this.#commands.splice(0)) run();
    this.#onClose?.();
  }

  #judge(frame: Float32Array): void {
    this.#queuedSample += VAD_FRAME_SAMPLES;
    if (this.#timedSample === 0 && this.#queuedSample % TIMED_EVERY_SAMPLES === 0) {
      this.#timedSample = this.#queuedSample;
      this.#timedAt = this.#services.clock.now();
    }
    this.#vad.push(frame);
  }

  /** The heartbeat: one verdict for every 32 ms of audio, in order. */
  #onProbability(probability: number): void {
    if (this.#closed) return;
    const { ring } = this.#intake;
    const from = this.#segmenter.sample;
    const level = ring.rms(from, from + VAD_FRAME_SAMPLES);
    this.#handle(this.#segmenter.push(probability, level));
    if (this.#segmenter.sample === this.#timedSample) {
      this.#services.onVadLag?.(this.#services.clock.now() - this.#timedAt);
      this.#timedSample = 0;
    }
    const utterance = this.#utterance;
    if (utterance) {
      utterance.hear(probability >= silenceThreshold(utterance.settings), level);
      this.#speculate(utterance);
      this.#partials.poke(utterance, this.#segmenter.sample);
    }
    ring.forgetBefore(this.#segmenter.safeSample);
    this.#runCommands();
    this.#progress.tick();
  }

  #handle(events: readonly SegmenterEvent[]): void {
    for (const event of events) this.#onSegment(event);
  }

  #onSegment(event: SegmenterEvent): void {
    switch (event.type) {
      case "speech_start":
        this.#openUtterance(event);
        return;
      case "silence_start":
        if (this.#utterance) this.#utterance.silenceSample = event.atSample;
        this.#tell("silence_start", event.utterance, event.atSample);
        return;
      case "silence_end":
        if (this.#utterance) this.#utterance.silenceSample = undefined;
        this.#utterance?.dropSpeculation();
        this.#tell("silence_end", event.utterance, event.atSample);
        return;
      case "utterance_end":
        this.#endUtterance(event);
        return;
    }
  }

  #openUtterance(event: Extract<SegmenterEvent, { type: "speech_start" }>): void {
    this.#utterance = new Utterance({
      number: event.utterance,
      startSample: event.startSample,
      startMs: this.#intake.toMs(event.startSample),
      speechSample: event.speechSample,
      // The frame that opened it is noted by the heartbeat itself.
      speechSamples: this.#segmenter.sample - VAD_FRAME_SAMPLES - event.speechSample,
      settings: this.#settings,
      context: this.#finals.context,
    });
    this.#tell("speech_start", event.utterance, event.speechSample);
    this.#idle.arm(this.#settings.idleAudioMs);
  }

  #endUtterance(event: Extract<SegmenterEvent, { type: "utterance_end" }>): void {
    const utterance = this.#closeUtterance();
    if (!utterance) return;
    const { endSample, speechEndSample, reason } = event;
    const audio = this.#intake.ring.read(event.startSample, endSample);
    this.#tell("speech_end", event.utterance, speechEndSample);
    this.#listener({ type: "utterance_audio", utterance: event.utterance, audio });
    this.#finals.push({
      utterance,
      audio,
      endSample,
      speechEndSample,
      evidence: {
        ...utterance.evidence(endSample),
        speechMs: (event.speechSamples * 1000) / ENGINE_SAMPLE_RATE,
      },
      continues: reason === "maximum",
    });
  }

  #closeUtterance(): Utterance | undefined {
    const utterance = this.#utterance;
    this.#utterance = undefined;
    this.#idle.disarm();
    this.#partials.cancel();
    return utterance;
  }

  /** Decodes the final while the end silence is still being counted. */
  #speculate(utterance: Utterance): void {
    const { silenceSample, settings, speculation } = utterance;
    if (silenceSample === undefined || speculation || !settings.speculativeFinals || !this.#finals.settled) return;
    const endSample = silenceSample + (settings.speculativeSilenceMs * ENGINE_SAMPLE_RATE) / 1000;
    if (this.#segmenter.sample < endSample) return;
    this.#finals.speculate(utterance, this.#intake.ring.read(utterance.startSample, endSample), endSample);
  }

  #cancelUtterance(): void {
    this.#segmenter.cancel();
    const utterance = this.#closeUtterance();
    if (!utterance) return;
    utterance.dropSpeculation();
    this.#finals.discard(utterance, this.#segmenter.sample, "cancelled");
  }

  #adoptSettings(): void {
    this.#settings = withOverrides(this.#defaults, this.#overrides);
    this.#inOrder(() => this.#segmenter.update(segmenterOptions(this.#settings)));
  }

  #tell(
    type: "speech_start" | "speech_end" | "silence_start" | "silence_end",
    utterance: number,
    sample: number,
  ): void {
    this.#listener({ type, utterance, atMs: this.#intake.toMs(sample) });
  }

  /** Runs a command once all audio received before it was judged. */
  #inOrder(run: () => void): void {
    this.#commands.push({ atSample: this.#queuedSample, run });
    this.#runCommands();
  }

  #runCommands(): void {
    while (this.#commands.length > 0 && this.#segmenter.sample >= this.#commands[0]!.atSample) {
      this.#commands.shift()!.run();
    }
  }

  #fail(error: SttError): void {
    this.#services.log.error({ err: error, session: this.id }, "voice activity detection failed");
    this.#listener({ type: "error", code: error.code, message: error.message, fatal: true });
    this.close();
  }
}
