/** Speech probabilities to utterances, on the audio clock: the same audio gives the same utterances at any speed of arrival. */
import { ENGINE_SAMPLE_RATE } from "../engine.js";
import { VAD_FRAME_SAMPLES } from "../vad.js";
import { FrameHistory } from "./frame-history.js";
import type {
  SegmenterEvent,
  SegmenterOptions,
  SegmenterOrigin,
  SegmenterState,
  TextHint,
  UtteranceEndReason,
} from "./segmenter-types.js";

export type {
  SegmenterEvent,
  SegmenterOptions,
  SegmenterOrigin,
  SegmenterState,
  TextHint,
  UtteranceEndReason,
} from "./segmenter-types.js";

const NO_EVENTS: readonly SegmenterEvent[] = Object.freeze([]);
const SAMPLES_PER_MS = ENGINE_SAMPLE_RATE / 1000;
const DEFAULT_PRE_ROLL_MS = 1000;
const DEFAULT_SILENCE_CONFIRM_MS = 160;
const DEFAULT_SPEECH_PAD_MS = 250;
/** A frame from this probability on may be the soft beginning of speech, and so may a short gap before it. */
const SOFT_SOUND = 0.1;
const SOFT_GAP_FRAMES = 4;
/** The part of an utterance, from its end, in which a forced split is sought. */
const SPLIT_PART = 1 / 3;
/** A finished sentence halves the wait, an unfinished one adds half. */
const HINT_FACTOR: Record<TextHint, number> = { complete: 0.5, neutral: 1, continues: 1.5 };

/**
 * Endpointing after RealtimeSTT: hysteresis between two thresholds, a pre-roll, an end after silence. Pure: no timers, no
 * audio, one call per frame of 512 samples; a frame without events allocates nothing.
 *
 * Every sample belongs to at most one utterance, and no sample of speech to none.
 */
export class Segmenter {
  #options: Required<SegmenterOptions>;
  /** Given by `update`, taken over when no utterance is open. */
  #nextOptions: Required<SegmenterOptions> | undefined;
  #history: FrameHistory;
  #state: SegmenterState = "idle";
  #hint: TextHint = "neutral";
  #utterance: number;
  #now: number;
  /** End of what earlier utterances used up. */
  #floor: number;
  #start = 0;
  /** Start of the first frame of speech. */
  #onset = 0;
  /** End of the last frame of speech. */
  #speechEnd = 0;
  #speechSamples = 0;

  constructor(options: SegmenterOptions, origin: SegmenterOrigin = {}) {
    this.#options = withDefaults(options);
    this.#utterance = origin.firstUtterance ?? 0;
    this.#now = origin.startSample ?? 0;
    this.#floor = Math.max(this.#now, origin.floorSample ?? 0);
    this.#history = historyFor(this.#options);
  }

  /** The clock: offset after the last frame. */
  get sample(): number {
    return this.#now;
  }

  get state(): SegmenterState {
    return this.#state;
  }

  /** Number of the open utterance, or of the next one. */
  get utterance(): number {
    return this.#utterance;
  }

  /** No later event refers to audio before this offset. Never goes back. */
  get safeSample(): number {
    if (this.#isOpen) return this.#start;
    const onset = this.#state === "onset" ? this.#onset : this.#now;
    return Math.min(this.#now, Math.max(this.#floor, onset - samples(this.#options.preRollMs)));
  }

  get #isOpen(): boolean {
    return this.#state === "speech" || this.#state === "silence";
  }

  /**
   * Takes the next frame.
   *
   * @param probability of speech, 0..1; what is no number counts as silence
   * @param rms root mean square of the frame, to find the quietest point of a forced split
   * @returns the events of this frame; an empty shared array for most
   */
  push(probability: number, rms: number): readonly SegmenterEvent[] {
    const p = Number.isNaN(probability) ? 0 : probability;
    this.#now += VAD_FRAME_SAMPLES;
    this.#history.push(p, rms);
    if (this.#now <= this.#floor && this.#state === "idle") return NO_EVENTS;
    switch (this.#state) {
      case "idle":
        if (!(p > this.#options.speechThreshold)) return NO_EVENTS;
        this.#state = "onset";
        this.#onset = this.#now - VAD_FRAME_SAMPLES;
        this.#speechSamples = 0;
        return this.#onsetFrame();
      case "onset":
        if (p < this.#options.silenceThreshold) {
          this.#state = "idle";
          return NO_EVENTS;
        }
        return this.#onsetFrame();
      case "speech":
        return this.#speechFrame(p);
      case "silence":
        return this.#silenceFrame(p);
    }
  }

  /** Ends the open utterance now; the next frame may begin another. Without an open utterance nothing happens. */
  finalize(): readonly SegmenterEvent[] {
    return this.#isOpen ? [this.#finish(this.#trimmedEnd(), "finalize")] : NO_EVENTS;
  }

  /** The stream is over: ends the open utterance. */
  end(): readonly SegmenterEvent[] {
    return this.#isOpen ? [this.#finish(this.#trimmedEnd(), "end")] : NO_EVENTS;
  }

  /**
   * Drops the open utterance and all audio so far: no `utterance_end` follows and its number is not used again.
   *
   * @returns the number of the utterance dropped, if one was open
   */
  cancel(): number | undefined {
    const dropped = this.#isOpen ? this.#utterance : undefined;
    this.#floor = Math.max(this.#floor, this.#now);
    this.#close();
    if (dropped !== undefined) this.#utterance++;
    return dropped;
  }

  /** Changes options. They apply at once between utterances, otherwise from the next utterance on. */
  update(options: Partial<SegmenterOptions>): void {
    this.#nextOptions = withDefaults({ ...(this.#nextOptions ?? this.#options), ...definedOf(options) });
    if (!this.#isOpen) this.#adoptOptions();
  }

  /** Tells what the text of the open utterance looks like; forgotten when speech resumes. */
  hint(textHint: TextHint): void {
    this.#hint = textHint;
  }

  #onsetFrame(): readonly SegmenterEvent[] {
    this.#voiced();
    if (this.#now - this.#onset < samples(this.#options.minSpeechMs)) return NO_EVENTS;
    return [this.#open(this.#startOfSound())];
  }

  /** The pre-roll, as far as it is not mere silence. */
  #startOfSound(): number {
    const { preRollMs, leadInMs } = this.#options;
    const age = Math.round((this.#now - this.#onset) / VAD_FRAME_SAMPLES);
    const soft = this.#history.soundBefore(age, SOFT_SOUND, SOFT_GAP_FRAMES) * VAD_FRAME_SAMPLES;
    const lead = Math.min(samples(preRollMs), soft + samples(leadInMs));
    return Math.max(this.#floor, this.#onset - lead);
  }

  #speechFrame(p: number): readonly SegmenterEvent[] {
    if (p >= this.#options.silenceThreshold) {
      this.#voiced();
      return this.#isTooLong ? this.#split() : NO_EVENTS;
    }
    const silent = this.#now - this.#speechEnd;
    // A wait shorter than the confirmation still announces the silence before the end.
    if (silent < Math.min(samples(this.#options.silenceConfirmMs), this.#wait)) {
      return this.#isTooLong ? this.#split() : NO_EVENTS;
    }
    this.#state = "silence";
    const events: SegmenterEvent[] = [{ type: "silence_start", utterance: this.#utterance, atSample: this.#speechEnd }];
    const end = this.#endOfSilence();
    if (end) events.push(end);
    return events;
  }

  #silenceFrame(p: number): readonly SegmenterEvent[] {
    if (p > this.#options.speechThreshold) {
      this.#state = "speech";
      this.#hint = "neutral";
      this.#voiced();
      const resumed: SegmenterEvent = {
        type: "silence_end",
        utterance: this.#utterance,
        atSample: this.#now - VAD_FRAME_SAMPLES,
      };
      return this.#isTooLong ? [resumed, ...this.#split()] : [resumed];
    }
    const end = this.#endOfSilence();
    return end ? [end] : NO_EVENTS;
  }

  #endOfSilence(): SegmenterEvent | undefined {
    const long = this.#now - this.#onset >= samples(this.#options.minUtteranceMs);
    if (long && this.#now - this.#speechEnd >= this.#wait) return this.#finish(this.#trimmedEnd(), "silence");
    // The speaker is silent already: the length ends it here, and there is nothing to split.
    return this.#isTooLong ? this.#finish(this.#trimmedEnd(), "maximum") : undefined;
  }

  get #wait(): number {
    const { silenceMs, silenceConfirmMs, adaptiveSilence } = this.#options;
    if (!adaptiveSilence) return samples(silenceMs);
    const adapted = silenceMs * HINT_FACTOR[this.#hint];
    return samples(Math.max(adapted, Math.min(silenceMs, silenceConfirmMs)));
  }

  get #isTooLong(): boolean {
    return this.#now - this.#start >= samples(this.#options.maxUtteranceMs);
  }

  /** Ends the utterance at its quietest point and begins the next exactly there. */
  #split(): readonly SegmenterEvent[] {
    const { silenceThreshold, speechThreshold } = this.#options;
    const length = Math.floor((this.#now - this.#start) / VAD_FRAME_SAMPLES);
    const searched = Math.max(1, Math.floor(length * SPLIT_PART));
    // The newest frame is left to the next utterance in any case: it may not be empty.
    const kept = Math.max(1, this.#history.quietest(searched, silenceThreshold, speechThreshold));
    const at = this.#now - kept * VAD_FRAME_SAMPLES;
    const lastSpeech = this.#speechEnd;
    const speechAfter = this.#history.speechFrames(kept, silenceThreshold) * VAD_FRAME_SAMPLES;

    this.#speechEnd = Math.min(lastSpeech, at);
    this.#speechSamples = Math.max(0, this.#speechSamples - speechAfter);
    const ended = this.#finish(at, "maximum");

    this.#onset = at;
    this.#speechEnd = Math.max(lastSpeech, at);
    this.#speechSamples = speechAfter;
    return [ended, this.#open(at)];
  }

  #voiced(): void {
    this.#speechEnd = this.#now;
    this.#speechSamples += VAD_FRAME_SAMPLES;
  }

  #open(start: number): SegmenterEvent {
    this.#state = "speech";
    this.#hint = "neutral";
    this.#start = start;
    return { type: "speech_start", utterance: this.#utterance, startSample: start, speechSample: this.#onset };
  }

  #trimmedEnd(): number {
    return Math.min(this.#now, this.#speechEnd + samples(this.#options.speechPadMs));
  }

  #finish(endSample: number, reason: UtteranceEndReason): SegmenterEvent {
    const event: SegmenterEvent = {
      type: "utterance_end",
      utterance: this.#utterance,
      startSample: this.#start,
      endSample,
      speechEndSample: this.#speechEnd,
      speechSamples: this.#speechSamples,
      atSample: this.#now,
      reason,
    };
    this.#floor = endSample;
    this.#utterance++;
    this.#close();
    return event;
  }

  #close(): void {
    this.#state = "idle";
    this.#hint = "neutral";
    this.#adoptOptions();
  }

  #adoptOptions(): void {
    if (!this.#nextOptions) return;
    // A longer pre-roll may not reach back to audio that was declared safe to forget.
    this.#floor = this.safeSample;
    const before = this.#options.maxUtteranceMs;
    this.#options = this.#nextOptions;
    this.#nextOptions = undefined;
    if (this.#options.maxUtteranceMs !== before) this.#history = historyFor(this.#options, this.#history);
  }
}

function samples(ms: number): number {
  return Math.round(ms * SAMPLES_PER_MS);
}

function withDefaults(options: SegmenterOptions): Required<SegmenterOptions> {
  return {
    preRollMs: DEFAULT_PRE_ROLL_MS,
    silenceConfirmMs: DEFAULT_SILENCE_CONFIRM_MS,
    speechPadMs: DEFAULT_SPEECH_PAD_MS,
    leadInMs: Number.POSITIVE_INFINITY,
    adaptiveSilence: false,
    ...definedOf(options),
  } as Required<SegmenterOptions>;
}

/** A caller that spreads optional settings passes `undefined` for those not given: they must not override anything. */
function definedOf<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

function historyFor(options: Required<SegmenterOptions>, old?: FrameHistory): FrameHistory {
  const frames = Math.ceil((samples(options.maxUtteranceMs) / VAD_FRAME_SAMPLES) * SPLIT_PART) + 1;
  return new FrameHistory(Math.max(1, frames), old);
}
