/** Speech probabilities to utterances, on the audio clock: the same audio gives the same utterances at any speed of arrival. */
import { ENGINE_SAMPLE_RATE } from "../engine.js";
import { VAD_FRAME_SAMPLES } from "../vad.js";
import { EndSilence } from "./end-silence.js";
import { FrameHistory } from "./frame-history.js";
import { definedOf, withDefaults } from "./tracker-options.js";
import type {
  SpeechPart,
  TextHint,
  TrackerEvent,
  TrackerOptions,
  TrackerOrigin,
  TrackerState,
  UtteranceEndReason,
} from "./utterance-events.js";

const NO_EVENTS: readonly TrackerEvent[] = Object.freeze([]);
const SAMPLES_PER_MS = ENGINE_SAMPLE_RATE / 1000;
/** A frame from this probability on may be the soft beginning of speech, and so may a short gap before it. */
const SOFT_SOUND = 0.1;
const SOFT_GAP_FRAMES = 4;
/**
 * Soft speech never reaches the threshold: short words said quietly stay at 0.5 to 0.9 for some tenths of a second. It counts as
 * speech when the mean over this many frames reaches this share of the threshold. Measured: of 310 human recordings of
 * one or two words ten opened no utterance without it, one does with it, a lone "с"; noise, keyboard and breath stay below.
 */
const SOFT_SPEECH_FRAMES = 6;
const SOFT_SPEECH_SHARE = 0.55;
/** The part of an utterance, from its end, in which a forced split is sought. */
const SPLIT_PART = 1 / 3;

/**
 * Owns the rules by which utterances begin, end and are split. Endpointing after RealtimeSTT: hysteresis between two thresholds,
 * a pre-roll, an end after silence. Pure: no timers, no audio, one call per frame of 512 samples; a frame without events
 * allocates nothing.
 *
 * An utterance is a row of one or more parts. A part that ends while the speaker goes on can be decoded at once, so that the
 * end of a long utterance has only its last part to wait for.
 *
 * Every sample belongs to at most one utterance, and no sample of speech to none.
 */
export class UtteranceTracker {
  #options: Required<TrackerOptions>;
  /** Given by `update`, taken over when no utterance is open. */
  #nextOptions: Required<TrackerOptions> | undefined;
  #history: FrameHistory;
  #state: TrackerState = "idle";
  readonly #endSilence = new EndSilence();
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
  #peakRms = 0;
  /** Of the part that is being spoken. */
  #partStart = 0;
  #partSpeechSamples = 0;
  #partPeakRms = 0;

  constructor(options: TrackerOptions, origin: TrackerOrigin = {}) {
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

  get state(): TrackerState {
    return this.#state;
  }

  /** Number of the open utterance, or of the next one. */
  get utterance(): number {
    return this.#utterance;
  }

  /** No later event refers to audio before this offset. Never goes back. */
  get safeSample(): number {
    if (this.#isOpen) return this.#start;
    // Where soft speech began that the next frame may notice.
    const soft = this.#now - (SOFT_SPEECH_FRAMES - 1) * VAD_FRAME_SAMPLES;
    const onset = this.#state === "onset" ? Math.min(this.#onset, soft) : soft;
    return Math.min(this.#now, Math.max(this.#floor, onset - samples(this.#options.preRollMs)));
  }

  /** The part that is being spoken, as if it ended at a sample. Call only while an utterance is open. */
  partUntil(endSample: number): SpeechPart {
    return {
      startSample: this.#partStart,
      endSample,
      speechSamples: this.#partSpeechSamples,
      peakRms: this.#partPeakRms,
    };
  }

  /** The open utterance up to now. Call only while there is one. */
  spoken(): SpeechPart {
    return {
      startSample: this.#start,
      endSample: this.#now,
      speechSamples: this.#speechSamples,
      peakRms: this.#peakRms,
    };
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
  push(probability: number, rms: number): readonly TrackerEvent[] {
    const p = Number.isNaN(probability) ? 0 : probability;
    this.#now += VAD_FRAME_SAMPLES;
    this.#history.push(p, rms);
    if (rms > this.#peakRms) this.#peakRms = rms;
    if (rms > this.#partPeakRms) this.#partPeakRms = rms;
    if (this.#now <= this.#floor && this.#state === "idle") return NO_EVENTS;
    switch (this.#state) {
      case "idle":
        if (p > this.#options.speechThreshold) this.#beginOnset(this.#now - VAD_FRAME_SAMPLES, rms);
        else if (this.#isSoftSpeech(p)) this.#beginOnset(this.#softOnset, rms);
        else return NO_EVENTS;
        return this.#onsetFrame();
      case "onset":
        if (p < this.#options.silenceThreshold && !this.#isSoftSpeech(p)) {
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
  finalize(): readonly TrackerEvent[] {
    return this.#isOpen ? [this.#finish(this.#trimmedEnd(), "finalize")] : NO_EVENTS;
  }

  /** The stream is over: ends the open utterance. */
  end(): readonly TrackerEvent[] {
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
  update(options: Partial<TrackerOptions>): void {
    this.#nextOptions = withDefaults({ ...(this.#nextOptions ?? this.#options), ...definedOf(options) });
    if (!this.#isOpen) this.#adoptOptions();
  }

  /** Tells what the text of the open utterance looks like; forgotten when speech resumes. */
  hint(textHint: TextHint): void {
    this.#endSilence.hint(textHint);
  }

  /** The silence that is being counted ends the utterance once it lasts `ms`, instead of `silenceMs`; forgotten when speech resumes. */
  waitFor(ms: number | undefined): void {
    this.#endSilence.waitFor(ms);
  }

  #beginOnset(sample: number, rms: number): void {
    this.#state = "onset";
    this.#onset = sample;
    this.#speechSamples = this.#now - VAD_FRAME_SAMPLES - sample;
    this.#partSpeechSamples = this.#speechSamples;
    this.#peakRms = rms;
    this.#partPeakRms = rms;
  }

  #isSoftSpeech(p: number): boolean {
    const needed = this.#options.speechThreshold * SOFT_SPEECH_SHARE;
    return p >= needed && this.#history.meanProbability(SOFT_SPEECH_FRAMES) >= needed;
  }

  /** Where the soft speech began that is noticed now; never within what is used up. */
  get #softOnset(): number {
    const earliest = Math.max(this.#floor, this.#now - SOFT_SPEECH_FRAMES * VAD_FRAME_SAMPLES);
    return Math.min(earliest, this.#now - VAD_FRAME_SAMPLES);
  }

  #onsetFrame(): readonly TrackerEvent[] {
    this.#voiced();
    if (this.#now - this.#onset < samples(this.#options.minSpeechMs)) return NO_EVENTS;
    return [this.#open(Math.max(this.#floor, this.#startOfSound(this.#onset)))];
  }

  /** The pre-roll before an onset, as far as it is not mere silence. */
  #startOfSound(onset: number): number {
    const { preRollMs, leadInMs } = this.#options;
    const age = Math.round((this.#now - onset) / VAD_FRAME_SAMPLES);
    const soft = this.#history.soundBefore(age, SOFT_SOUND, SOFT_GAP_FRAMES) * VAD_FRAME_SAMPLES;
    return onset - Math.min(samples(preRollMs), soft + samples(leadInMs));
  }

  #speechFrame(p: number): readonly TrackerEvent[] {
    if (p >= this.#options.silenceThreshold) {
      this.#voiced();
      return this.#isTooLong ? this.#split() : this.#isPartTooLong ? [this.#cutPart()] : NO_EVENTS;
    }
    const silent = this.#now - this.#speechEnd;
    // A wait shorter than the confirmation still announces the silence before the end.
    if (silent < Math.min(samples(this.#options.silenceConfirmMs), this.#wait)) {
      return this.#isTooLong ? this.#split() : NO_EVENTS;
    }
    this.#state = "silence";
    const events: TrackerEvent[] = [{ type: "silence_start", utterance: this.#utterance, atSample: this.#speechEnd }];
    const end = this.#endOfSilence();
    if (end) events.push(end);
    return events;
  }

  #silenceFrame(p: number): readonly TrackerEvent[] {
    if (p > this.#options.speechThreshold || this.#isSoftSpeech(p)) {
      this.#state = "speech";
      this.#endSilence.reset();
      const atSample = this.#now - VAD_FRAME_SAMPLES;
      const part = this.#partBefore(atSample);
      this.#voiced();
      const resumed: TrackerEvent = { type: "silence_end", utterance: this.#utterance, atSample };
      const events = part ? [part, resumed] : [resumed];
      return this.#isTooLong ? [...events, ...this.#split()] : events;
    }
    const end = this.#endOfSilence();
    return end ? [end] : NO_EVENTS;
  }

  #endOfSilence(): TrackerEvent | undefined {
    const long = this.#now - this.#onset >= samples(this.#options.minUtteranceMs);
    if (long && this.#now - this.#speechEnd >= this.#wait) return this.#finish(this.#trimmedEnd(), "silence");
    // The speaker is silent already: the length ends it here, and there is nothing to split.
    return this.#isTooLong ? this.#finish(this.#trimmedEnd(), "maximum") : undefined;
  }

  /** Ends the part at the pause that is over now, if both are long enough. */
  #partBefore(resumedAt: number): TrackerEvent | undefined {
    const { partMinMs, partPauseMs } = this.#options;
    const end = this.#trimmedEnd();
    if (end - this.#partStart < samples(partMinMs) || resumedAt - this.#speechEnd < samples(partPauseMs))
      return undefined;
    return this.#endPart(end, Math.max(this.#speechEnd, this.#startOfSound(resumedAt)), 0);
  }

  get #isPartTooLong(): boolean {
    return this.#now - this.#partStart >= samples(this.#options.partMaxMs);
  }

  /** Ends the part of a speaker who does not pause at its quietest point; the next goes on exactly there. */
  #cutPart(): TrackerEvent {
    const kept = this.#quietest(this.#partStart);
    const at = this.#now - kept * VAD_FRAME_SAMPLES;
    return this.#endPart(at, at, this.#history.speechFrames(kept, this.#options.silenceThreshold) * VAD_FRAME_SAMPLES);
  }

  /** @param speechAfter samples of speech behind the end */
  #endPart(endSample: number, nextStart: number, speechAfter: number): TrackerEvent {
    const part = this.partUntil(endSample);
    part.speechSamples = Math.max(0, part.speechSamples - speechAfter);
    this.#partStart = nextStart;
    this.#partSpeechSamples = speechAfter;
    // Of the frames behind a cut the loudest is not known: the part before it stands for them.
    if (speechAfter === 0) this.#partPeakRms = 0;
    return { type: "part_end", utterance: this.#utterance, part };
  }

  /** Frames, counted from now, behind the quietest point of the last third since a sample. */
  #quietest(since: number): number {
    const { silenceThreshold, speechThreshold } = this.#options;
    const length = Math.floor((this.#now - since) / VAD_FRAME_SAMPLES);
    const searched = Math.max(1, Math.floor(length * SPLIT_PART));
    // The newest frame is left to what follows in any case: it may not be empty.
    return Math.max(1, this.#history.quietest(searched, silenceThreshold, speechThreshold));
  }

  get #wait(): number {
    return samples(this.#endSilence.lengthMs(this.#options));
  }

  get #isTooLong(): boolean {
    return this.#now - this.#start >= samples(this.#options.maxUtteranceMs);
  }

  /** Ends the utterance at its quietest point and begins the next exactly there. */
  #split(): readonly TrackerEvent[] {
    const whole = this.#quietest(this.#start);
    // What lies before the open part is being decoded already.
    const kept = this.#now - whole * VAD_FRAME_SAMPLES > this.#partStart ? whole : this.#quietest(this.#partStart);
    const at = this.#now - kept * VAD_FRAME_SAMPLES;
    const lastSpeech = this.#speechEnd;
    const speechAfter = this.#history.speechFrames(kept, this.#options.silenceThreshold) * VAD_FRAME_SAMPLES;

    this.#speechEnd = Math.min(lastSpeech, at);
    this.#speechSamples = Math.max(0, this.#speechSamples - speechAfter);
    this.#partSpeechSamples = Math.max(0, this.#partSpeechSamples - speechAfter);
    const ended = this.#finish(at, "maximum");

    this.#onset = at;
    this.#speechEnd = Math.max(lastSpeech, at);
    this.#speechSamples = speechAfter;
    this.#partSpeechSamples = speechAfter;
    return [ended, this.#open(at)];
  }

  #voiced(): void {
    this.#speechEnd = this.#now;
    this.#speechSamples += VAD_FRAME_SAMPLES;
    this.#partSpeechSamples += VAD_FRAME_SAMPLES;
  }

  #open(start: number): TrackerEvent {
    this.#state = "speech";
    this.#endSilence.reset();
    this.#start = start;
    this.#partStart = start;
    return { type: "speech_start", utterance: this.#utterance, startSample: start, speechSample: this.#onset };
  }

  #trimmedEnd(): number {
    return Math.min(this.#now, this.#speechEnd + samples(this.#options.speechPadMs));
  }

  #finish(endSample: number, reason: UtteranceEndReason): TrackerEvent {
    const event: TrackerEvent = {
      type: "utterance_end",
      utterance: this.#utterance,
      startSample: this.#start,
      endSample,
      speechEndSample: this.#speechEnd,
      speechSamples: this.#speechSamples,
      peakRms: this.#peakRms,
      part: this.partUntil(endSample),
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
    this.#endSilence.reset();
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

function historyFor(options: Required<TrackerOptions>, old?: FrameHistory): FrameHistory {
  const frames = Math.ceil((samples(options.maxUtteranceMs) / VAD_FRAME_SAMPLES) * SPLIT_PART) + 1;
  return new FrameHistory(Math.max(1, frames), old);
}
