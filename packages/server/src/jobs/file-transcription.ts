import {
  ENGINE_SAMPLE_RATE,
  type FinalWord,
  joinText,
  type Transcription,
  type TranscriptionEngine,
  type VoiceActivityDetector,
} from "@stt/core";
import type { Log } from "../observability/log.js";
import type { Scheduler } from "../scheduler/scheduler.js";
import { Decoder } from "../session/decoder.js";
import { finalOf, looksBroken, refusalOf } from "../session/final-text.js";
import type { SessionSettings } from "../session/settings.js";
import { FileLanguage } from "./file-language.js";
import { type FileSegment, segmentsOf } from "./file-segments.js";
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
export interface FileUtterance {
  text: string;
  segments: FileSegment[];
  words: FinalWord[];
}

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
  readonly #decoder: Decoder;
  readonly #language: FileLanguage;
  #samples = 0;
  #text = "";

  constructor(services: FileServices, request: FileRequest) {
    const { engine, id, settings } = request;
    this.#services = services;
    this.#request = request;
    this.#decoder = new Decoder(id, { scheduler: services.scheduler, finalEngine: engine, partialEngine: engine });
    this.#language = new FileLanguage(settings.language);
  }

  /** ISO 639-1 code of the language heard so far; `auto` while nothing was. */
  get language(): string {
    return this.#language.heard;
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
    const refusal = refusalOf(cut.evidence, settings);
    if (refusal !== undefined) return this.#refused(cut, refusal);
    // The language and the text before are known only then; otherwise the utterances do not need each other.
    const { context } = continues || !this.#language.settled ? await previous : { context: "" };
    signal.throwIfAborted();
    let transcription = await this.#submit(cut, continues ? context : "", signal);
    if (settings.finalAudioContext !== "full" && looksBroken(transcription, cut.evidence)) {
      transcription = await this.#submit(cut, continues ? context : "", signal, "full");
    }
    this.#language.observe(transcription, cut.evidence.speechMs);
    const offsetMs = (cut.startSample * 1000) / ENGINE_SAMPLE_RATE;
    const final = finalOf(transcription, settings, cut.evidence, offsetMs);
    if (final.text === undefined) return this.#refused(cut, final.reason);
    const segments = segmentsOf(cut, transcription, final.text);
    return {
      utterance: { text: final.text, segments, words: final.words ?? [] },
      context: cut.continues ? final.text.slice(-CONTEXT_CHARACTERS) : "",
    };
  }

  async #submit(cut: CutUtterance, context: string, signal: AbortSignal, window?: "full"): Promise<Transcription> {
    const { settings } = this.#request;
    const handle = this.#decoder.final("batch", cut.audio, settings, this.#language.request, context, window);
    const cancel = () => handle.cancel(signal.reason);
    signal.addEventListener("abort", cancel, { once: true });
    try {
      return await handle.result;
    } finally {
      signal.removeEventListener("abort", cancel);
    }
  }

  #refused({ startSample }: CutUtterance, reason: string): Decoded {
    const atMs = Math.round((startSample * 1000) / ENGINE_SAMPLE_RATE);
    this.#services.log.debug({ file: this.#request.id, atMs, reason }, "an utterance of a file has no text");
    return { context: "" };
  }
}
