/** What a server has heard in one recording, as its reader gets it. */
import type { ServerMessageOf } from "../../protocol/messages.js";
import { joinText } from "../../speech/text-format.js";
import { OpenUtterance } from "./open-utterance.js";
import { PartialGuard } from "./partial-guard.js";
import { SpeakerTimeline } from "./speaker-timeline.js";
import { TurnGuard } from "./turn-guard.js";

/** Messages about utterances. */
export type TextMessage = ServerMessageOf<"speech_start" | "speech_end" | "partial" | "turn" | "final" | "discarded">;

/** What the next server has to know to go on. */
export interface TextResumePoint {
  /** Number of the first utterance without a final. */
  nextUtterance: number;
  /** The text that the next utterance goes on in, if it does. */
  context?: string;
  /** What `auto` has settled on. */
  language?: string;
}

/** Characters of the text so far that a resumed session gets as context. */
const CONTEXT_CHARS = 200;

/** Each final once, partials that only grow, and the speaker's times, however often the server changes in between. */
export class RecordingText {
  readonly #timeline: SpeakerTimeline;
  readonly #openUtterance = new OpenUtterance();
  readonly #partials = new PartialGuard();
  readonly #turns = new TurnGuard();
  #nextUtterance = 0;
  #text = "";
  #language: string | undefined;
  /** The next utterance goes on in the sentence of the last final. */
  #continues = false;

  /** @param sampleRate of the audio, Hz */
  constructor(sampleRate: number) {
    this.#timeline = new SpeakerTimeline(sampleRate);
  }

  /** The finals so far. */
  toString(): string {
    return this.#text;
  }

  /** An utterance has begun and has no final yet. */
  get isUtteranceOpen(): boolean {
    return this.#openUtterance.isOpen;
  }

  /** The utterance that is being spoken, if one is. */
  get speaking(): number | undefined {
    return this.#openUtterance.speaking;
  }

  get resumePoint(): TextResumePoint {
    const context = this.#continues && { context: this.#text.slice(-CONTEXT_CHARS) };
    const language = this.#language !== undefined && { language: this.#language };
    return { nextUtterance: this.#nextUtterance, ...context, ...language };
  }

  /** @returns the message for the reader, or `undefined` for none: late, repeated, or superseded */
  accept<T extends TextMessage>(message: T): T | undefined;
  accept(message: TextMessage): TextMessage | undefined {
    if (message.utterance < this.#nextUtterance) return undefined;
    switch (message.type) {
      case "speech_start":
      case "speech_end":
        this.#openUtterance.heard(message);
        return this.#timeline.localize(message);
      case "partial": {
        const partial = this.#partials.admit(message);
        return partial && this.#timeline.localize(partial);
      }
      case "turn":
        return this.#turns.admits(message) ? this.#timeline.localize(message) : undefined;
      case "discarded":
        this.#openUtterance.finished(message.utterance);
        return this.#timeline.localize(message);
      case "final":
        this.#nextUtterance = message.utterance + 1;
        this.#openUtterance.finished(message.utterance);
        this.#continues = message.continues === true;
        if (message.languageSettled) this.#language = message.language;
        this.#text = joinText(this.#text, message.text, message.language);
        return this.#timeline.localize(message);
      default:
        return message satisfies never;
    }
  }

  /** The server is done with all audio before `ms`, milliseconds of audio sent. */
  finalizedTo(ms: number): void {
    this.#openUtterance.finalizedTo(ms);
  }

  /** `samples` were left out after the first `atSample` that were sent. */
  skip(atSample: number, samples: number): void {
    this.#timeline.skip(atSample, samples);
  }

  /** There will be no final for what is being said. */
  forgetOpenUtterance(): void {
    this.#openUtterance.forget();
  }

  /** Another server goes on. */
  resumed(): void {
    this.#partials.resumed();
  }
}
