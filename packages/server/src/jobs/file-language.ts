import { LanguageLock, type Transcription } from "@stt/core";

/**
 * The language of a file with `language: "auto"`: detected utterance by utterance until it is sure, then kept to the end. One
 * recording has one language; detecting on would let every cough between two sentences change it.
 */
export class FileLanguage {
  readonly #asked: string;
  readonly #lock = new LanguageLock();
  /** Speech heard in each language, milliseconds. */
  readonly #heard = new Map<string, number>();
  #certain: string | undefined;

  constructor(asked: string) {
    this.#asked = asked;
    if (asked !== "auto") this.#certain = asked;
  }

  /** Whether the next utterance need not wait for the one before. */
  get settled(): boolean {
    return this.#certain !== undefined;
  }

  /** What to ask the engine for: a code or `auto`. */
  get request(): string {
    return this.#certain ?? "auto";
  }

  /** The language of the file as far as it was heard; the one asked for when nothing was. */
  get heard(): string {
    if (this.#certain !== undefined) return this.#certain;
    const [most] = [...this.#heard].sort((a, b) => b[1] - a[1]);
    return most?.[0] ?? this.#asked;
  }

  observe({ text, language, languageProbability }: Transcription, speechMs: number): void {
    if (this.settled || text.trim() === "") return;
    this.#heard.set(language, (this.#heard.get(language) ?? 0) + speechMs);
    // An engine that says no probability knows one language, or decides for itself.
    if (languageProbability === undefined) this.#certain = language;
    else this.#certain = this.#lock.observe({ language, probability: languageProbability, speechMs });
  }
}
