/** The results of one session: utterances in their order, each replaced as it grows. */
import { joinText } from "@stt/core";
import { SpeechRecognitionAlternative, SpeechRecognitionResult, SpeechRecognitionResultList } from "./results.js";

/** What is known of an utterance. */
export interface Heard {
  utterance: number;
  text: string;
  language: string;
  /** 0..1; 0 of text that may still change. */
  confidence: number;
  isFinal: boolean;
}

export interface TranscriptForm {
  /** Alternatives of a final at most. */
  maxAlternatives: number;
  /** Whether the first alternative has the punctuation of the text. */
  punctuation: boolean;
}

/** Marks of a sentence: at the edge of a word, or anything that is no part of one. */
const MARKS = /(^|\s)[^\p{L}\p{N}\s%°+$€£¥₽]+|[^\p{L}\p{N}\s%°+$€£¥₽]+(?=\s|$)/gu;

/** The words alone, as a browser gives them: without marks of a sentence; those within a word or a number stay. */
export function wordsOf(text: string): string {
  return text.replace(MARKS, "$1").replace(/\s+/g, " ").trim();
}

/** Pure: it knows nothing of sockets or events. */
export class Transcript {
  readonly #form: TranscriptForm;
  readonly #heard: Heard[] = [];

  constructor(form: TranscriptForm) {
    this.#form = form;
  }

  /**
   * Takes what is known of an utterance now.
   *
   * @returns its place among the results
   */
  set(heard: Heard): number {
    const known = this.#heard.findIndex(({ utterance }) => utterance >= heard.utterance);
    const index = known === -1 ? this.#heard.length : known;
    const replaces = this.#heard[index]?.utterance === heard.utterance ? 1 : 0;
    this.#heard.splice(index, replaces, heard);
    return index;
  }

  /** Takes an utterance out that came to nothing. */
  drop(utterance: number): void {
    const index = this.#heard.findIndex((each) => each.utterance === utterance);
    if (index !== -1) this.#heard.splice(index, 1);
  }

  /** All of it, so that transcripts joined one after another make a text. */
  get results(): SpeechRecognitionResultList {
    let before = "";
    const results = this.#heard.map((heard) => {
      const alternatives = this.#alternatives(heard).map((transcript) => {
        const joined = joinText(before, transcript, heard.language);
        return new SpeechRecognitionAlternative(joined.slice(before.length), heard.confidence);
      });
      before = joinText(before, alternatives[0]!.transcript.trim(), heard.language);
      return new SpeechRecognitionResult(alternatives, heard.isFinal);
    });
    return new SpeechRecognitionResultList(results);
  }

  /** A second way to write it is of use to who compares whole phrases. */
  #alternatives({ text, isFinal }: Heard): string[] {
    const words = wordsOf(text);
    const ways = this.#form.punctuation ? [text, words] : [words, text];
    const different = words === text ? [text] : ways;
    return different.slice(0, isFinal ? Math.max(1, this.#form.maxAlternatives) : 1);
  }
}
