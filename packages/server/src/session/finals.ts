import { isSttError, messageOf, type Transcription } from "@stt/core";
import type { Log } from "../observability/log.js";
import type { Timeline } from "./audio-intake.js";
import type { Decoder } from "./decoder.js";
import type { SessionListener } from "./events.js";
import { type EndedUtterance, FinalQueue } from "./final-queue.js";
import { finalOf, looksBroken, refusalOf } from "./final-text.js";
import type { Progress } from "./progress.js";
import type { SessionLanguage } from "./session-language.js";
import type { Utterance } from "./utterance.js";

/** Characters of a split utterance's text that the next one is told. */
const CONTEXT_CHARACTERS = 200;

export interface FinalsOptions {
  decoder: Decoder;
  log: Log;
  language: SessionLanguage;
  timeline: Timeline;
  progress: Progress;
  emit: SessionListener;
}

/** From ended utterances to final events: judged, formatted, in order. */
export class Finals {
  readonly #options: FinalsOptions;
  readonly #queue: FinalQueue;
  #context: string;
  #count = 0;

  constructor(options: FinalsOptions, context: string) {
    this.#options = options;
    this.#context = context;
    this.#queue = new FinalQueue({
      decoder: options.decoder,
      log: options.log,
      languageOf: ({ settings }) => options.language.forUtterance(settings),
      contextOf: () => this.#context,
      refusalOf: ({ utterance, evidence }) => refusalOf(evidence, utterance.settings),
      isBroken: ({ evidence }, transcription) => looksBroken(transcription, evidence),
      onRefused: (ended, reason) => this.#refuse(ended, reason),
      onFinal: (ended, transcription) => this.#accept(ended, transcription),
      onFailure: (ended, error) => this.#fail(ended, error),
    });
  }

  /** Finals sent so far. */
  get count(): number {
    return this.#count;
  }

  /** The end of the text that an utterance continues which begins now: only after a forced split or a resume is there any. */
  get context(): string {
    return this.#context;
  }

  /** See {@link FinalQueue}. */
  get settled(): boolean {
    return this.#queue.settled;
  }

  /** See {@link FinalQueue}. */
  get pendingSamples(): number {
    return this.#queue.pendingSamples;
  }

  speculate(utterance: Utterance, audio: Float32Array, endSample: number): void {
    this.#queue.speculate(utterance, audio, endSample);
  }

  push(ended: EndedUtterance): void {
    this.#queue.push(ended);
  }

  /** See {@link FinalQueue.cancel}. */
  cancelPending(reason: string): void {
    this.#queue.cancel(reason);
  }

  /** An open utterance is given up on command. */
  discard(utterance: Utterance, atSample: number, reason: string): void {
    if (this.settled) this.#options.progress.complete(atSample);
    this.#tellDiscarded(utterance, reason);
    this.#options.progress.report();
  }

  flushed(): Promise<void> {
    return this.#queue.flushed();
  }

  close(): void {
    this.#queue.close();
  }

  #accept(ended: EndedUtterance, transcription: Transcription): void {
    const { language, timeline, progress, emit } = this.#options;
    const { utterance, evidence, endSample } = ended;
    const { settings } = utterance;
    language.observe(transcription, evidence.speechMs);
    const final = finalOf(transcription, settings, evidence, timeline.toMs(utterance.startSample));
    if (final.text === undefined) {
      this.#refuse(ended, final.reason);
      return;
    }
    progress.complete(endSample);
    this.#count += 1;
    this.#context = ended.continues ? final.text.slice(-CONTEXT_CHARACTERS) : "";
    emit({
      type: "final",
      utterance: utterance.number,
      text: final.text,
      startMs: timeline.toMs(utterance.speechSample),
      endMs: timeline.toMs(ended.speechEndSample),
      finalizedSamples: timeline.toInputSample(progress.finalizedSample),
      ...(ended.continues ? { continues: true } : {}),
      language: transcription.language,
      ...(settings.language === "auto" && language.hasSettledOn(transcription.language)
        ? { languageSettled: true }
        : {}),
      confidence: final.confidence,
      ...(settings.words && final.words ? { words: final.words } : {}),
    });
    progress.report();
  }

  #refuse({ utterance, endSample }: EndedUtterance, reason: string): void {
    const { progress, log } = this.#options;
    this.#context = "";
    progress.complete(endSample);
    log.debug({ utterance: utterance.number, reason }, "an utterance has no final");
    this.#tellDiscarded(utterance, reason);
    progress.report();
  }

  #fail(ended: EndedUtterance, error: unknown): void {
    const { log, timeline, emit } = this.#options;
    const { utterance, speechEndSample } = ended;
    log.error({ err: error, utterance: utterance.number }, "a final failed");
    const code = isSttError(error) ? error.code : "engine_failed";
    const from = timeline.toMs(utterance.speechSample);
    const to = timeline.toMs(speechEndSample);
    const message = `Utterance ${utterance.number} (${from} to ${to} ms) could not be decoded: ${messageOf(error)}`;
    emit({ type: "error", code, message, fatal: false, utterance: utterance.number });
    this.#refuse(ended, code);
  }

  #tellDiscarded(utterance: Utterance, reason: string): void {
    this.#options.emit({
      type: "discarded",
      utterance: utterance.number,
      reason,
      revision: utterance.revision,
      atMs: this.#options.timeline.toMs(utterance.speechSample),
      language: utterance.heardLanguage ?? utterance.settings.language,
    });
  }
}
