import {
  ENGINE_SAMPLE_RATE,
  type SpeechEvidence,
  type StabilizedText,
  Stabilizer,
  type Transcription,
  VAD_FRAME_SAMPLES,
} from "@stt/core";
import type { JobHandle } from "../scheduler/scheduler.js";
import type { SessionSettings } from "./settings.js";

/** A final decoded ahead of the endpoint, and the audio it heard: it counts only if the endpoint confirms that audio. */
export interface Speculation {
  handle: JobHandle<Transcription>;
  endSample: number;
}

export interface UtteranceInit {
  number: number;
  startSample: number;
  /** `startSample` on the session's timeline. */
  startMs: number;
  speechSample: number;
  /** Samples of speech heard before it was opened. */
  speechSamples: number;
  settings: SessionSettings;
  context: string;
}

/** What is known of one utterance while it is spoken and until its final is out. Samples are at 16 kHz. */
export class Utterance {
  readonly number: number;
  /** First sample, pre-roll included. */
  readonly startSample: number;
  /** Where speech began. */
  readonly speechSample: number;
  /** The settings it began with: an update applies from the next one. */
  readonly settings: SessionSettings;
  /** The end of the text that this utterance continues after a forced split; empty otherwise. */
  readonly context: string;
  readonly stabilizer: Stabilizer;
  /** What the stabiliser said last. */
  live: StabilizedText;

  /** End of the latest audio a partial has heard. */
  partialEndSample: number;
  /** When the latest partial was asked for, scheduler clock. */
  partialAskedAt = Number.NEGATIVE_INFINITY;
  revision = 0;
  /** Language heard in this utterance so far, if it was detected. */
  heardLanguage: string | undefined;
  /** Where the end silence began; undefined while speech goes on. */
  silenceSample: number | undefined;
  speculation: Speculation | undefined;

  /** Samples in frames that were speech, and the loudest frame: evidence for the hallucination filter. */
  #speechSamples = 0;
  #peakRms = 0;

  constructor(init: UtteranceInit) {
    this.number = init.number;
    this.startSample = init.startSample;
    this.speechSample = init.speechSample;
    this.settings = init.settings;
    this.context = init.context;
    this.partialEndSample = init.speechSample;
    this.#speechSamples = init.speechSamples;
    const { startMs, context } = init;
    this.stabilizer = new Stabilizer({ startMs, context, language: init.settings.language });
    this.live = { committed: "", ending: "", tentative: "", newlyCommitted: [], trimMs: startMs, prompt: context };
  }

  /** Takes note of a judged frame. */
  hear(isSpeech: boolean, rms: number): void {
    if (isSpeech) this.#speechSamples += VAD_FRAME_SAMPLES;
    if (rms > this.#peakRms) this.#peakRms = rms;
  }

  /** What is known of the audio up to a sample without an engine. */
  evidence(endSample: number): SpeechEvidence {
    return {
      audioMs: ((endSample - this.startSample) * 1000) / ENGINE_SAMPLE_RATE,
      speechMs: (this.#speechSamples * 1000) / ENGINE_SAMPLE_RATE,
      peakRms: this.#peakRms,
    };
  }

  dropSpeculation(): void {
    this.speculation?.handle.cancel();
    this.speculation = undefined;
  }
}
