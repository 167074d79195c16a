import {
  ENGINE_SAMPLE_RATE,
  Framer,
  rms,
  SampleRing,
  type SpeechPart,
  type SttError,
  type TrackerEvent,
  UtteranceTracker,
  VAD_FRAME_SAMPLES,
  type VadStream,
  type VoiceActivityDetector,
} from "@stt/core";
import type { PartAudio } from "../decoding/final-pipeline.js";
import { evidenceFrom } from "../session/utterance.js";
import { type SessionSettings, trackerOptions } from "../settings/session-settings.js";

/** One utterance of a file. Samples are at 16 kHz from the start of the file. */
export interface CutUtterance {
  /** In order; more than one when it is long. */
  parts: PartAudio[];
  /** First sample, lead-in included. */
  startSample: number;
  /** Where speech was heard, `[speechSample, speechEndSample)`. */
  speechSample: number;
  speechEndSample: number;
  /** The next utterance goes on where this one was cut for its length. */
  continues: boolean;
}

/** Audio of the file that may be read and the detector has not seen yet, beside the utterance that is open. */
const MARGIN_MS = 5000;

/** Cuts the audio of a file at its pauses, with the detector and the rules that live sessions have. */
export class UtteranceCutter {
  readonly #ring: SampleRing;
  readonly #framer: Framer;
  readonly #tracker: UtteranceTracker;
  readonly #vad: VadStream;
  readonly #frame = new Float32Array(VAD_FRAME_SAMPLES);
  #cut: CutUtterance[] = [];
  #speechSample = 0;
  /** Of the open utterance. */
  #parts: PartAudio[] = [];
  #failure: SttError | undefined;
  #onSeen: (() => void) | undefined;

  constructor(vad: VoiceActivityDetector, settings: SessionSettings) {
    const heldMs = settings.maxUtteranceMs + settings.preRollMs + MARGIN_MS;
    this.#ring = new SampleRing(Math.ceil((heldMs * ENGINE_SAMPLE_RATE) / 1000));
    this.#tracker = new UtteranceTracker(trackerOptions(settings));
    this.#vad = vad.createStream({
      onProbability: (probability) => this.#onProbability(probability),
      onError: (error) => {
        this.#failure = error;
        this.#onSeen?.();
      },
    });
    this.#framer = new Framer((frame) => this.#vad.push(frame));
  }

  /**
   * Takes up to a second of audio; resolves once the detector has seen it.
   *
   * @returns the utterances that ended in it
   * @throws SttError when the detector failed
   */
  async push(samples: Float32Array): Promise<CutUtterance[]> {
    this.#ring.write(samples);
    this.#framer.push(samples);
    return this.#whenSeen();
  }

  /** The file is over: its last utterance ends here. */
  async end(): Promise<CutUtterance[]> {
    const missing = this.#framer.pending === 0 ? 0 : VAD_FRAME_SAMPLES - this.#framer.pending;
    this.#ring.write(new Float32Array(missing));
    this.#framer.flush();
    const cut = await this.#whenSeen();
    this.#handle(this.#tracker.end());
    return [...cut, ...this.#taken()];
  }

  /** Idempotent. */
  close(): void {
    this.#vad.close();
    this.#onSeen?.();
  }

  async #whenSeen(): Promise<CutUtterance[]> {
    if (this.#vad.backlog > 0 && !this.#failure) {
      await new Promise<void>((resolve) => {
        this.#onSeen = resolve;
      });
      this.#onSeen = undefined;
    }
    if (this.#failure) throw this.#failure;
    return this.#taken();
  }

  #taken(): CutUtterance[] {
    const cut = this.#cut;
    this.#cut = [];
    return cut;
  }

  #onProbability(probability: number): void {
    const from = this.#tracker.sample;
    const level = rms(this.#ring.read(from, from + VAD_FRAME_SAMPLES, this.#frame));
    this.#handle(this.#tracker.push(probability, level));
    this.#ring.forgetBefore(this.#tracker.safeSample);
    if (this.#vad.backlog === 0) this.#onSeen?.();
  }

  #handle(events: readonly TrackerEvent[]): void {
    for (const event of events) {
      if (event.type === "speech_start") this.#speechSample = event.speechSample;
      else if (event.type === "part_end") this.#parts.push(this.#read(event.part));
      else if (event.type === "utterance_end") this.#finish(event);
    }
  }

  #finish(event: Extract<TrackerEvent, { type: "utterance_end" }>): void {
    this.#cut.push({
      parts: [...this.#parts, this.#read(event.part)],
      startSample: event.startSample,
      speechSample: this.#speechSample,
      speechEndSample: event.speechEndSample,
      continues: event.reason === "maximum",
    });
    this.#parts = [];
  }

  #read(part: SpeechPart): PartAudio {
    return {
      audio: this.#ring.read(part.startSample, part.endSample),
      startMs: (part.startSample * 1000) / ENGINE_SAMPLE_RATE,
      evidence: evidenceFrom(part),
    };
  }
}
