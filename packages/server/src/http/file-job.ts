import {
  abortError,
  ENGINE_SAMPLE_RATE,
  FILE_ENDPOINTING,
  isSttError,
  type SessionOptions,
  SttError,
  type TranscriptionEngine,
  vocabularyOf,
} from "@stt/core";
import type { Context } from "hono";
import type { DecodingLimits } from "../audio-decoders/audio-decoder.js";
import { openAudioFile } from "../audio-decoders/open-audio-file.js";
import { FileTranscription, type FileUtterance } from "../jobs/file-transcription.js";
import type { JobSlot } from "../jobs/job-slots.js";
import { ServedModels } from "../models/served-models.js";
import { overridesOf, type SessionSettings, withOverrides } from "../settings/session-settings.js";
import { acceptBody } from "./accept-body.js";
import type { AppContext, AppEnv } from "./app-context.js";
import { FieldError } from "./field-error.js";
import { isOurFault } from "./problem.js";
import { type FormFields, receiveUpload, type Upload } from "./upload.js";
import { receiveBody } from "./upload-body.js";

export type Task = "transcribe" | "translate";

/** What a wire asks of a file. What is undefined is the server's own setting. */
export interface FileOrder {
  task: Task;
  /** Name of a model. @default the model of the finals */
  model?: string | undefined;
  /** Whisper's code or `auto`. */
  language?: string | undefined;
  /** The languages among which `auto` decides. */
  languages?: string[] | undefined;
  prompt?: string | undefined;
  /** Names and terms to expect, beside those of the server's settings. */
  keywords?: readonly string[];
  /** 0..1 */
  temperature: number;
  /** With times of words. */
  words: boolean;
  /** What else of the settings is asked for, in the words of the native wire. */
  session?: SessionOptions;
}

/** How a wire names its fields, for whoever sent a wrong one. */
export interface FieldNames {
  file: string;
  model: string;
  task: string;
  words: string;
}

/** Opens a file as 16 kHz mono samples in [-1, 1]. */
export type OpenAudio = (
  path: string,
  limits: DecodingLimits,
  signal: AbortSignal,
) => Promise<AsyncIterable<Float32Array>>;

/** How a wire reads a file, where it is not as usual. */
export interface FileReading {
  /** @default by what the file contains */
  open?: OpenAudio | undefined;
  /** Audio behind this is left alone, milliseconds. @default all of it is read */
  mostMs?: number;
}

/** Most utterances of one file that wait for lanes or run. */
const MAX_IN_FLIGHT = 4;

/**
 * One request with a file, on whichever wire: its place among the jobs, the upload, the decoding, and what is undone in the end.
 * Whoever makes one calls {@link done}, also after a failure.
 */
export class FileJob {
  readonly #request: Context<AppEnv>;
  readonly #context: AppContext;
  readonly #names: FieldNames;
  readonly #slot: JobSlot;
  #upload: Upload | undefined;
  #transcription: FileTranscription | undefined;
  #isDone = false;

  /** @throws SttError `capacity` when there is no place. */
  constructor(request: Context<AppEnv>, context: AppContext, names: FieldNames) {
    this.#request = request;
    this.#context = context;
    this.#names = names;
    this.#slot = context.jobs.take();
    request.env.outgoing.once("close", this.#onClose);
  }

  /** @throws SttError as {@link receiveUpload}; FieldError when there is no file. */
  async receive(): Promise<FormFields> {
    const { env } = this.#request;
    this.#upload = await receiveUpload(env.incoming, {
      file: this.#names.file,
      maxBytes: this.#context.config.maxUploadBytes,
      signal: this.#slot.signal,
      onAccept: () => acceptBody(env),
    });
    return this.#upload.fields;
  }

  /**
   * Receives the audio where it is the whole body.
   *
   * @returns the SHA-256 of its bytes, in hexadecimal
   * @throws SttError as {@link receiveBody}
   */
  async receiveBody(): Promise<string> {
    const { env } = this.#request;
    const upload = await receiveBody(env.incoming, {
      file: this.#names.file,
      maxBytes: this.#context.config.maxUploadBytes,
      signal: this.#slot.signal,
      onAccept: () => acceptBody(env),
    });
    this.#upload = upload;
    return upload.sha256;
  }

  /**
   * Begins to decode. A failure of what is found in the first second of the audio is thrown here, later ones by the utterances.
   *
   * @throws FieldError naming what is wrong; SttError `aborted`, `capacity`.
   */
  async start(order: FileOrder, { open, mostMs }: FileReading = {}): Promise<AsyncGenerator<FileUtterance>> {
    const { signal } = this.#slot;
    const { host, config, log } = this.#context;
    const id = this.#request.var.requestId;
    const path = this.#upload?.path;
    if (path === undefined) {
      const { file } = this.#names;
      throw new FieldError(file, `There is no audio: send it in the field ${file}.`);
    }
    // A server that is closed while its models load would wait for this request, and this request for the models.
    const services = await Promise.race([host.services(), aborted(signal)]);
    const engine = this.#engineFor(new ServedModels(services), order, services.finalEngine);
    const limits = { maxDurationMs: config.maxUploadDurationMs };
    const onComplaint = (words: string) => log.info({ request: id, words }, "ffmpeg refused a file");
    const opening = open ? open(path, limits, signal) : openAudioFile(path, limits, signal, onComplaint);
    const audio = await this.#started(opening, mostMs);
    const inFlight = Math.min(services.scheduler.lanes, MAX_IN_FLIGHT);
    const settings = fileSettings(host.defaults(), order);
    this.#transcription = new FileTranscription(services, { id, engine, settings, inFlight });
    return this.#transcription.run(audio, signal);
  }

  /** Of the file that was started. */
  get transcription(): FileTranscription {
    if (!this.#transcription) throw new SttError("invalid_state", "The file was not started.");
    return this.#transcription;
  }

  /** Ends whatever of it still runs, such as a decoder that nobody reads, and gives everything back. Idempotent. */
  async done(): Promise<void> {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#context.host.addAudio(this.#request.var.principal.name, this.#transcription?.durationMs ?? 0);
    this.#slot.abort(new SttError("aborted", "The request is over."));
    await this.#upload?.dispose();
    this.#request.env.outgoing.off("close", this.#onClose);
    this.#slot.release();
  }

  readonly #onClose = () => {
    if (!this.#request.env.outgoing.writableFinished) {
      this.#slot.abort(new SttError("aborted", "The client went away."));
    }
  };

  #engineFor(models: ServedModels, { model, words, task }: FileOrder, usual: TranscriptionEngine): TranscriptionEngine {
    const names = this.#names;
    let engine = usual;
    try {
      if (model !== undefined) engine = models.engine(model);
    } catch (error) {
      if (isSttError(error)) throw new FieldError(names.model, error.message, error.code);
      throw error;
    }
    const { capabilities } = engine.info;
    if (task === "translate" && !capabilities.translation) {
      throw new FieldError(names.task, `The model ${engine.info.model} cannot translate, it only transcribes.`);
    }
    if (words && !capabilities.wordTimestamps) {
      throw new FieldError(names.words, `The model ${engine.info.model} gives no times of words.`);
    }
    return engine;
  }

  /**
   * The audio of a file whose first second was decoded: what is wrong with a file mostly shows by then. Whatever the decoders
   * have against it is about the field of the file.
   */
  async #started(
    opening: Promise<AsyncIterable<Float32Array>>,
    mostMs = Number.POSITIVE_INFINITY,
  ): Promise<AsyncIterable<Float32Array>> {
    try {
      const pieces = (await opening)[Symbol.asyncIterator]();
      const first = await pieces.next();
      return this.#continued(first, pieces, mostMs);
    } catch (error) {
      throw this.#aboutFile(error);
    }
  }

  async *#continued(
    first: IteratorResult<Float32Array>,
    pieces: AsyncIterator<Float32Array>,
    mostMs: number,
  ): AsyncGenerator<Float32Array> {
    let left = (mostMs * ENGINE_SAMPLE_RATE) / 1000;
    try {
      for (let next = first; !next.done && left > 0; next = await pieces.next()) {
        left -= next.value.length;
        yield next.value;
      }
    } catch (error) {
      throw this.#aboutFile(error);
    } finally {
      await pieces.return?.();
    }
  }

  #aboutFile(error: unknown): unknown {
    if (!isSttError(error) || error.code === "aborted" || isOurFault(error.code)) return error;
    return new FieldError(this.#names.file, error.message, error.code, error);
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = () => reject(abortError(signal.reason));
    if (signal.aborted) fail();
    else signal.addEventListener("abort", fail, { once: true });
  });
}

function fileSettings(base: SessionSettings, order: FileOrder): SessionSettings {
  const settings = {
    ...base,
    task: order.task,
    language: order.language ?? base.language,
    languages: order.languages ?? base.languages,
    prompt: order.prompt ?? base.prompt,
    vocabulary: vocabularyOf(order.keywords ?? [], base.vocabulary),
    temperature: order.temperature,
    words: order.words,
    silenceMs: Math.min(base.silenceMs, FILE_ENDPOINTING.silenceMs),
    minUtteranceMs: Math.min(base.minUtteranceMs, FILE_ENDPOINTING.minUtteranceMs),
    adaptiveEndpointing: false,
    // Nobody obeys them in a file: they stay words.
    commands: false,
  };
  return withOverrides(settings, overridesOf(order.session ?? {}));
}
