/** Which words of a changing hypothesis may be shown as certain. */
import { firstNewWord } from "./committed-words.js";
import type { HypothesisWord } from "./hypothesis.js";
import { joinText, joinWords, separator } from "./text-format.js";
import { foldWord } from "./words.js";

const DEFAULT_MAX_BUFFER_MS = 15_000;
const DEFAULT_PROMPT_CHARACTERS = 200;
const TAIL_WORDS = 5;

export interface StabilizerOptions {
  /** Where the audio begins on the session's timeline, milliseconds. @default 0 */
  startMs?: number;
  /** ISO 639-1 code, `yue` or `auto`: how words are joined. @default "auto" */
  language?: string;
  /** Text before this utterance, for the prompt. @default "" */
  context?: string;
  /** Audio length from which a cut is advised, milliseconds. @default 15000 */
  maxBufferMs?: number;
  /** Length of the prompt. @default 200 */
  promptCharacters?: number;
  /**
   * Judges a hypothesis before it may agree with anything: a stuck hallucination agrees with itself. A hypothesis that is
   * refused changes nothing.
   */
  accept?: (words: readonly HypothesisWord[]) => boolean;
}

/** What is known of the audio behind a hypothesis. */
export interface HypothesisInfo {
  /** End of the audio decoded, on the session's timeline. @default the end of the last word */
  audioEndMs?: number;
  /** Ends of the engine's segments, ascending, on the session's timeline. */
  segmentEndsMs?: readonly number[];
}

export interface StabilizedText {
  /** Never changes, only grows: each one begins with the one before. */
  committed: string;
  /** May be different next time. Join the two with `joinText`. */
  tentative: string;
  /** What this call added to `committed`. */
  newlyCommitted: readonly HypothesisWord[];
  /** Where the audio of the next decode should start, on the session's timeline. Never goes back. */
  trimMs: number;
  /** Text before `trimMs`, for the next decode's prompt. */
  prompt: string;
}

/**
 * LocalAgreement-2 (Macháček, Dabre, Bojar 2023, "Turning Whisper into Real-Time Transcription System"): words are
 * committed when two successive hypotheses agree on them. One instance serves one utterance.
 *
 * Words are compared without case and punctuation and emitted as the newer hypothesis writes them. Word times help to tell
 * old words from new; without usable times the words themselves do.
 */
export class Stabilizer {
  readonly #maxBufferMs: number;
  readonly #promptCharacters: number;
  readonly #accept: (words: readonly HypothesisWord[]) => boolean;
  #language: string | undefined;
  #committed = "";
  /** The last committed words. */
  #tail: HypothesisWord[] = [];
  /** Committed words that lie in the audio from `#trimMs` on. */
  #inAudio: HypothesisWord[] = [];
  /** The uncommitted words of the latest hypothesis. */
  #open: HypothesisWord[] = [];
  #trimMs: number;
  /** Text that has scrolled out of the audio, shortened to what a prompt can use. */
  #scrolled: string;

  constructor(options: StabilizerOptions = {}) {
    this.#maxBufferMs = options.maxBufferMs ?? DEFAULT_MAX_BUFFER_MS;
    this.#promptCharacters = options.promptCharacters ?? DEFAULT_PROMPT_CHARACTERS;
    this.#accept = options.accept ?? (() => true);
    this.#language = options.language;
    this.#trimMs = options.startMs ?? 0;
    this.#scrolled = lastCharacters(options.context ?? "", this.#promptCharacters);
  }

  /** Sets the language once it is known. What is committed stays as it was joined. */
  setLanguage(language: string): void {
    this.#language = language;
  }

  /**
   * Takes the hypothesis for the audio from the last `trimMs` on.
   *
   * @param words without surrounding white space; blank ones are ignored
   */
  push(words: readonly HypothesisWord[], info: HypothesisInfo = {}): StabilizedText {
    const heard = words.filter((word) => word.text.trim() !== "");
    if (!this.#accept(heard)) return this.#result([]);
    const fresh = heard.slice(firstNewWord(heard, this.#tail, this.#inAudio));
    const agreed = commonPrefix(this.#open, fresh);
    const newlyCommitted = fresh.slice(0, agreed);
    this.#commit(newlyCommitted);
    this.#open = fresh.slice(agreed);
    this.#trim(info.audioEndMs ?? heard[heard.length - 1]?.endMs ?? this.#trimMs, info.segmentEndsMs ?? []);
    return this.#result(newlyCommitted);
  }

  /** The utterance is over: everything tentative becomes committed. */
  flush(): StabilizedText {
    const rest = this.#open;
    this.#commit(rest);
    this.#open = [];
    return this.#result(rest);
  }

  #commit(words: readonly HypothesisWord[]): void {
    for (const word of words) {
      const text = word.text.trim();
      this.#committed += separator(this.#committed, text, this.#language) + text;
    }
    this.#inAudio.push(...words);
    this.#tail = [...this.#tail, ...words].slice(-TAIL_WORDS);
  }

  /** Past the limit: cut at the end of a segment, not the newest, inside committed audio, else at the last committed word. */
  #trim(audioEndMs: number, segmentEndsMs: readonly number[]): void {
    const committedEnd = this.#tail[this.#tail.length - 1]?.endMs;
    if (committedEnd === undefined || audioEndMs - this.#trimMs <= this.#maxBufferMs) return;
    const inside = segmentEndsMs.slice(0, -1).filter((end) => end > this.#trimMs && end <= committedEnd);
    const cut = inside[inside.length - 1] ?? committedEnd;
    if (!(cut > this.#trimMs)) return;
    this.#trimMs = cut;
    // Up to the last word that lies before the cut: words between without times went with it.
    let gone = 0;
    this.#inAudio.forEach((word, index) => {
      if (word.endMs !== undefined && word.endMs <= cut) gone = index + 1;
    });
    const text = joinWords(
      this.#inAudio.slice(0, gone).map((word) => word.text.trim()),
      this.#language,
    );
    this.#scrolled = lastCharacters(joinText(this.#scrolled, text, this.#language), this.#promptCharacters);
    this.#inAudio = this.#inAudio.slice(gone);
  }

  #result(newlyCommitted: readonly HypothesisWord[]): StabilizedText {
    return {
      committed: this.#committed,
      tentative: joinWords(
        this.#open.map((word) => word.text.trim()),
        this.#language,
      ),
      newlyCommitted,
      trimMs: this.#trimMs,
      prompt: this.#scrolled,
    };
  }
}

function commonPrefix(a: readonly HypothesisWord[], b: readonly HypothesisWord[]): number {
  let n = 0;
  while (n < a.length && n < b.length && foldWord(a[n]!.text) === foldWord(b[n]!.text)) n++;
  return n;
}

/** At most the last `limit` characters, beginning with a whole word if there is a space to begin after. */
function lastCharacters(text: string, limit: number): string {
  if (text.length <= limit) return text;
  // A pair of surrogates is not cut in two.
  const cut = text.slice(-limit).replace(/^[\uDC00-\uDFFF]/, "");
  const wasWithinWord = !/\s/.test(text.charAt(text.length - limit - 1)) && !/^\s/.test(cut);
  return (wasWithinWord ? cut.replace(/^\S*\s+/, "") : cut).trimStart();
}
