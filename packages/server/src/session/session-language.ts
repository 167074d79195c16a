import { LanguageLock, type Transcription } from "@stt/core";
import { confidenceOf } from "../decoding/final-pipeline.js";
import type { SessionSettings } from "../settings/session-settings.js";

/** A locked language is checked again after so many utterances ... */
const CHECK_EVERY = 8;
/** ... and after one that was recognised worse than this, 0..1: the speaker may have changed the language. */
const DOUBTFUL_CONFIDENCE = 0.5;

/** Which language a session with `language: "auto"` is decoded in: detected until it is sure, then kept, then checked now and then. */
export class SessionLanguage {
  readonly #lock: LanguageLock;
  #sinceDetection = 0;
  #inDoubt = false;

  /** @param settled what another server has settled on, for a session that is resumed */
  constructor(settled?: string) {
    this.#lock = new LanguageLock(settled === undefined ? {} : { language: settled });
  }

  /** Whether `auto` has settled on this language. */
  hasSettledOn(language: string): boolean {
    return this.#lock.language === language;
  }

  /** Language to decode an utterance in: a code, or `auto` to detect it. */
  forUtterance({ language }: SessionSettings): string {
    if (language !== "auto") return language;
    const locked = this.#lock.language;
    if (locked === undefined || this.#inDoubt || this.#sinceDetection >= CHECK_EVERY) return "auto";
    return locked;
  }

  /**
   * Learns from a final.
   *
   * @param speechMs speech in its audio, milliseconds.
   */
  observe(transcription: Transcription, speechMs: number): void {
    if (transcription.text.trim() === "") return;
    const { language, languageProbability } = transcription;
    if (languageProbability === undefined) {
      this.#sinceDetection += 1;
      this.#inDoubt = confidenceOf([transcription]) < DOUBTFUL_CONFIDENCE;
      return;
    }
    this.#lock.observe({ language, probability: languageProbability, speechMs });
    this.#sinceDetection = 0;
    // Another language than the locked one: look again until it is either gone or the new lock.
    this.#inDoubt = this.#lock.language !== undefined && this.#lock.language !== language;
  }
}
