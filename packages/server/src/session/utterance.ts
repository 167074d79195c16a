import { ENGINE_SAMPLE_RATE, type SpeechEvidence, type SpeechPart, type UtteranceEndReason } from "@stt/core";
import type { SessionSettings } from "../settings/session-settings.js";

/** An utterance that is being spoken: what was decided when it began. Samples are at 16 kHz. */
export interface Utterance {
  readonly number: number;
  /** First sample, pre-roll included. */
  readonly startSample: number;
  /** Where speech began. */
  readonly speechSample: number;
  /** The settings it began with: an update applies from the next one. */
  readonly settings: SessionSettings;
  /** The end of the text that this utterance continues after a forced split or a resume; empty otherwise. */
  readonly context: string;
  /** Silences so far after which speech went on: it grows while the utterance is open. */
  readonly pauses: Pause[];
}

/** Silence within an utterance. */
export interface Pause {
  readonly startSample: number;
  readonly endSample: number;
}

/** An utterance whose end is known. */
export interface EndedUtterance extends Utterance {
  readonly endSample: number;
  /** End of the last speech. */
  readonly speechEndSample: number;
  readonly reason: UtteranceEndReason;
  /** The next utterance goes on where this one was cut. */
  readonly continues: boolean;
}

/** A part of an utterance with its audio. */
export interface UtterancePart extends Readonly<SpeechPart> {
  /** 16 kHz samples of `[startSample, endSample)`. */
  readonly audio: Float32Array;
}

/** What is known of audio without an engine. */
export function evidenceFrom({ startSample, endSample, speechSamples, peakRms }: Readonly<SpeechPart>): SpeechEvidence {
  return {
    audioMs: ((endSample - startSample) * 1000) / ENGINE_SAMPLE_RATE,
    speechMs: (speechSamples * 1000) / ENGINE_SAMPLE_RATE,
    peakRms,
  };
}
