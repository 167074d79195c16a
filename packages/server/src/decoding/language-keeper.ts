import { LanguageLock, type TranscribeOptions, type Transcription } from "@stt/core";
import { confidenceOf } from "./confidence.js";
import { languagePrior, weakEvidencePrior } from "./language-prior.js";

/** What an engine is asked for. */
export type LanguageRequest = Pick<TranscribeOptions, "language" | "languages"> & {
  /** Instead of `languages` where the audio proves little. @see transcribeWithSecondLook */
  whenUnsure?: TranscribeOptions["languages"];
};

/** Of a session's settings. */
export interface LanguageSettings {
  /** Whisper's code or `auto`. */
  readonly language: string;
  /** The languages among which `auto` decides; none: all. */
  readonly languages: readonly string[];
  /** Who is likely to speak here, where neither the candidates nor the session's history say. */
  readonly likelyLanguages: readonly string[];
}

/** A settled language is checked again after so many utterances ... */
const CHECK_EVERY = 8;
/** ... and after one that was recognised worse than this, 0..1: the speaker may have changed the language. */
const DOUBTFUL_CONFIDENCE = 0.5;

export interface LanguageKeeperOptions {
  /** What another server has settled on, for a session that is resumed. */
  settled?: string | undefined;
  /** Look again now and then whether the speaker changed the language. A recording has one: there a cough must not change it. @default true */
  recheck?: boolean;
}

/**
 * The language in which speech with `language: "auto"` is decoded: detected until it is sure, then kept, then checked now and
 * then. Detection is among the candidates of the settings, and leans towards what was heard before.
 */
export class LanguageKeeper {
  readonly #lock: LanguageLock;
  readonly #recheck: boolean;
  /** Speech in each language, milliseconds, as far as the detection was sure of it. */
  readonly #heard = new Map<string, number>();
  #speechMs = 0;
  /** An engine that says no probability decides for itself, or knows one language. */
  #decided: string | undefined;
  #sinceDetection = 0;
  #inDoubt = false;

  constructor({ settled, recheck = true }: LanguageKeeperOptions = {}) {
    this.#lock = new LanguageLock({ language: settled });
    this.#recheck = recheck;
  }

  /** Whether `auto` has settled on this language. */
  hasSettledOn(language: string): boolean {
    return this.#lock.language === language;
  }

  /** Whether the next utterance need not wait for the one before to be asked for in the right language. */
  isCertain(settings: LanguageSettings): boolean {
    return this.forUtterance(settings).language !== "auto";
  }

  /** The language of most of the speech so far; undefined while none was heard. */
  get heard(): string | undefined {
    const [most] = [...this.#heard].sort((a, b) => b[1] - a[1]);
    return this.#settledOn ?? most?.[0];
  }

  /** How sure it is of {@link heard}, 0..1: the probability that it gave to that language, over all of the speech. */
  get confidence(): number {
    const { heard } = this;
    if (heard === undefined || this.#speechMs === 0) return 0;
    return (this.#heard.get(heard) ?? 0) / this.#speechMs;
  }

  /** What to ask for an utterance: a language, or to detect it. */
  forUtterance({ language, languages, likelyLanguages }: LanguageSettings): LanguageRequest {
    if (language !== "auto") return { language };
    if (languages.length === 1) return { language: languages[0]! };
    const settled = this.#settledOn;
    const isCandidate = settled !== undefined && (languages.length === 0 || languages.includes(settled));
    if (isCandidate && !(this.#recheck && (this.#inDoubt || this.#sinceDetection >= CHECK_EVERY))) {
      return { language: settled };
    }
    const whenUnsure = weakEvidencePrior(languages, this.#heard, likelyLanguages);
    return { language: "auto", languages: languagePrior(languages, this.#heard), ...(whenUnsure && { whenUnsure }) };
  }

  /**
   * Learns from a final.
   *
   * @param speechMs speech in its audio, milliseconds.
   */
  observe(transcription: Transcription, speechMs: number): void {
    if (transcription.text.trim() === "") return;
    const { language, languageProbability } = transcription;
    this.#speechMs += speechMs;
    this.#heard.set(language, (this.#heard.get(language) ?? 0) + speechMs * (languageProbability ?? 1));
    if (languageProbability === undefined) {
      if (!this.#recheck) this.#decided ??= language;
      this.#sinceDetection += 1;
      this.#inDoubt = confidenceOf([transcription]) < DOUBTFUL_CONFIDENCE;
      return;
    }
    this.#lock.observe({ language, probability: languageProbability, speechMs });
    this.#sinceDetection = 0;
    // Another language than the locked one: look again until it is either gone or the new lock.
    this.#inDoubt = this.#lock.language !== undefined && this.#lock.language !== language;
  }

  get #settledOn(): string | undefined {
    return this.#lock.language ?? this.#decided;
  }
}

/** A detection at least this sure, 0..1, and on this much audio holds for the rest of its utterance. */
const CERTAIN_PROBABILITY = 0.8;
const CERTAIN_AUDIO_MS = 1500;

/** Whether the language of a live text is certain enough to decode the rest of the utterance in it without looking again. */
export function isLanguageCertain({ languageProbability, audioMs }: Transcription): boolean {
  return (languageProbability ?? 0) >= CERTAIN_PROBABILITY && audioMs >= CERTAIN_AUDIO_MS;
}
