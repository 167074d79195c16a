import { messageOf, type SpeechEvidence, type Transcription } from "@stt/core";
import type { Log } from "../observability/log.js";
import type { JobHandle } from "../scheduler/scheduler.js";
import type { Decoder } from "./decoder.js";
import type { Utterance } from "./utterance.js";

/** An utterance whose end is known. */
export interface EndedUtterance {
  utterance: Utterance;
  /** 16 kHz samples; the audio of `[startSample, endSample)`. */
  audio: Float32Array;
  endSample: number;
  /** End of the last speech. */
  speechEndSample: number;
  /** What is known of the audio without an engine. */
  evidence: SpeechEvidence;
  /** The next utterance goes on where this one was cut. */
  continues: boolean;
}

export interface FinalQueueOptions {
  decoder: Decoder;
  log: Log;
  /** Language to decode an utterance in, asked when its turn has come. */
  languageOf(utterance: Utterance): string;
  /** The end of the text that the utterance continues, asked when its turn has come. */
  contextOf(utterance: Utterance): string;
  /** Why an utterance is not worth decoding; undefined when it is. */
  refusalOf(ended: EndedUtterance): string | undefined;
  onRefused(ended: EndedUtterance, reason: string): void;
  /** Whether a result looks like that of an encoder window cut too tight: then the full window is tried. */
  isBroken(ended: EndedUtterance, transcription: Transcription): boolean;
  onFinal(ended: EndedUtterance, transcription: Transcription): void;
  onFailure(ended: EndedUtterance, error: unknown): void;
}

/**
 * Finals, strictly in the order of the utterances: the language and context of each depend on the one before, so the result
 * is the same however fast the audio comes.
 */
export class FinalQueue {
  readonly #options: FinalQueueOptions;
  readonly #waiting: EndedUtterance[] = [];
  readonly #closing = new AbortController();
  /** Why some of them will not be decoded after all. */
  readonly #cancelled = new WeakMap<EndedUtterance, string>();
  /** Stops the decode under way. */
  #stopCurrent: (() => void) | undefined;
  /** The one being decoded. */
  #current: EndedUtterance | undefined;
  #draining = false;
  #pendingSamples = 0;
  #idle: (() => void)[] = [];

  constructor(options: FinalQueueOptions) {
    this.#options = options;
  }

  /** Whether no utterance is waiting: a speculative decode then knows its language and context for certain. */
  get settled(): boolean {
    return this.#waiting.length === 0 && this.#current === undefined;
  }

  /** Audio that waits for its final, 16 kHz samples. Asked for with every frame: it is counted, not summed up. */
  get pendingSamples(): number {
    return this.#pendingSamples;
  }

  /** Starts a final ahead of the endpoint. */
  speculate(utterance: Utterance, audio: Float32Array, endSample: number): void {
    utterance.dropSpeculation();
    const { decoder, languageOf, contextOf } = this.#options;
    const handle = decoder.final("speculative", audio, utterance.settings, languageOf(utterance), contextOf(utterance));
    utterance.speculation = { handle, endSample };
  }

  push(ended: EndedUtterance): void {
    if (this.#closing.signal.aborted) return;
    this.#waiting.push(ended);
    this.#pendingSamples += ended.audio.length;
    if (!this.#draining) void this.#drain();
  }

  /** Resolves when nothing is pending. */
  async flushed(): Promise<void> {
    if (this.#draining) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** Refuses all that wait and the one being decoded. */
  cancel(reason: string): void {
    for (const ended of this.#waiting) this.#cancelled.set(ended, reason);
    if (!this.#current) return;
    this.#cancelled.set(this.#current, reason);
    this.#stopCurrent?.();
  }

  /** Drops everything. Idempotent. */
  close(): void {
    for (const { utterance } of this.#waiting.splice(0)) utterance.dropSpeculation();
    this.#closing.abort();
    this.#stopCurrent?.();
  }

  async #drain(): Promise<void> {
    this.#draining = true;
    for (let ended = this.#waiting.shift(); ended; ended = this.#waiting.shift()) {
      const refusal = this.#cancelled.get(ended) ?? this.#options.refusalOf(ended);
      if (refusal !== undefined) {
        this.#pendingSamples -= ended.audio.length;
        ended.utterance.dropSpeculation();
        this.#options.onRefused(ended, refusal);
        continue;
      }
      this.#current = ended;
      const outcome = await this.#decodeWell(ended).then(
        (transcription) => ({ transcription }),
        (error: unknown) => ({ error }),
      );
      this.#current = undefined;
      this.#pendingSamples -= ended.audio.length;
      if (this.#closing.signal.aborted) continue;
      const cancelled = this.#cancelled.get(ended);
      if (cancelled !== undefined) this.#options.onRefused(ended, cancelled);
      else if ("transcription" in outcome) this.#options.onFinal(ended, outcome.transcription);
      else this.#options.onFailure(ended, outcome.error);
    }
    this.#draining = false;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #decodeWell(ended: EndedUtterance): Promise<Transcription> {
    const tight = await this.#decode(ended);
    const { settings, number } = ended.utterance;
    if (settings.finalAudioContext === "full" || !this.#options.isBroken(ended, tight)) return tight;
    this.#options.log.info({ utterance: number }, "a final looks broken; decoding again with the full window");
    return this.#request(ended, "full");
  }

  async #decode(ended: EndedUtterance): Promise<Transcription> {
    const { utterance, endSample } = ended;
    const ahead = utterance.speculation;
    utterance.speculation = undefined;
    if (ahead?.endSample === endSample) {
      ahead.handle.promote("final");
      try {
        return await this.#untilStopped(ahead.handle);
      } catch (error) {
        if (this.#isStopped(ended)) throw error;
        const why = messageOf(error);
        this.#options.log.warn({ utterance: utterance.number, why }, "a speculative final was lost; decoding again");
      }
    } else {
      ahead?.handle.cancel();
    }
    return this.#request(ended);
  }

  #request({ utterance, audio }: EndedUtterance, audioContext?: "full"): Promise<Transcription> {
    const { decoder, languageOf, contextOf } = this.#options;
    const { settings } = utterance;
    return this.#untilStopped(
      decoder.final("final", audio, settings, languageOf(utterance), contextOf(utterance), audioContext),
    );
  }

  async #untilStopped(handle: JobHandle<Transcription>): Promise<Transcription> {
    this.#stopCurrent = () => handle.cancel();
    if (this.#current && this.#isStopped(this.#current)) handle.cancel();
    try {
      return await handle.result;
    } finally {
      this.#stopCurrent = undefined;
    }
  }

  #isStopped(ended: EndedUtterance): boolean {
    return this.#closing.signal.aborted || this.#cancelled.has(ended);
  }
}
