/** Settles on a session's language, so that a cough does not switch it. */

/** What the detection said of one utterance. */
export interface LanguageObservation {
  /** ISO 639-1 code or `yue`. */
  language: string;
  /** Probability that the engine gave it, 0..1. */
  probability: number;
  /** Speech in the utterance, milliseconds: short ones prove little. */
  speechMs: number;
}

export interface LanguageLockOptions {
  /** Locked from the beginning. @default none */
  language?: string | undefined;
  /** Evidence (probability above chance, times seconds of speech) that locks a language. @default 3 */
  lockEvidence?: number;
  /** Evidence for one other language that unlocks, gathered without a sign of the locked one in between. @default 6 */
  unlockEvidence?: number;
  /** Observations below this probability count for nothing. @default 0.5 */
  minProbability?: number;
  /** An observation counts at most this much speech, milliseconds. @default 10000 */
  maxSpeechMs?: number;
}

/**
 * Hysteresis over language detection: a language is locked after confident speech and given up only after more evidence for one
 * other language, in a row. Pure: the same observations give the same lock.
 *
 * @example
 * const language = lock.language ?? "auto";           // what to ask the engine for
 * lock.observe({ language: "ru", probability: 0.98, speechMs: 2400 });
 */
export class LanguageLock {
  readonly #lockEvidence: number;
  readonly #unlockEvidence: number;
  readonly #minProbability: number;
  readonly #maxSpeechMs: number;
  #locked: string | undefined;
  /** Evidence per language since the last lock. */
  readonly #evidence = new Map<string, number>();

  constructor(options: LanguageLockOptions = {}) {
    this.#lockEvidence = options.lockEvidence ?? 3;
    this.#unlockEvidence = options.unlockEvidence ?? 6;
    this.#minProbability = options.minProbability ?? 0.5;
    this.#maxSpeechMs = options.maxSpeechMs ?? 10_000;
    this.#locked = options.language;
  }

  /** The locked language; `undefined` while it is open. */
  get language(): string | undefined {
    return this.#locked;
  }

  /**
   * Takes one detection. To let a lock be given up, detection must go on now and then while it holds.
   *
   * @returns the locked language afterwards
   */
  observe({ language, probability, speechMs }: LanguageObservation): string | undefined {
    if (!(probability >= this.#minProbability) || !(speechMs > 0)) return this.#locked;
    // Above chance: half probability is no evidence, certainty is one second per second.
    const certainty = Math.min(1, (probability - this.#minProbability) / (1 - this.#minProbability || 1));
    const gained = (certainty * Math.min(speechMs, this.#maxSpeechMs)) / 1000;
    if (language === this.#locked) {
      this.#evidence.clear();
      return this.#locked;
    }
    // Another language takes away what the rest had gathered: evidence in a row counts, not a sum over hours.
    for (const [other, evidence] of this.#evidence) {
      if (other === language) continue;
      if (evidence > gained) this.#evidence.set(other, evidence - gained);
      else this.#evidence.delete(other);
    }
    const evidence = (this.#evidence.get(language) ?? 0) + gained;
    this.#evidence.set(language, evidence);
    if (evidence >= (this.#locked === undefined ? this.#lockEvidence : this.#unlockEvidence)) {
      this.#locked = language;
      this.#evidence.clear();
    }
    return this.#locked;
  }

  /** Opens the language again, as when a user changes the setting. */
  unlock(): void {
    this.#locked = undefined;
    this.#evidence.clear();
  }
}
