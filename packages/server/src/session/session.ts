import {
  type AudioFrame,
  assertNever,
  ENGINE_SAMPLE_RATE,
  knowsTurnsIn,
  type SessionOptions,
  type SpeechPart,
  SttError,
  type TrackerEvent,
  textHint,
  UtteranceTracker,
  VAD_FRAME_SAMPLES,
} from "@stt/core";
import { Decoder } from "../decoding/decoder.js";
import { FinalPipeline } from "../decoding/final-pipeline.js";
import { LanguageKeeper } from "../decoding/language-keeper.js";
import {
  overridesOf,
  type SessionSettings,
  type SettingOverrides,
  trackerOptions,
  withOverrides,
} from "../settings/session-settings.js";
import { AudioIntake } from "./audio-intake.js";
import { EndOfTurn } from "./end-of-turn.js";
import type { SessionListener } from "./events.js";
import { FinalQueue } from "./final-queue.js";
import { IdleWatch } from "./idle-watch.js";
import { LiveTextWriter } from "./live-text.js";
import { Progress } from "./progress.js";
import { SampleOrderedQueue } from "./sample-ordered-queue.js";
import { type SessionServices, sharesModel } from "./services.js";
import type { SessionInit } from "./session-init.js";
import { Speculation } from "./speculation.js";
import { TurnEvents } from "./turn-events.js";
import type { Utterance, UtterancePart } from "./utterance.js";
import { VadFeed } from "./vad-feed.js";

type Boundary = "speech_start" | "speech_end" | "silence_start" | "silence_end";

/** Audio may come this much faster than it is spoken, plus a start, before it counts as a file. */
const LIVE_PACE = 1.5;
const LIVE_SLACK_MS = 500;
/** The longest utterance and pre-roll that settings can ever ask for. */
const LONGEST_UTTERANCE_MS = 35_000;

/**
 * One speaker's stream, whatever the wire: audio in, events out. The way of the audio, from top to bottom:
 *
 * 1. {@link push}: the client's format becomes 16 kHz samples in a ring, and frames of 32 ms ({@link AudioIntake});
 * 2. the voice activity detector gives a probability of speech for each frame;
 * 3. in a silence, frames wait where it is decided whether the speaker has finished ({@link EndOfTurn});
 * 4. `#onFrame`: the tracker says where utterances and their parts begin and end ({@link UtteranceTracker});
 * 5. while one is open, its live text is written ({@link LiveTextWriter});
 * 6. what ends goes to the finals ({@link FinalQueue}).
 *
 * All decisions are made on the audio clock; the wall clock only paces live text and notices a client that fell silent in
 * mid-utterance.
 */
export class Session {
  readonly id: string;
  readonly #services: SessionServices;
  readonly #emit: SessionListener;
  readonly #maxBufferedSamples: number;
  readonly #intake: AudioIntake;
  readonly #vad: VadFeed;
  readonly #tracker: UtteranceTracker;
  readonly #live: LiveTextWriter;
  readonly #finals: FinalQueue;
  readonly #speculation: Speculation;
  readonly #endOfTurn: EndOfTurn;
  readonly #progress: Progress;
  readonly #idle: IdleWatch;
  readonly #commands = new SampleOrderedQueue();
  readonly #openedAt: number;
  #defaults: SessionSettings;
  #overrides: SettingOverrides;
  #settings: SessionSettings;
  #utterance: Utterance | undefined;
  /** Where the silence began that is being counted; undefined while speech goes on. */
  #silenceSample: number | undefined;
  #onClose: (() => void) | undefined;
  #closed = false;

  constructor(services: SessionServices, init: SessionInit, listener: SessionListener) {
    const { clock, log, cadenceMs } = services;
    this.id = init.id;
    this.#services = services;
    const turns = new TurnEvents(listener);
    this.#emit = turns.onEvent;
    this.#defaults = init.settings;
    this.#overrides = init.overrides ?? {};
    this.#settings = withOverrides(this.#defaults, this.#overrides);
    this.#openedAt = clock.now();
    const fromSample = init.fromSample ?? 0;
    this.#maxBufferedSamples = (init.maxBufferedMs * ENGINE_SAMPLE_RATE) / 1000;
    const heldMs = LONGEST_UTTERANCE_MS + 3 * init.maxBufferedMs;
    this.#intake = new AudioIntake(init.format, fromSample, heldMs, (frame) => this.#vad.push(frame));
    this.#vad = new VadFeed(
      { vad: services.vad, clock, onLag: services.onVadLag },
      { onProbability: (probability) => this.#endOfTurn.push(probability), onError: (error) => this.#fail(error) },
    );
    this.#tracker = new UtteranceTracker(trackerOptions(this.#settings), {
      firstUtterance: init.firstUtterance ?? 0,
      floorSample: this.#intake.fromInputSample(init.finalizedSamples ?? fromSample),
    });
    const timeline = this.#intake;
    this.#progress = new Progress({
      clock,
      seen: () => this.#tracker.sample,
      safe: () => this.#tracker.safeSample,
      settled: () => this.#finals.settled,
      report: (sample) =>
        this.#emit({
          type: "progress",
          receivedSamples: this.receivedSamples,
          finalizedSamples: timeline.toInputSample(sample),
        }),
    });
    const decoder = new Decoder(init.id, services);
    const language = new LanguageKeeper({ settled: init.language });
    const read = (from: number, to: number) => this.#intake.ring.read(from, to);
    const shared = { log, decoder, language, timeline, emit: this.#emit };
    this.#live = new LiveTextWriter({
      ...shared,
      clock,
      read,
      cadenceMs,
      spoken: () => this.#tracker.spoken(),
      onText: (text) => this.#tracker.hint(textHint(text)),
    });
    this.#finals = new FinalQueue({
      ...shared,
      pipeline: new FinalPipeline(decoder, log),
      progress: this.#progress,
      context: init.context ?? "",
      onPartText: (utterance, text, startMs, endMs) => this.#live.settle(utterance, text, startMs, endMs),
    });
    this.#speculation = new Speculation({
      tracker: this.#tracker,
      finals: this.#finals,
      live: this.#live,
      turns,
      timeline,
      withAudio: (part) => this.#withAudio(part),
      isOneEngine: () => sharesModel(services),
    });
    this.#endOfTurn = new EndOfTurn({
      clock,
      detector: services.turnDetector,
      read,
      tracker: this.#tracker,
      isLive: () => this.live,
      onFrame: (probability) => this.#onFrame(probability),
      onAnswer: (utterance, probability) => turns.answered(utterance.number, probability),
      onLikelyEnd: (utterance, silenceSample) => this.#speculation.expectEnd(utterance, silenceSample),
    });
    this.#idle = new IdleWatch(clock, () => this.finalize());
  }

  /** The next sample offset expected, at the input rate. */
  get receivedSamples(): number {
    return this.#intake.receivedSamples;
  }

  /** Audio received, milliseconds. */
  get audioMs(): number {
    return this.#intake.receivedMs;
  }

  /** As set now; the open utterance keeps those it began with. */
  get settings(): SessionSettings {
    return this.#settings;
  }

  /** What decides that a turn is over: silence alone, too, where the model is missing or does not know the language. */
  get endOfTurn(): SessionSettings["endOfTurn"] {
    const { endOfTurn, language } = this.#settings;
    const hears = this.#services.turnDetector !== undefined && knowsTurnsIn(language);
    return endOfTurn === "model" && hears ? "model" : "silence";
  }

  /** Whether the audio comes as it is spoken. A file that is sent faster can wait; a speaker cannot. */
  get live(): boolean {
    const elapsedMs = this.#services.clock.now() - this.#openedAt;
    return this.audioMs <= elapsedMs * LIVE_PACE + LIVE_SLACK_MS;
  }

  /** Whether the transport should stop reading until this is false. */
  get congested(): boolean {
    return this.#unseenSamples > this.#maxBufferedSamples || this.#finals.pendingSamples > this.#maxBufferedSamples;
  }

  /** No utterance is open, no final is pending, and the detector has seen all audio so far. */
  get settled(): boolean {
    return this.#utterance === undefined && this.#finals.settled && this.#commands.empty;
  }

  get #unseenSamples(): number {
    return this.#vad.queuedSample - this.#tracker.sample;
  }

  /**
   * Takes audio. Samples known already are dropped by offset.
   *
   * @throws SttError `audio_gap`; `buffer_overflow` when the transport ignored {@link congested} for too long.
   */
  push(frame: AudioFrame): void {
    if (this.#closed) return;
    if (this.#unseenSamples > 2 * this.#maxBufferedSamples) {
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

  /** Ends the utterance where the audio received so far ends; its final follows. */
  finalize(): void {
    this.#inOrder(() => this.#handle(this.#tracker.finalize()));
  }

  /** Drops the utterance up to where the audio received so far ends: no final for it. */
  cancel(): void {
    this.#inOrder(() => this.#cancelUtterance());
  }

  /** Drops the utterance and all finals that are pending. */
  abort(): void {
    this.#inOrder(() => {
      this.#finals.cancelPending();
      this.#cancelUtterance();
    });
  }

  /** Forgets the audio before now, unless an utterance is open: the next one has no pre-roll from it. */
  forgetAudio(): void {
    this.#inOrder(() => {
      if (!this.#utterance) this.#tracker.cancel();
    });
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
    this.#handle(this.#tracker.end());
    await this.#finals.flushed();
    if (this.#closed) return;
    this.#progress.complete(this.#tracker.sample);
    this.#progress.report();
    const audioMs = this.#intake.toMs(this.#tracker.sample);
    this.#emit({ type: "end", audioMs, utterances: this.#finals.count });
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
    this.#endOfTurn.close();
    this.#idle.disarm();
    this.#live.close();
    this.#finals.close();
    this.#services.scheduler.forget(this.id);
    this.#commands.runAll();
    this.#onClose?.();
  }

  /** The heartbeat: once for every 32 ms of audio, in order. */
  #onFrame(probability: number): void {
    if (this.#closed) return;
    const { ring } = this.#intake;
    const from = this.#tracker.sample;
    this.#handle(this.#tracker.push(probability, ring.rms(from, from + VAD_FRAME_SAMPLES)));
    if (this.#utterance) {
      this.#speculation.onFrame(this.#utterance, this.#silenceSample);
      this.#live.onFrame(this.#tracker.sample, this.#silenceSample);
    }
    const { sample, safeSample } = this.#tracker;
    ring.forgetBefore(safeSample);
    this.#commands.runUpTo(sample);
    this.#progress.tick();
  }

  #handle(events: readonly TrackerEvent[]): void {
    for (const event of events) this.#onSpeech(event);
  }

  #onSpeech(event: TrackerEvent): void {
    switch (event.type) {
      case "speech_start":
        this.#beginUtterance(event);
        return;
      case "silence_start":
        this.#silenceSample = event.atSample;
        this.#emitBoundary("silence_start", event.utterance, event.atSample);
        if (this.#utterance) this.#endOfTurn.ask(this.#utterance, event.atSample);
        return;
      case "part_end":
        this.#finals.addPart(this.#withAudio(event.part));
        return;
      case "silence_end":
        this.#utterance?.pauses.push({ startSample: this.#silenceSample ?? event.atSample, endSample: event.atSample });
        this.#silenceSample = undefined;
        this.#endOfTurn.overtake();
        this.#speculation.overtake();
        this.#emitBoundary("silence_end", event.utterance, event.atSample);
        return;
      case "utterance_end":
        this.#endUtterance(event);
        return;
      default:
        assertNever(event);
    }
  }

  #beginUtterance({ utterance, startSample, speechSample }: Extract<TrackerEvent, { type: "speech_start" }>): void {
    const settings = this.#settings;
    const { context } = this.#finals;
    this.#utterance = { number: utterance, startSample, speechSample, settings, context, pauses: [] };
    this.#finals.begin(this.#utterance);
    this.#live.begin(this.#utterance);
    this.#emitBoundary("speech_start", utterance, speechSample);
    this.#idle.arm(settings.idleAudioMs);
  }

  #endUtterance({ endSample, speechEndSample, reason, part }: Extract<TrackerEvent, { type: "utterance_end" }>): void {
    const utterance = this.#closeUtterance();
    if (!utterance) return;
    const { number, startSample } = utterance;
    this.#emitBoundary("speech_end", number, speechEndSample);
    this.#emit({ type: "utterance_audio", utterance: number, audio: this.#intake.ring.read(startSample, endSample) });
    const ended = { ...utterance, endSample, speechEndSample, reason, continues: reason === "maximum" };
    this.#finals.end(ended, this.#withAudio(part), this.#live.end());
  }

  /** Drops the open utterance: no final for it. */
  #cancelUtterance(): void {
    this.#tracker.cancel();
    if (this.#closeUtterance()) this.#finals.discard(this.#tracker.sample, this.#live.end());
  }

  #closeUtterance(): Utterance | undefined {
    const utterance = this.#utterance;
    this.#utterance = undefined;
    this.#silenceSample = undefined;
    this.#endOfTurn.drop();
    this.#speculation.forget();
    this.#idle.disarm();
    return utterance;
  }

  #withAudio(part: SpeechPart): UtterancePart {
    return { ...part, audio: this.#intake.ring.read(part.startSample, part.endSample) };
  }

  #emitBoundary(type: Boundary, utterance: number, sample: number): void {
    this.#emit({ type, utterance, atMs: this.#intake.toMs(sample) });
  }

  #adoptSettings(): void {
    this.#settings = withOverrides(this.#defaults, this.#overrides);
    this.#inOrder(() => this.#tracker.update(trackerOptions(this.#settings)));
  }

  #inOrder(run: () => void): void {
    this.#commands.add(this.#vad.queuedSample, run);
    this.#commands.runUpTo(this.#tracker.sample);
  }

  #fail(error: SttError): void {
    this.#services.log.error({ err: error, session: this.id }, "voice activity detection failed");
    this.#emit({ type: "error", code: error.code, message: error.message, fatal: true });
    this.close();
  }
}
