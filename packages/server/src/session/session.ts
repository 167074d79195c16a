import {
  type AudioFormat,
  type AudioFrame,
  type Clock,
  ENGINE_SAMPLE_RATE,
  isSttError,
  messageOf,
  rms,
  Segmenter,
  type SegmenterEvent,
  type SessionOptions,
  SttError,
  type Transcription,
  type TranscriptionEngine,
  VAD_FRAME_SAMPLES,
  type VadStream,
  type VoiceActivityDetector,
} from "@stt/core";
import type { Log } from "../observability/log.js";
import type { Scheduler } from "../scheduler/scheduler.js";
import { AudioIntake } from "./audio-intake.js";
import { Decoder } from "./decoder.js";
import type { SessionListener } from "./events.js";
import { type EndedUtterance, FinalQueue } from "./final-queue.js";
import { finalOf } from "./final-text.js";
import { PartialLoop } from "./partial-loop.js";
import { type SessionSettings, segmenterOptions, withOptions } from "./settings.js";
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
}

export interface SessionInit {
  id: string;
  format: AudioFormat;
  settings: SessionSettings;
  /** Most audio received and not yet judged before the transport must hold its client back. */
  maxBufferedMs: number;
  /** Offset of the first sample to come, at the input rate. @default 0 */
  fromSample?: number;
  /** @default 0 */
  firstUtterance?: number;
  /** The end of the text so far, for an utterance that goes on after a resume. */
  context?: string;
}

/** A progress report goes out after so much time or judged audio, and after every final. */
const PROGRESS_MS = 900;
/** Characters of a split utterance's text that the next one is told. */
const CONTEXT_CHARACTERS = 200;

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
  readonly #segmenter: Segmenter;
  readonly #finals: FinalQueue;
  readonly #partials: PartialLoop;
  readonly #frame = new Float32Array(VAD_FRAME_SAMPLES);
  /** Commands that take their place in the stream of audio, by the judged sample they wait for. */
  readonly #commands: { atSample: number; run: () => void }[] = [];
  #settings: SessionSettings;
  #utterance: Utterance | undefined;
  #context: string;
  #queuedSample = 0;
  #doneSample = 0;
  #finalCount = 0;
  #lastAudioAt: number;
  #progressAt: number;
  #progressSample = 0;
  #cancelIdleTimer: (() => void) | undefined;
  #closed = false;
  #onClose: (() => void) | undefined;

  constructor(services: SessionServices, init: SessionInit, listener: SessionListener) {
    this.id = init.id;
    this.#services = services;
    this.#listener = listener;
    this.#settings = init.settings;
    this.#context = init.context ?? "";
    this.#lastAudioAt = services.clock.now();
    this.#progressAt = this.#lastAudioAt;
    this.#maxBufferedSamples = (init.maxBufferedMs * ENGINE_SAMPLE_RATE) / 1000;
    const heldMs = init.settings.maxUtteranceMs + init.settings.preRollMs + 3 * init.maxBufferedMs;
    this.#intake = new AudioIntake(init.format, init.fromSample ?? 0, heldMs, (frame) => this.#judge(frame));
    this.#segmenter = new Segmenter(segmenterOptions(init.settings), { firstUtterance: init.firstUtterance ?? 0 });
    this.#vad = services.vad.createStream({
      onProbability: (probability) => this.#onProbability(probability),
      onError: (error) => this.#fail(error),
    });
    const decoder = new Decoder(init.id, services);
    const languageOf = (utterance: Utterance) => this.#languageOf(utterance);
    this.#finals = new FinalQueue({
      decoder,
      log: services.log,
      languageOf,
      contextOf: (utterance) => this.#contextOf(utterance),
      onFinal: (ended, transcription) => this.#onFinal(ended, transcription),
      onFailure: (ended, error) => this.#onFailure(ended, error),
    });
    this.#partials = new PartialLoop({
      clock: services.clock,
      log: services.log,
      decoder,
      read: (from, to) => this.#intake.ring.read(from, to),
      toMs: (sample) => this.#intake.toMs(sample),
      languageOf,
      cadenceMs: services.cadenceMs,
      emit: (event) => this.#listener(event),
    });
  }

  /** The next sample offset expected, at the input rate. */
  get receivedSamples(): number {
    return this.#intake.receivedSamples;
  }

  /** Whether the transport should stop reading until a later event finds this false. */
  get congested(): boolean {
    const unjudged = this.#queuedSample - this.#segmenter.sample;
    return unjudged > this.#maxBufferedSamples || this.#finals.pendingSamples > this.#maxBufferedSamples;
  }

  /**
   * Takes audio. Samples known already are dropped by offset.
   *
   * @throws SttError `audio_gap`; `buffer_overflow` when the transport ignored {@link congested} for too long.
   */
  push(frame: AudioFrame): void {
    if (this.#closed) return;
    if (this.#queuedSample - this.#segmenter.sample > 2 * this.#maxBufferedSamples) {
      throw new SttError(
        "buffer_overflow",
        "More audio was sent than the server announced to hold. Wait for acknowledgements.",
      );
    }
    this.#lastAudioAt = this.#services.clock.now();
    this.#intake.accept(frame);
    this.#reportProgress(false);
  }

  /** Changes settings from the next utterance on. */
  update(options: SessionOptions): void {
    this.#settings = withOptions(this.#settings, options);
    this.#inOrder(() => this.#segmenter.update(segmenterOptions(this.#settings)));
  }

  /** Ends the utterance now; its final follows. */
  finalize(): void {
    this.#inOrder(() => this.#handle(this.#segmenter.finalize()));
  }

  /** Drops the utterance: no final for it. */
  cancel(): void {
    this.#inOrder(() => {
      this.#segmenter.cancel();
      this.#discardOpen("cancelled");
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
    this.#reportProgress(true);
    this.#listener({ type: "end", audioMs: this.#intake.toMs(this.#segmenter.sample), utterances: this.#finalCount });
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
    this.#cancelIdleTimer?.();
    this.#vad.close();
    this.#partials.cancel();
    this.#utterance?.dropSpeculation();
    this.#finals.close();
    this.#services.scheduler.forget(this.id);
    for (const { run } of this.#commands.splice(0)) run();
    this.#onClose?.();
  }

  // --- audio to utterances ---

  #judge(frame: Float32Array): void {
    this.#queuedSample += VAD_FRAME_SAMPLES;
    this.#vad.push(frame);
  }

  #onProbability(probability: number): void {
    if (this.#closed) return;
    const from = this.#segmenter.sample;
    const ring = this.#intake.ring;
    const level = rms(ring.read(from, from + VAD_FRAME_SAMPLES, this.#frame));
    this.#handle(this.#segmenter.push(probability, level));
    const utterance = this.#utterance;
    if (utterance) {
      this.#speculate(utterance);
      this.#partials.poke(utterance, this.#segmenter.sample);
    }
    ring.forgetBefore(this.#segmenter.safeSample);
    this.#runCommands();
    this.#reportProgress(false);
  }

  #handle(events: readonly SegmenterEvent[]): void {
    for (const event of events) this.#onSegment(event);
  }

  #onSegment(event: SegmenterEvent): void {
    const { utterance: number } = event;
    switch (event.type) {
      case "speech_start": {
        this.#utterance = new Utterance({
          number,
          startSample: event.startSample,
          startMs: this.#intake.toMs(event.startSample),
          speechSample: event.speechSample,
          settings: this.#settings,
          context: this.#context,
        });
        this.#listener({ type: "speech_start", utterance: number, atMs: this.#intake.toMs(event.speechSample) });
        this.#watchIdle();
        return;
      }
      case "silence_start":
        if (this.#utterance) this.#utterance.silenceSample = event.atSample;
        this.#listener({ type: "silence_start", utterance: number, atMs: this.#intake.toMs(event.atSample) });
        return;
      case "silence_end":
        if (this.#utterance) {
          this.#utterance.silenceSample = undefined;
          this.#utterance.dropSpeculation();
        }
        this.#listener({ type: "silence_end", utterance: number, atMs: this.#intake.toMs(event.atSample) });
        return;
      case "utterance_end":
        this.#endUtterance(event);
        return;
    }
  }

  #endUtterance(event: Extract<SegmenterEvent, { type: "utterance_end" }>): void {
    const utterance = this.#utterance;
    this.#utterance = undefined;
    this.#partials.cancel();
    if (!utterance) return;
    this.#listener({
      type: "speech_end",
      utterance: utterance.number,
      atMs: this.#intake.toMs(event.speechEndSample),
    });
    this.#finals.push({
      utterance,
      audio: this.#intake.ring.read(event.startSample, event.endSample),
      speechEndSample: event.speechEndSample,
      speechSamples: event.speechSamples,
      endSample: event.endSample,
      continues: event.reason === "maximum",
    });
  }

  /** Decodes the final while the end silence is still being counted. */
  #speculate(utterance: Utterance): void {
    const { silenceSample, settings, speculation } = utterance;
    if (silenceSample === undefined || speculation || !settings.speculativeFinals || !this.#finals.settled) return;
    const endSample = silenceSample + (settings.speculativeSilenceMs * ENGINE_SAMPLE_RATE) / 1000;
    if (this.#segmenter.sample < endSample) return;
    this.#finals.speculate(utterance, this.#intake.ring.read(utterance.startSample, endSample), endSample);
  }

  // --- finals ---

  #onFinal(ended: EndedUtterance, transcription: Transcription): void {
    const { utterance } = ended;
    const { settings } = utterance;
    this.#doneSample = ended.endSample;
    const verdict = finalOf(utterance, transcription, this.#intake.toMs(utterance.startSample));
    if (verdict.text === undefined) {
      this.#context = "";
      this.#tellDiscarded(utterance, verdict.reason);
    } else {
      this.#finalCount += 1;
      this.#context = ended.continues ? verdict.text.slice(-CONTEXT_CHARACTERS) : "";
      this.#listener({
        type: "final",
        utterance: utterance.number,
        text: verdict.text,
        startMs: this.#intake.toMs(utterance.speechSample),
        endMs: this.#intake.toMs(ended.speechEndSample),
        finalizedSamples: this.#finalizedSamples(),
        language: transcription.language,
        confidence: verdict.confidence,
        ...(settings.words && verdict.words ? { words: verdict.words } : {}),
      });
    }
    this.#reportProgress(true);
  }

  #onFailure(ended: EndedUtterance, error: unknown): void {
    const { utterance } = ended;
    this.#doneSample = ended.endSample;
    this.#context = "";
    this.#services.log.error({ err: error, session: this.id, utterance: utterance.number }, "a final failed");
    const code = isSttError(error) ? error.code : "engine_failed";
    const from = this.#intake.toMs(utterance.speechSample);
    const to = this.#intake.toMs(ended.speechEndSample);
    const message = `Utterance ${utterance.number} (${from} to ${to} ms) could not be decoded: ${messageOf(error)}`;
    this.#listener({ type: "error", code, message });
    this.#tellDiscarded(utterance, code);
    this.#reportProgress(true);
  }

  #languageOf(utterance: Utterance): string {
    return utterance.settings.language;
  }

  /** Only an utterance that goes on after a forced split or a resume is told what came before. */
  #contextOf(_utterance: Utterance): string {
    return this.#context;
  }

  #discardOpen(reason: string): void {
    const utterance = this.#utterance;
    if (!utterance) return;
    this.#utterance = undefined;
    this.#partials.cancel();
    utterance.dropSpeculation();
    this.#doneSample = this.#segmenter.sample;
    this.#tellDiscarded(utterance, reason);
    this.#reportProgress(true);
  }

  #tellDiscarded(utterance: Utterance, reason: string): void {
    this.#listener({
      type: "discarded",
      utterance: utterance.number,
      reason,
      revision: utterance.revision,
      atMs: this.#intake.toMs(utterance.speechSample),
      language: utterance.heardLanguage ?? this.#languageOf(utterance),
    });
  }

  // --- order, progress, liveness ---

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

  #finalizedSamples(): number {
    const { safeSample } = this.#segmenter;
    const done = this.#finals.settled ? Math.max(this.#doneSample, safeSample) : this.#doneSample;
    return this.#intake.toInputSample(done);
  }

  #reportProgress(now: boolean): void {
    const time = this.#services.clock.now();
    const judged = this.#segmenter.sample - this.#progressSample;
    if (!now && time - this.#progressAt < PROGRESS_MS && judged < ENGINE_SAMPLE_RATE) return;
    this.#progressAt = time;
    this.#progressSample = this.#segmenter.sample;
    this.#listener({
      type: "progress",
      receivedSamples: this.receivedSamples,
      finalizedSamples: this.#finalizedSamples(),
    });
  }

  /** A client that stops sending in mid-utterance still gets its final. */
  #watchIdle(): void {
    this.#cancelIdleTimer?.();
    const check = () => {
      this.#cancelIdleTimer = undefined;
      if (!this.#utterance) return;
      const quietMs = this.#services.clock.now() - this.#lastAudioAt;
      const limitMs = this.#settings.idleAudioMs;
      if (quietMs >= limitMs) this.finalize();
      else this.#cancelIdleTimer = this.#services.clock.setTimer(limitMs - quietMs, check);
    };
    this.#cancelIdleTimer = this.#services.clock.setTimer(this.#settings.idleAudioMs, check);
  }

  #fail(error: SttError): void {
    this.#services.log.error({ err: error, session: this.id }, "voice activity detection failed");
    this.#listener({ type: "error", code: error.code, message: error.message });
  }
}
