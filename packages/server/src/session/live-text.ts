import {
  type Clock,
  checkHallucination,
  ENGINE_SAMPLE_RATE,
  type HypothesisWord,
  hypothesisOf,
  isSttError,
  joinText,
  joinWords,
  type SpeechEvidence,
  type SpeechPart,
  type StabilizedText,
  Stabilizer,
  shownWords,
  type Transcription,
} from "@stt/core";
import type { Decoder } from "../decoding/decoder.js";
import type { LiveSnapshot } from "../decoding/final-pipeline.js";
import { isLanguageCertain, type LanguageKeeper } from "../decoding/language-keeper.js";
import { withoutLoops } from "../decoding/repair.js";
import type { Log } from "../observability/log.js";
import type { JobHandle } from "../scheduler/scheduler.js";
import { workOnLive } from "../text/text-stages.js";
import type { Timeline } from "./audio-intake.js";
import type { SessionListener } from "./events.js";
import { evidenceFrom, type Utterance } from "./utterance.js";

/** Speech needed before the first decode: less gives a model nothing to hear. */
const FIRST_DECODE_SAMPLES = 0.3 * ENGINE_SAMPLE_RATE;
/** New audio that makes another decode worth its while. */
const NEW_AUDIO_SAMPLES = 0.125 * ENGINE_SAMPLE_RATE;
/** So many decodes follow each other at once, until a speaker sees that he is heard. */
const HURRIED_DECODES = 3;

export interface LiveTextOptions {
  clock: Clock;
  log: Log;
  decoder: Decoder;
  language: LanguageKeeper;
  timeline: Timeline;
  /** Copies 16 kHz samples `[from, to)` of the session's audio. */
  read(from: number, to: number): Float32Array;
  /** Least time between two decodes of this session at the present load, milliseconds. */
  cadenceMs(): number;
  /** The open utterance up to now. */
  spoken(): SpeechPart;
  /** The open utterance reads like this now. */
  onText(text: string): void;
  emit: SessionListener;
}

/** The live text of an utterance that is over, and what a wire needs to take it off a reader's screen. */
export interface EndedLiveText extends LiveSnapshot {
  revision: number;
}

/** The utterance that is being spoken, as far as it has been written. */
interface OpenText {
  readonly utterance: Utterance;
  readonly stabilizer: Stabilizer;
  /** What the stabiliser said last. */
  latest: StabilizedText;
  /** The words of what is committed. */
  committedWords: readonly HypothesisWord[];
  /** End of the latest audio a partial has heard. */
  heardUntil: number;
  /** When the latest partial was asked for, on the session's clock. */
  askedAt: number;
  revision: number;
  /** Decodes asked for. */
  decodes: number;
  /** Language heard in this utterance so far, if it was detected. */
  language: string | undefined;
  /** Whether the rest of the utterance is in it, so that it need not be detected again. */
  isLanguageCertain: boolean;
}

/**
 * The live text of the utterance that is being spoken: decodes what was said since the last trim, agrees it with the decode
 * before, and says what is committed. At most one decode of a session is under way.
 */
export class LiveTextWriter {
  readonly #options: LiveTextOptions;
  #open: OpenText | undefined;
  #job: JobHandle<Transcription> | undefined;

  constructor(options: LiveTextOptions) {
    this.#options = options;
  }

  begin(utterance: Utterance): void {
    this.#cancelDecode();
    const startMs = this.#options.timeline.toMs(utterance.startSample);
    const { context, settings } = utterance;
    this.#open = {
      utterance,
      stabilizer: new Stabilizer({ startMs, context, language: settings.language }),
      latest: {
        committed: "",
        ending: "",
        tentative: "",
        open: [],
        newlyCommitted: [],
        trimMs: startMs,
        prompt: context,
      },
      committedWords: [],
      heardUntil: utterance.speechSample,
      askedAt: Number.NEGATIVE_INFINITY,
      revision: 0,
      decodes: 0,
      language: undefined,
      isLanguageCertain: false,
    };
  }

  /**
   * Decodes if it is time to. Called once per frame while an utterance is open.
   *
   * @param endSample end of the frame, 16 kHz
   * @param silenceSample where the silence began that is being counted; undefined while speech goes on
   */
  onFrame(endSample: number, silenceSample: number | undefined): void {
    const open = this.#open;
    if (!open || open.utterance.settings.partials === false || this.#job) return;
    const needed = open.decodes === 0 ? FIRST_DECODE_SAMPLES : NEW_AUDIO_SAMPLES;
    if (endSample - open.heardUntil < needed) return;
    // Silence adds nothing once a decode has heard a bit of it.
    if (silenceSample !== undefined && open.heardUntil > silenceSample) return;
    const now = this.#options.clock.now();
    const gap = Math.max(open.utterance.settings.realtimePauseMs, this.#options.cadenceMs());
    const hurried = open.revision === 0 && open.decodes < HURRIED_DECODES;
    if (!hurried && now - open.askedAt < gap) return;
    open.askedAt = now;
    open.decodes += 1;
    this.#decode(open, endSample, hurried);
  }

  /**
   * The open utterance is being decoded for its final, up to this sample. The engine is the one that would write live text: what it
   * hears counts as live text, and no other decode of the same audio is needed.
   *
   * @param startSample where the audio of that decode begins
   */
  listenTo(final: JobHandle<Transcription>, startSample: number, endSample: number): void {
    const open = this.#open;
    if (!open || open.utterance.settings.partials === false) return;
    open.heardUntil = endSample;
    this.#cancelDecode();
    const evidence = evidenceFrom(this.#options.spoken());
    final.result
      .then((transcription) => {
        if (this.#open !== open || open.heardUntil !== endSample) return;
        this.#write(open, transcription, evidence, this.#options.timeline.toMs(startSample), endSample, true);
      })
      .catch(() => {
        // Speech went on, or the decode failed: the next one is on its way.
      });
  }

  /** A part of the open utterance has its final text: it is certain now, and what is decoded next begins behind it. */
  settle({ number }: Utterance, transcription: Transcription, startMs: number, untilMs: number): void {
    const open = this.#open;
    if (open?.utterance.number !== number || open.utterance.settings.partials === false) return;
    this.#take(open, open.stabilizer.settle(hypothesisOf(transcription, startMs).words, untilMs));
    this.#emit(open, transcription.language, this.#options.timeline.toMs(open.heardUntil));
  }

  /** The utterance is over: what was written of it. */
  end(): EndedLiveText {
    const ended = this.snapshot();
    this.#open = undefined;
    this.#cancelDecode();
    return ended;
  }

  /** What was written of the open utterance so far. */
  snapshot(): EndedLiveText {
    const open = this.#open;
    if (!open) return { committed: "", tentative: "", language: "auto", revision: 0 };
    const { committed, ending, tentative } = open.latest;
    return {
      committed: committed + (tentative === "" ? ending : ""),
      tentative: tentative === "" ? "" : joinText(ending, tentative),
      language: open.language ?? open.utterance.settings.language,
      revision: open.revision,
    };
  }

  /** Stops the decode under way; what it finds is not told. */
  close(): void {
    this.#open = undefined;
    this.#cancelDecode();
  }

  #cancelDecode(): void {
    const job = this.#job;
    this.#job = undefined;
    job?.cancel();
  }

  #decode(open: OpenText, endSample: number, hurried: boolean): void {
    const { decoder, read, spoken, language, timeline, log } = this.#options;
    const { utterance, latest } = open;
    const fromSample = this.#sampleAt(utterance, latest.trimMs);
    const evidence = evidenceFrom(spoken());
    const job = decoder.partial(hurried ? "first-partial" : "partial", {
      audio: read(fromSample, endSample),
      settings: utterance.settings,
      language: open.isLanguageCertain ? { language: open.language! } : language.forUtterance(utterance.settings),
      context: latest.prompt,
    });
    this.#job = job;
    job.result
      .then((transcription) => {
        if (this.#job === job) this.#write(open, transcription, evidence, timeline.toMs(fromSample), endSample);
      })
      .catch((error) => {
        // Being replaced or stopped is the normal fate of a partial; the next one makes up for a failed one.
        if (isSttError(error) && error.code === "aborted") return;
        log.warn({ err: error, utterance: utterance.number }, "a partial failed");
      })
      .finally(() => {
        if (this.#job === job) this.#job = undefined;
      });
  }

  /** @param complete whether the decode heard all that may be said: then every word is shown */
  #write(
    open: OpenText,
    decoded: Transcription,
    evidence: SpeechEvidence,
    offsetMs: number,
    endSample: number,
    complete = false,
  ): void {
    const { utterance, stabilizer } = open;
    open.heardUntil = endSample;
    const { hallucinationFilter } = utterance.settings;
    const transcription = hallucinationFilter ? withoutLoops(decoded) : decoded;
    // A stuck hallucination agrees with itself: it must not get as far as the stabiliser.
    if (hallucinationFilter && checkHallucination(transcription, evidence)) return;
    if (transcription.languageProbability !== undefined) {
      open.language = transcription.language;
      open.isLanguageCertain = isLanguageCertain(transcription);
      stabilizer.setLanguage(transcription.language);
    }
    const { words, segmentEndsMs } = hypothesisOf(transcription, offsetMs);
    const audioEndMs = this.#options.timeline.toMs(endSample);
    this.#take(open, stabilizer.push(words, { audioEndMs, segmentEndsMs }));
    this.#emit(open, transcription.language, audioEndMs, complete);
  }

  #take(open: OpenText, latest: StabilizedText): void {
    open.latest = latest;
    open.committedWords = [...open.committedWords, ...latest.newlyCommitted];
  }

  #emit(open: OpenText, language: string, endMs: number, complete = false): void {
    const { timeline, emit, onText } = this.#options;
    const { utterance, latest } = open;
    const { settings } = utterance;
    onText(joinText(latest.committed + latest.ending, latest.tentative, language));
    const shown = complete ? latest.open : latest.open.slice(0, shownWords(latest.open, latest.committed === ""));
    // The first look may find nothing to show: that is no news.
    if (latest.committed === "" && shown.length === 0 && open.revision === 0) return;
    const live = {
      ...latest,
      tentative: joinWords(
        shown.map(({ text }) => text.trim()),
        language,
      ),
    };
    const { committed, tentative } = workOnLive(live, { settings, language, before: utterance.context });
    emit({
      type: "partial",
      utterance: utterance.number,
      revision: ++open.revision,
      committed,
      tentative: settings.partials === "committed" ? "" : tentative,
      startMs: timeline.toMs(utterance.speechSample),
      endMs,
      language,
      heard: settings.partials === "committed" ? open.committedWords : [...open.committedWords, ...shown],
    });
  }

  #sampleAt(utterance: Utterance, ms: number): number {
    const fromStart = ms - this.#options.timeline.toMs(utterance.startSample);
    return utterance.startSample + Math.max(0, Math.round((fromStart * ENGINE_SAMPLE_RATE) / 1000));
  }
}
