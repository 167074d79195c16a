/** Which words of a changing hypothesis may be shown as certain. */
import { firstNewWord } from "./committed-words.js";
import type { HypothesisWord } from "./hypothesis.js";
import { endsSentence, joinText, joinWords, separator } from "./text-format.js";
import { foldWord, splitEnding } from "./words.js";

const DEFAULT_MAX_BUFFER_MS = 10_000;
const DEFAULT_PROMPT_CHARACTERS = 200;
const TAIL_WORDS = 5;

export interface StabilizerOptions {
  /** Where the audio begins on the session's timeline, milliseconds. @default 0 */
  startMs?: number;
  /** ISO 639-1 code, `yue` or `auto`: how words are joined. @default "auto" */
  language?: string;
  /** Text before this utterance, for the prompt. @default "" */
  context?: string;
  /** Audio length from which a cut is advised, milliseconds. @default 10000 */
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
  /** Punctuation behind the last committed word, if the latest hypothesis has any; committed with the word that follows. */
  ending: string;
  /** May be different next time. Join the two with `joinText`. */
  tentative: string;
  /** The words of `tentative`. */
  open: readonly HypothesisWord[];
  /** The words that this call added to `committed`, as the newer hypothesis writes them. */
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
 * Words are compared without case and punctuation and emitted as the newer hypothesis writes them, but a sentence ends only
 * where both end it. A model likes to end one where its audio ends, so what stands behind the last committed word waits for
 * the word that follows. Word times help to tell old words from new; without usable times the words themselves do.
 */
export class Stabilizer {
  readonly #maxBufferMs: number;
  readonly #promptCharacters: number;
  readonly #accept: (words: readonly HypothesisWord[]) => boolean;
  #language: string | undefined;
  #committed = "";
  /** What the latest hypothesis that has the last committed word writes behind it. */
  #ending = "";
  /** Whether it writes another word behind that. */
  #endingIsFollowed = false;
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
    const first = firstNewWord(heard, this.#tail, this.#inAudio);
    const fresh = heard.slice(first);
    const agreed = commonPrefix(this.#open, fresh);
    const newlyCommitted = fresh.slice(0, agreed);
    const ending = this.#endingIn(heard[first - 1]);
    // Where the last committed word has left the audio, the last look at it counts, if it was not the end of the audio.
    this.#commit(newlyCommitted, this.#open, ending ?? (this.#endingIsFollowed ? this.#ending : ""));
    this.#open = fresh.slice(agreed);
    if (agreed === 0 && ending !== undefined) this.#ending = ending;
    if (agreed > 0 || ending !== undefined) this.#endingIsFollowed = this.#open.length > 0;
    this.#trim(info.audioEndMs ?? heard[heard.length - 1]?.endMs ?? this.#trimMs, info.segmentEndsMs ?? []);
    return this.#result(newlyCommitted);
  }

  /**
   * Audio up to `untilMs` has its final text: its words that are not committed yet become so, and the next decode begins there.
   *
   * @param words of the final text, on the session's timeline
   */
  settle(words: readonly HypothesisWord[], untilMs: number): StabilizedText {
    const heard = words.filter((word) => word.text.trim() !== "");
    const first = firstNewWord(heard, this.#tail, this.#inAudio);
    const fresh = heard.slice(first);
    const ending = this.#endingIn(heard[first - 1]);
    this.#commit(fresh, fresh, ending ?? this.#ending);
    this.#open = this.#open.filter(({ startMs }) => startMs !== undefined && startMs >= untilMs);
    this.#endingIsFollowed = true;
    this.#trimMs = Math.max(this.#trimMs, untilMs);
    this.#inAudio = this.#inAudio.filter(({ endMs }) => endMs !== undefined && endMs > untilMs);
    this.#scrolled = lastCharacters(this.#committed + this.#ending, this.#promptCharacters);
    return this.#result(fresh);
  }

  /** The utterance is over: everything tentative becomes committed. */
  flush(): StabilizedText {
    const rest = this.#open;
    this.#commit(rest, rest, this.#ending);
    this.#end(this.#ending);
    this.#ending = "";
    this.#open = [];
    return this.#result(rest);
  }

  /** What a hypothesis writes behind the last committed word, if `word` is that. */
  #endingIn(word: HypothesisWord | undefined): string | undefined {
    const last = this.#tail[this.#tail.length - 1];
    const isLast = word && last && foldWord(word.text) === foldWord(last.text);
    return isLast ? splitEnding(word.text.trim()).ending : undefined;
  }

  /**
   * @param older the same words in the hypothesis that agreed
   * @param ending what the newer one writes behind the last committed word
   */
  #commit(words: readonly HypothesisWord[], older: readonly HypothesisWord[], ending: string): void {
    let before = { older: this.#ending, newer: ending };
    words.forEach((word, i) => {
      const versions = { older: splitEnding(older[i]!.text.trim()), newer: splitEnding(word.text.trim()) };
      // An end that only the newer one has is not believed, and neither is the capital behind it.
      const side = isSentenceEnd(before.newer) && !isSentenceEnd(before.older) ? "older" : "newer";
      this.#end(before[side]);
      this.#add({ ...word, text: versions[side].word });
      before = { older: versions.older.ending, newer: versions.newer.ending };
    });
    if (words.length > 0) this.#ending = before.newer;
  }

  #add(word: HypothesisWord): void {
    this.#committed += separator(this.#committed, word.text, this.#language) + word.text;
    this.#inAudio.push(word);
    this.#tail = [...this.#tail, word].slice(-TAIL_WORDS);
  }

  /** Commits what stands behind the last committed word. */
  #end(ending: string): void {
    if (ending === "") return;
    this.#committed += ending;
    const last = this.#inAudio.pop();
    if (last) this.#inAudio.push({ ...last, text: last.text + ending });
    else this.#scrolled = lastCharacters(this.#scrolled + ending, this.#promptCharacters);
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
      ending: this.#ending,
      tentative: joinWords(
        this.#open.map((word) => word.text.trim()),
        this.#language,
      ),
      open: this.#open,
      newlyCommitted,
      trimMs: this.#trimMs,
      prompt: this.#scrolled,
    };
  }
}

function isSentenceEnd(ending: string): boolean {
  return ending !== "" && endsSentence(ending);
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
