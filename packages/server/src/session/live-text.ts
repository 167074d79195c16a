import {
  type Clock,
  ENGINE_SAMPLE_RATE,
  hypothesisOf,
  isSttError,
  joinText,
  judgeText,
  type Transcription,
} from "@stt/core";
import type { Log } from "../observability/log.js";
import type { JobHandle } from "../scheduler/scheduler.js";
import type { Timeline } from "./audio-intake.js";
import type { Decoder } from "./decoder.js";
import type { SessionListener } from "./events.js";
import type { SessionLanguage } from "./session-language.js";
import type { Utterance } from "./utterance.js";

/** Speech needed before the first partial: less gives a model nothing to hear. */
const FIRST_PARTIAL_SAMPLES = ENGINE_SAMPLE_RATE / 2;
/** New audio that makes another decode worth its while. */
const NEW_AUDIO_SAMPLES = ENGINE_SAMPLE_RATE / 8;

export interface PartialLoopOptions {
  clock: Clock;
  log: Log;
  decoder: Decoder;
  language: SessionLanguage;
  timeline: Timeline;
  /** Copies 16 kHz samples `[from, to)` of the session's audio. */
  read(from: number, to: number): Float32Array;
  /** Least time between two decodes of this session at the present load, milliseconds. */
  cadenceMs(): number;
  emit: SessionListener;
  /** The open utterance reads like this now. */
  onText(text: string): void;
}

/**
 * The live text of the utterance that is being spoken: decodes what was said since the last trim, agrees it with the
 * decode before, and says what is committed. At most one decode of a session is under way.
 */
export class PartialLoop {
  readonly #options: PartialLoopOptions;
  #job: JobHandle<Transcription> | undefined;

  constructor(options: PartialLoopOptions) {
    this.#options = options;
  }

  /** Asks for a decode if it is time for one. Called once per judged frame while an utterance is open. */
  poke(utterance: Utterance, endSample: number): void {
    if (utterance.settings.partials === false || this.#job) return;
    const first = utterance.revision === 0;
    const needed = first ? FIRST_PARTIAL_SAMPLES : NEW_AUDIO_SAMPLES;
    if (endSample - utterance.partialEndSample < needed) return;
    // Silence adds nothing once a decode has heard a bit of it.
    if (utterance.silenceSample !== undefined && utterance.partialEndSample > utterance.silenceSample) return;
    const now = this.#options.clock.now();
    const gap = Math.max(utterance.settings.realtimePauseMs, this.#options.cadenceMs());
    if (!first && now - utterance.partialAskedAt < gap) return;
    utterance.partialAskedAt = now;
    this.#decode(utterance, endSample, first);
  }

  /** Stops the decode under way; what it finds is not told. */
  cancel(): void {
    const job = this.#job;
    this.#job = undefined;
    job?.cancel();
  }

  #decode(utterance: Utterance, endSample: number, first: boolean): void {
    const { decoder, read, language, timeline } = this.#options;
    const fromSample = this.#sampleAt(utterance, utterance.live.trimMs);
    const job = decoder.partial(
      first ? "first-partial" : "partial",
      read(fromSample, endSample),
      utterance.settings,
      utterance.heardLanguage ?? language.forUtterance(utterance.settings),
      utterance.live.prompt,
    );
    this.#job = job;
    job.result
      .then((transcription) => {
        if (this.#job !== job) return;
        this.#tell(utterance, transcription, timeline.toMs(fromSample), endSample);
      })
      .catch((error) => {
        // Being replaced or stopped is the normal fate of a partial; the next one makes up for a failed one.
        if (isSttError(error) && error.code === "aborted") return;
        this.#options.log.warn({ err: error, utterance: utterance.number }, "a partial failed");
      })
      .finally(() => {
        if (this.#job === job) this.#job = undefined;
      });
  }

  #tell(utterance: Utterance, transcription: Transcription, offsetMs: number, endSample: number): void {
    const { timeline, emit, onText } = this.#options;
    utterance.partialEndSample = endSample;
    if (utterance.settings.hallucinationFilter && !judgeText(transcription, utterance.evidence(endSample)).ok) return;
    if (transcription.languageProbability !== undefined) {
      utterance.heardLanguage = transcription.language;
      utterance.stabilizer.setLanguage(transcription.language);
    }
    const { words, segmentEndsMs } = hypothesisOf(transcription, offsetMs);
    utterance.live = utterance.stabilizer.push(words, { audioEndMs: timeline.toMs(endSample), segmentEndsMs });
    const { committed, ending, tentative } = utterance.live;
    onText(joinText(committed + ending, tentative, transcription.language));
    emit({
      type: "partial",
      utterance: utterance.number,
      revision: ++utterance.revision,
      committed,
      tentative: utterance.settings.partials === "committed" ? "" : tentative,
      startMs: timeline.toMs(utterance.speechSample),
      endMs: timeline.toMs(endSample),
      language: transcription.language,
    });
  }

  #sampleAt(utterance: Utterance, ms: number): number {
    const fromStart = ms - this.#options.timeline.toMs(utterance.startSample);
    return utterance.startSample + Math.max(0, Math.round((fromStart * ENGINE_SAMPLE_RATE) / 1000));
  }
}
