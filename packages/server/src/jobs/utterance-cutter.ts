import {
  ENGINE_SAMPLE_RATE,
  Framer,
  rms,
  SampleRing,
  Segmenter,
  type SegmenterEvent,
  type SpeechEvidence,
  type SttError,
  VAD_FRAME_SAMPLES,
  type VadStream,
  type VoiceActivityDetector,
} from "@stt/core";
import { type SessionSettings, segmenterOptions } from "../session/settings.js";

/** One utterance of a file. Samples are at 16 kHz from the start of the file. */
export interface CutUtterance {
  audio: Float32Array;
  /** First sample of `audio`, lead-in included. */
  startSample: number;
  /** Where speech was heard, `[speechSample, speechEndSample)`. */
  speechSample: number;
  speechEndSample: number;
  evidence: SpeechEvidence;
  /** The next utterance goes on where this one was cut for its length. */
  continues: boolean;
}

/** Audio of the file that may be read and not yet judged, beside the utterance that is open. */
const MARGIN_MS = 5000;

/** Cuts the audio of a file at its pauses, with the detector and the rules that live sessions have. */
export class UtteranceCutter {
  readonly #ring: SampleRing;
  readonly #framer: Framer;
  readonly #segmenter: Segmenter;
  readonly #vad: VadStream;
  readonly #frame = new Float32Array(VAD_FRAME_SAMPLES);
  #cut: CutUtterance[] = [];
  #speechSample = 0;
  #failure: SttError | undefined;
  #judged: (() => void) | undefined;

  constructor(vad: VoiceActivityDetector, settings: SessionSettings) {
    const heldMs = settings.maxUtteranceMs + settings.preRollMs + MARGIN_MS;
    this.#ring = new SampleRing(Math.ceil((heldMs * ENGINE_SAMPLE_RATE) / 1000));
    this.#segmenter = new Segmenter(segmenterOptions(settings));
    this.#vad = vad.createStream({
      onProbability: (probability) => this.#onProbability(probability),
      onError: (error) => {
        this.#failure = error;
        this.#judged?.();
      },
    });
    this.#framer = new Framer((frame) => this.#vad.push(frame));
  }

  /**
   * Takes up to a second of audio; resolves once it is judged.
   *
   * @returns the utterances that ended in it
   * @throws SttError when the detector failed
   */
  async push(samples: Float32Array): Promise<CutUtterance[]> {
    this.#ring.write(samples);
    this.#framer.push(samples);
    return this.#whenJudged();
  }

  /** The file is over: its last utterance ends here. */
  async end(): Promise<CutUtterance[]> {
    const missing = this.#framer.pending === 0 ? 0 : VAD_FRAME_SAMPLES - this.#framer.pending;
    this.#ring.write(new Float32Array(missing));
    this.#framer.flush();
    const cut = await this.#whenJudged();
    this.#handle(this.#segmenter.end());
    return [...cut, ...this.#taken()];
  }

  /** Idempotent. */
  close(): void {
    this.#vad.close();
    this.#judged?.();
  }

  async #whenJudged(): Promise<CutUtterance[]> {
    if (this.#vad.backlog > 0 && !this.#failure) {
      await new Promise<void>((resolve) => {
        this.#judged = resolve;
      });
      this.#judged = undefined;
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
    const from = this.#segmenter.sample;
    const level = rms(this.#ring.read(from, from + VAD_FRAME_SAMPLES, this.#frame));
    this.#handle(this.#segmenter.push(probability, level));
    this.#ring.forgetBefore(this.#segmenter.safeSample);
    if (this.#vad.backlog === 0) this.#judged?.();
  }

  #handle(events: readonly SegmenterEvent[]): void {
    for (const event of events) {
      if (event.type === "speech_start") this.#speechSample = event.speechSample;
      else if (event.type === "utterance_end") this.#finish(event);
    }
  }

  #finish(event: Extract<SegmenterEvent, { type: "utterance_end" }>): void {
    const audio = this.#ring.read(event.startSample, event.endSample);
    const toMs = 1000 / ENGINE_SAMPLE_RATE;
    this.#cut.push({
      audio,
      startSample: event.startSample,
      speechSample: this.#speechSample,
      speechEndSample: event.speechEndSample,
      evidence: { audioMs: audio.length * toMs, speechMs: event.speechSamples * toMs, peakRms: loudest(audio) },
      continues: event.reason === "maximum",
    });
  }
}

/** Root mean square of the loudest frame. */
function loudest(audio: Float32Array): number {
  let peak = 0;
  for (let at = 0; at < audio.length; at += VAD_FRAME_SAMPLES) {
    peak = Math.max(peak, rms(audio.subarray(at, at + VAD_FRAME_SAMPLES)));
  }
  return peak;
}
