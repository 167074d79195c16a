/** What goes into the utterance tracker and what comes out. */

/** Durations are milliseconds of audio. */
export interface TrackerOptions {
  /** A frame with a higher probability is speech, 0..1. RealtimeSTT's rule is `1 - SILERO_SENSITIVITY`. */
  speechThreshold: number;
  /** Within speech, a frame with a lower probability is silence, 0..1; not above `speechThreshold`. */
  silenceThreshold: number;
  /** Shorter sounds do not open an utterance. */
  minSpeechMs: number;
  /** Most audio before the onset that belongs to the utterance. @default 1000 */
  preRollMs?: number;
  /**
   * Audio that stays before the first sound of the utterance, within the pre-roll: silence in front costs a decoder time and,
   * with small models, accuracy. @default all of the pre-roll
   */
  leadInMs?: number;
  /** Silence after speech that ends an utterance, counted from the end of speech. */
  silenceMs: number;
  /** Silence after which `silence_start` is given; shorter gaps between words stay unmentioned. @default 160 */
  silenceConfirmMs?: number;
  /** The silence timer ends no utterance sooner than this after its onset. Short utterances are not discarded. */
  minUtteranceMs: number;
  /** An utterance that reaches this length, pre-roll included, is split at its quietest point. */
  maxUtteranceMs: number;
  /** Silence that stays at the end of an utterance's audio. @default 250 */
  speechPadMs?: number;
  /** A pause within an utterance that ends a part; not below `silenceConfirmMs`. @default 250 */
  partPauseMs?: number;
  /** Shorter parts do not end at a pause. @default Infinity: utterances have one part */
  partMinMs?: number;
  /** A part that reaches this length without a pause ends at its quietest point. @default Infinity */
  partMaxMs?: number;
  /** Whether `UtteranceTracker.hint` changes the wait where nothing else was told. @default false */
  adaptiveSilence?: boolean;
}

/** What the text so far says about whether the speaker is done. */
export type TextHint = "complete" | "continues" | "neutral";

/** Why an utterance ended: silence, its length, `finalize` or `end`. */
export type UtteranceEndReason = "silence" | "maximum" | "finalize" | "end";

/** A stretch of an utterance that is decoded for itself: the audio `[startSample, endSample)`. */
export interface SpeechPart {
  startSample: number;
  endSample: number;
  /** Samples in frames that were speech: the evidence that anything was said. */
  speechSamples: number;
  /** Root mean square of the loudest frame, 0..1. */
  peakRms: number;
}

/** Offsets are absolute samples at 16 kHz. */
export type TrackerEvent =
  | {
      type: "speech_start";
      utterance: number;
      /** First sample, pre-roll included; never before the end of the utterance before. */
      startSample: number;
      /** Where speech began. */
      speechSample: number;
    }
  /** The silence that may end the utterance is being counted; it began at `atSample`. */
  | { type: "silence_start"; utterance: number; atSample: number }
  /** Speech resumed at `atSample`: the utterance goes on. */
  | { type: "silence_end"; utterance: number; atSample: number }
  /** The speaker goes on behind this part, whose audio is complete. The last part comes with `utterance_end`. */
  | { type: "part_end"; utterance: number; part: SpeechPart }
  | {
      type: "utterance_end";
      utterance: number;
      /** The utterance's audio is `[startSample, endSample)`. */
      startSample: number;
      endSample: number;
      /** End of the last speech. */
      speechEndSample: number;
      /** Samples in frames that were speech: the evidence that anything was said. */
      speechSamples: number;
      /** Root mean square of the loudest frame, 0..1. */
      peakRms: number;
      /** The last part. */
      part: SpeechPart;
      /** The clock when this was decided. */
      atSample: number;
      reason: UtteranceEndReason;
    };

/** Where a resumed session continues. */
export interface TrackerOrigin {
  /** @default 0 */
  firstUtterance?: number;
  /** Absolute offset of the first sample of the first frame. @default 0 */
  startSample?: number;
  /** Audio before this offset is used up: it is heard and belongs to no utterance. @default startSample */
  floorSample?: number;
}

/** `onset`: sound that may become speech. `silence`: within an utterance, its end is being counted. */
export type TrackerState = "idle" | "onset" | "speech" | "silence";
