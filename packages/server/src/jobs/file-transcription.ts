import { ENGINE_SAMPLE_RATE, joinText, type TranscriptionEngine, type VoiceActivityDetector } from "@stt/core";
import { Decoder } from "../decoding/decoder.js";
import { FinalPipeline, type FinalText, type PartText } from "../decoding/final-pipeline.js";
import { LanguageKeeper } from "../decoding/language-keeper.js";
import type { Log } from "../observability/log.js";
import type { Scheduler } from "../scheduler/scheduler.js";
import type { SessionSettings } from "../settings/session-settings.js";
import { type CutUtterance, UtteranceCutter } from "./utterance-cutter.js";

/** The parts of the server that file jobs use. */
export interface FileServices {
  log: Log;
  scheduler: Scheduler;
  vad: VoiceActivityDetector;
}

export interface FileRequest {
  /** Whose job it is, for fairness and the log. */
  id: string;
  engine: TranscriptionEngine;
  settings: SessionSettings;
  /** Most utterances of this file that are in the scheduler at the same time. */
  inFlight: number;
}

/** The text of one utterance, in the order of the file. Times are milliseconds from its start. */
export type FileUtterance = FinalText;

/** Characters of a split utterance's text that the next one is told. */
const CONTEXT_CHARACTERS = 200;

interface Decoded {
  /** Absent when nothing was said. */
  utterance?: FileUtterance;
  /** The end of the text that the next utterance continues. */
  context: string;
}

/**
 * A file on its way to text: cut at its pauses, its utterances decoded as batch jobs, given in order. It holds a window of the
 * audio and the utterances in flight, however long the file is.
 */
export class FileTranscription {
  readonly #services: FileServices;
  readonly #request: FileRequest;
  readonly #pipeline: FinalPipeline;
  readonly #language = new LanguageKeeper({ recheck: false });
  #samples = 0;
  #text = "";

  constructor(services: FileServices, request: FileRequest) {
    const { engine, id } = request;
    this.#services = services;
    this.#request = request;
    const decoder = new Decoder(id, { scheduler: services.scheduler, finalEngine: engine, partialEngine: engine });
    this.#pipeline = new FinalPipeline(decoder, services.log);
  }

  /** Whisper's code of the language heard so far; `auto` while nothing was. */
  get language(): string {
    const { language } = this.#request.settings;
    return language === "auto" ? (this.#language.heard ?? language) : language;
  }

  /** How sure the detection of {@link language} is, 0..1; 0 while nothing was heard. */
  get languageConfidence(): number {
    return this.#language.confidence;
  }

  /** Whether the language is known well enough that more audio would hardly change it. */
  get isLanguageCertain(): boolean {
    return this.#language.isCertain(this.#request.settings);
  }

  /** Audio read so far, milliseconds. */
  get durationMs(): number {
    return (this.#samples * 1000) / ENGINE_SAMPLE_RATE;
  }

  /** The text so far: what {@link run} has given, joined. */
  get text(): string {
    return this.#text;
  }

  /**
   * Runs to the end of `audio`. Ending the iteration early, or `signal`, cancels what is in flight.
   *
   * @param audio 16 kHz mono samples in [-1, 1]
   * @throws SttError of the audio's source; `engine_failed` when an utterance cannot be decoded; `aborted`.
   */
  async *run(audio: AsyncIterable<Float32Array>, signal: AbortSignal): AsyncGenerator<FileUtterance> {
    const stop = new AbortController();
    const stopped = AbortSignal.any([signal, stop.signal]);
    const waiting: Promise<Decoded>[] = [];
    let previous: Promise<Decoded> = Promise.resolve({ context: "" });
    let continues = false;
    try {
      for await (const cut of this.#utterances(audio, stopped)) {
        previous = this.#decode(cut, previous, continues, stopped);
        continues = cut.continues;
        // It is awaited in its turn; until then a failure is nobody's fault.
        previous.catch(() => {});
        waiting.push(previous);
        while (waiting.length >= this.#request.inFlight) yield* this.#given(await waiting.shift()!);
      }
      while (waiting.length > 0) yield* this.#given(await waiting.shift()!);
    } finally {
      stop.abort();
      await Promise.allSettled(waiting);
      this.#services.scheduler.forget(this.#request.id);
    }
  }

  *#given({ utterance }: Decoded): Generator<FileUtterance> {
    if (!utterance) return;
    this.#text = joinText(this.#text, utterance.text, this.language);
    yield utterance;
  }

  async *#utterances(audio: AsyncIterable<Float32Array>, signal: AbortSignal): AsyncGenerator<CutUtterance> {
    const cutter = new UtteranceCutter(this.#services.vad, this.#request.settings);
    const close = () => cutter.close();
    signal.addEventListener("abort", close, { once: true });
    try {
      for await (const samples of audio) {
        signal.throwIfAborted();
        this.#samples += samples.length;
        yield* await cutter.push(samples);
      }
      signal.throwIfAborted();
      yield* await cutter.end();
    } finally {
      signal.removeEventListener("abort", close);
      cutter.close();
    }
  }

  async #decode(
    cut: CutUtterance,
    previous: Promise<Decoded>,
    continues: boolean,
    signal: AbortSignal,
  ): Promise<Decoded> {
    const { settings } = this.#request;
    // The language and the text before are known only then; otherwise the utterances do not need each other.
    const before = continues || !this.#language.isCertain(settings) ? await previous : undefined;
    const parts: PartText[] = [];
    for (const part of cut.parts) {
      signal.throwIfAborted();
      const text = await this.#pipeline.transcribe({
        part,
        kind: "batch",
        settings,
        language: this.#language.forUtterance(settings),
        context: continues && parts.length === 0 ? (before?.context ?? "") : "",
        signal,
      });
      if (text.transcription) this.#language.observe(text.transcription, part.evidence.speechMs);
      parts.push(text);
    }
    const toMs = 1000 / ENGINE_SAMPLE_RATE;
    const final = this.#pipeline.compose({
      settings,
      speechStartMs: cut.speechSample * toMs,
      speechEndMs: cut.speechEndSample * toMs,
      parts,
      before: continues ? before?.context : "",
      continues: cut.continues,
    });
    if (final.text === undefined) {
      const { id } = this.#request;
      const { rule, reason } = final;
      this.#services.log.info(
        { file: id, atMs: Math.round(cut.speechSample * toMs), rule, reason },
        "an utterance has no text",
      );
      return { context: "" };
    }
    return { utterance: final, context: cut.continues ? final.text.slice(-CONTEXT_CHARACTERS) : "" };
  }
}
