import { type Clock, ENGINE_SAMPLE_RATE, Segmenter, type SegmenterEvent, textHint, VAD_FRAME_SAMPLES } from "@stt/core";
import type { AudioIntake } from "./audio-intake.js";
import type { SessionListener } from "./events.js";
import type { Finals } from "./finals.js";
import { IdleWatch } from "./idle-watch.js";
import type { PartialLoop } from "./partial-loop.js";
import { type SessionSettings, segmenterOptions, silenceThreshold } from "./settings.js";
import { Utterance } from "./utterance.js";

export interface EndpointerOptions {
  clock: Clock;
  intake: AudioIntake;
  finals: Finals;
  partials: PartialLoop;
  emit: SessionListener;
  /** What an utterance that begins now is decided and decoded by. */
  settings(): SessionSettings;
  /** Audio stopped coming while somebody spoke. */
  onIdle(): void;
}

export interface EndpointerInit {
  /** Number of the first utterance. */
  firstUtterance: number;
  /** 16 kHz sample before which no utterance begins. */
  floorSample: number;
}

/**
 * From verdicts to utterances: opens one where speech begins, has it decoded while it is spoken, and hands it to the finals
 * where it ends. At most one is open. Samples are at 16 kHz.
 */
export class Endpointer {
  readonly #options: EndpointerOptions;
  readonly #segmenter: Segmenter;
  readonly #idle: IdleWatch;
  #utterance: Utterance | undefined;

  constructor(options: EndpointerOptions, init: EndpointerInit) {
    this.#options = options;
    this.#segmenter = new Segmenter(segmenterOptions(options.settings()), init);
    this.#idle = new IdleWatch(options.clock, options.onIdle);
  }

  /** Judged samples. */
  get sample(): number {
    return this.#segmenter.sample;
  }

  /** No utterance to come needs audio before this sample. */
  get safeSample(): number {
    return this.#segmenter.safeSample;
  }

  /** Whether an utterance is open. */
  get open(): boolean {
    return this.#utterance !== undefined;
  }

  /** Audio came, judged or not. */
  touch(): void {
    this.#idle.touch();
  }

  /** Takes the verdict on the next frame. @param probability of speech, 0..1 */
  hear(probability: number): void {
    const from = this.#segmenter.sample;
    const level = this.#options.intake.ring.rms(from, from + VAD_FRAME_SAMPLES);
    this.#handle(this.#segmenter.push(probability, level));
    const utterance = this.#utterance;
    if (!utterance) return;
    utterance.hear(probability >= silenceThreshold(utterance.settings), level);
    this.#speculate(utterance);
    this.#options.partials.poke(utterance, this.#segmenter.sample);
  }

  /** The open utterance reads like this now. Counts only with adaptive endpointing. */
  hint(text: string): void {
    this.#segmenter.hint(textHint(text));
  }

  /** Ends the open utterance here. */
  finalize(): void {
    this.#handle(this.#segmenter.finalize());
  }

  /** No audio follows: ends the open utterance, silence trimmed. */
  end(): void {
    this.#handle(this.#segmenter.end());
  }

  /** Drops the open utterance: no final for it. */
  cancel(): void {
    this.#segmenter.cancel();
    const utterance = this.#close();
    if (!utterance) return;
    utterance.dropSpeculation();
    this.#options.finals.discard(utterance, this.#segmenter.sample, "cancelled");
  }

  /** Unless an utterance is open, the next one has no pre-roll from before this sample. */
  forgetAudio(): void {
    if (!this.open) this.#segmenter.cancel();
  }

  /** Takes over new settings, from the next utterance on. */
  update(settings: SessionSettings): void {
    this.#segmenter.update(segmenterOptions(settings));
  }

  /** Stops what goes on for the open utterance. */
  dispose(): void {
    this.#idle.disarm();
    this.#options.partials.cancel();
    this.#utterance?.dropSpeculation();
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
    const { intake, finals } = this.#options;
    const settings = this.#options.settings();
    this.#utterance = new Utterance({
      number: event.utterance,
      startSample: event.startSample,
      startMs: intake.toMs(event.startSample),
      speechSample: event.speechSample,
      // The frame that opened it is noted by `hear` itself.
      speechSamples: this.#segmenter.sample - VAD_FRAME_SAMPLES - event.speechSample,
      settings,
      context: finals.context,
    });
    this.#tell("speech_start", event.utterance, event.speechSample);
    this.#idle.arm(settings.idleAudioMs);
  }

  #endUtterance(event: Extract<SegmenterEvent, { type: "utterance_end" }>): void {
    const utterance = this.#close();
    if (!utterance) return;
    const { intake, finals, emit } = this.#options;
    const { endSample, speechEndSample, reason } = event;
    const audio = intake.ring.read(event.startSample, endSample);
    this.#tell("speech_end", event.utterance, speechEndSample);
    emit({ type: "utterance_audio", utterance: event.utterance, audio });
    finals.push({
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

  #close(): Utterance | undefined {
    const utterance = this.#utterance;
    this.#utterance = undefined;
    this.#idle.disarm();
    this.#options.partials.cancel();
    return utterance;
  }

  /** Decodes the final while the end silence is still being counted. */
  #speculate(utterance: Utterance): void {
    const { intake, finals } = this.#options;
    const { silenceSample, settings, speculation } = utterance;
    if (silenceSample === undefined || speculation || !settings.speculativeFinals || !finals.settled) return;
    const endSample = silenceSample + (settings.speculativeSilenceMs * ENGINE_SAMPLE_RATE) / 1000;
    if (this.#segmenter.sample < endSample) return;
    finals.speculate(utterance, intake.ring.read(utterance.startSample, endSample), endSample);
  }

  #tell(
    type: "speech_start" | "speech_end" | "silence_start" | "silence_end",
    utterance: number,
    sample: number,
  ): void {
    this.#options.emit({ type, utterance, atMs: this.#options.intake.toMs(sample) });
  }
}
