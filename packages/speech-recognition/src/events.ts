/** Events of the Web Speech API that carry more than their name. */
import type { SpeechRecognitionResultList } from "./results.js";

/** Why it ended, in the words of the Web Speech API. */
export type SpeechRecognitionErrorCode =
  | "aborted"
  | "audio-capture"
  | "language-not-supported"
  | "network"
  | "no-speech"
  | "not-allowed"
  | "phrases-not-supported"
  | "service-not-allowed";

/** Of `result` and `nomatch`. */
export class SpeechRecognitionEvent extends Event {
  /** The first of the results that is new or has changed. */
  readonly resultIndex: number;
  readonly results: SpeechRecognitionResultList;

  constructor(type: string, init: { resultIndex?: number; results: SpeechRecognitionResultList }) {
    super(type);
    this.resultIndex = init.resultIndex ?? 0;
    this.results = init.results;
  }
}

/** Of `error`. */
export class SpeechRecognitionErrorEvent extends Event {
  readonly error: SpeechRecognitionErrorCode;
  /** In words, for a developer. */
  readonly message: string;

  constructor(type: string, init: { error: SpeechRecognitionErrorCode; message?: string }) {
    super(type);
    this.error = init.error;
    this.message = init.message ?? "";
  }
}
