import {
  type Clock,
  ENGINE_SAMPLE_RATE,
  knowsTurnsIn,
  shortestTurnWaitMs,
  soundsFinished,
  turnWaitMs,
  type UtteranceTracker,
  VAD_FRAME_SAMPLES,
} from "@stt/core";
import type { PendingAnswer, TurnDetector } from "../turn/turn-detector.js";
import type { Utterance } from "./utterance.js";

/** What the model hears at most. */
const WINDOW_SAMPLES = 8 * ENGINE_SAMPLE_RATE;
/** Less speech than this within a silence is a click: the question before it still stands. */
const NEW_SPEECH_SAMPLES = (64 * ENGINE_SAMPLE_RATE) / 1000;
/** How long frames wait for an answer that is late: not for long where somebody waits, and as long as it takes for a file. */
const LIVE_GRACE_MS = 500;
const FILE_GRACE_MS = 30_000;

export interface EndOfTurnOptions {
  clock: Clock;
  /** Undefined where there is no model: silence alone ends turns. */
  detector: TurnDetector | undefined;
  tracker: Pick<UtteranceTracker, "sample" | "spoken" | "waitFor">;
  /** Copies 16 kHz samples `[from, to)` of the session's audio. */
  read(from: number, to: number): Float32Array;
  /** Whether the audio comes as it is spoken. */
  isLive(): boolean;
  /** A frame's turn has come. @param probability of speech */
  onFrame(probability: number): void;
  /** @param probability that the speaker has finished with the silence that is being counted; undefined where there is no answer */
  onAnswer(utterance: Utterance, probability: number | undefined): void;
  /** The speaker has probably finished. */
  onLikelyEnd(utterance: Utterance, silenceSample: number): void;
}

interface Question {
  readonly utterance: Utterance;
  readonly pending: PendingAnswer;
  /** Speech of the utterance that it heard, samples. */
  readonly speechSamples: number;
  /** Where the silence begins that is being counted, and where the answer decides, 16 kHz. */
  silenceSample: number;
  decidesAt: number;
  /** Speech goes on: the answer counts for nothing, unless that was a click. */
  isOvertaken: boolean;
  answer?: { probability: number | undefined };
}

/**
 * Asks in each silence whether the speaker has finished, and tells the tracker how long to wait. All on the audio clock: the question
 * hears the turn up to a fixed place, and frames from the place on where its answer decides wait for it, so that audio that comes
 * faster than it is spoken has the same ends. Where the answer is too late after all, there is none, and the usual wait applies.
 */
export class EndOfTurn {
  readonly #options: EndOfTurnOptions;
  readonly #held: number[] = [];
  #question: Question | undefined;
  #cancelGrace: (() => void) | undefined;
  #isDraining = false;

  constructor(options: EndOfTurnOptions) {
    this.#options = options;
  }

  /** The voice detector's next probability: its frame goes on at once, or behind those that wait. */
  push(probability: number): void {
    this.#held.push(probability);
    this.#drain();
  }

  /** A silence has begun in the open utterance: the question is put. */
  ask(utterance: Utterance, silenceSample: number): void {
    const { detector, tracker, read, isLive } = this.#options;
    const { settings } = utterance;
    const { speechSamples } = tracker.spoken();
    const before = this.#question;
    if (before && speechSamples - before.speechSamples < NEW_SPEECH_SAMPLES) {
      this.#askAgain(before, silenceSample);
      return;
    }
    this.drop();
    if (!detector || settings.endOfTurn !== "model" || !knowsTurnsIn(settings.language)) return;
    const to = tracker.sample;
    const audio = read(Math.max(utterance.startSample, to - WINDOW_SAMPLES), to);
    const pending = detector.ask({ audio, isLive: isLive() });
    const decidesAt = decisionFor(utterance, silenceSample);
    const question: Question = { utterance, pending, speechSamples, silenceSample, decidesAt, isOvertaken: false };
    this.#question = question;
    void pending.probability.then((probability) => this.#answer(question, probability));
  }

  /** Speech goes on. */
  overtake(): void {
    if (this.#question) this.#question.isOvertaken = true;
  }

  /** The utterance is over: nobody wants the answer. */
  drop(): void {
    this.#question?.pending.cancel();
    this.#question = undefined;
    this.#stopGrace();
  }

  /** No frame goes on any more. Idempotent. */
  close(): void {
    this.#held.length = 0;
    this.drop();
  }

  /** The silence goes on after a click: the answer is what it was, wherever the click came. */
  #askAgain(question: Question, silenceSample: number): void {
    question.silenceSample = silenceSample;
    question.decidesAt = decisionFor(question.utterance, silenceSample);
    question.isOvertaken = false;
    if (question.answer) this.#apply(question, question.answer.probability);
  }

  #answer(question: Question, probability: number | undefined): void {
    if (this.#question !== question || question.answer) return;
    question.answer = { probability };
    this.#stopGrace();
    if (!question.isOvertaken) this.#apply(question, probability);
    this.#drain();
  }

  #apply({ utterance, speechSamples, silenceSample }: Question, probability: number | undefined): void {
    const { tracker, onAnswer, onLikelyEnd } = this.#options;
    onAnswer(utterance, probability);
    if (probability === undefined) return;
    const speechMs = (1000 * speechSamples) / ENGINE_SAMPLE_RATE;
    tracker.waitFor(turnWaitMs(probability, speechMs, utterance.settings));
    if (soundsFinished(probability, utterance.settings)) onLikelyEnd(utterance, silenceSample);
  }

  #drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    while (this.#held.length > 0 && !this.#mustWait) {
      this.#options.onFrame(this.#held.shift()!);
      this.#forgetOvertaken();
    }
    this.#isDraining = false;
    if (this.#held.length > 0) this.#startGrace();
  }

  get #mustWait(): boolean {
    const question = this.#question;
    if (!question || question.answer || question.isOvertaken) return false;
    return this.#options.tracker.sample + VAD_FRAME_SAMPLES >= question.decidesAt;
  }

  /** A question that more than a click came after is not worth the model's time. */
  #forgetOvertaken(): void {
    const question = this.#question;
    if (!question?.isOvertaken) return;
    if (this.#options.tracker.spoken().speechSamples - question.speechSamples >= NEW_SPEECH_SAMPLES) this.drop();
  }

  #startGrace(): void {
    const { clock, isLive } = this.#options;
    this.#cancelGrace ??= clock.setTimer(isLive() ? LIVE_GRACE_MS : FILE_GRACE_MS, () => {
      const question = this.#question;
      question?.pending.cancel();
      if (question) this.#answer(question, undefined);
    });
  }

  #stopGrace(): void {
    this.#cancelGrace?.();
    this.#cancelGrace = undefined;
  }
}

/** Where the answer has to be there: no wait that it, or its absence, may lead to is over sooner. */
function decisionFor({ settings }: Utterance, silenceSample: number): number {
  const ms = Math.min(shortestTurnWaitMs(settings), settings.silenceMs);
  return silenceSample + (ms * ENGINE_SAMPLE_RATE) / 1000;
}
