/** The client: one object that turns audio into text, whatever happens to the network in between. */

import type { AudioSource } from "../audio/source.js";
import {
  abortSignal,
  bytesOf,
  callback,
  checkArgument,
  checkOptions,
  checkSource,
  type OptionShape,
  SESSION_SHAPE,
} from "../callers/arguments.js";
import { flag, oneOf } from "../callers/fields.js";
import { abortError, SttError } from "../errors.js";
import type { SessionOptions } from "../protocol/messages.js";
import type { TranscriptStore } from "../transcript/store.js";
import { ClientCore } from "./client-core.js";
import type { SocketFactory } from "./connection/socket.js";
import { abortable } from "./deferred.js";
import { CLIENT_EVENT_NAMES, type ClientEvent, type ClientEventMap } from "./events/events.js";
import { pickSessionOptions, resolveClientOptions, type SttClientOptions } from "./options.js";
import { paced } from "./recording/pace.js";
import { closeSource, type Recording } from "./recording/recording.js";
import type { ClientSnapshot } from "./snapshot.js";

/** Every async call takes a signal; when it fires, the call rejects with `aborted` and what it began is undone. */
export interface Abortable {
  signal?: AbortSignal;
}

export interface StartOptions extends Abortable {
  /** 1: a file goes out at the speed of speech; 0: as fast as the server takes it. No effect on live sources. @default 0 */
  pace?: 0 | 1;
  /** A live source is never held up; any other is pulled only as fast as it can be sent. @default true unless `durationMs` is known */
  live?: boolean;
}

export interface StopOptions extends Abortable {
  /** Let the source run to its end first. @default true for files, false for live sources */
  drain?: boolean;
}

const ABORTABLE: OptionShape<Abortable> = { signal: abortSignal };
const START_OPTIONS: OptionShape<StartOptions> = { ...ABORTABLE, pace: oneOf(0, 1), live: flag };
const STOP_OPTIONS: OptionShape<StopOptions> = { ...ABORTABLE, drain: flag };
const EVENT_NAME = oneOf(...CLIENT_EVENT_NAMES);

/**
 * Streams audio to a server and delivers text.
 *
 * One recording lasts from `start` to `stop`; a client makes any number of them, one after the other. The connection may break
 * at any moment within one: audio is kept until its final has arrived and is replayed, so no final is lost or repeated.
 *
 * @example
 * const client = createSttClient({ url: "ws://localhost:8012", language: "en" });
 * client.on("final", (event) => console.log(event.text));
 * await client.start(microphone());
 * const text = await client.stop();
 */
export class SttClient {
  readonly #core: ClientCore;

  constructor(options: SttClientOptions & { socketFactory: SocketFactory }) {
    this.#core = new ClientCore(resolveClientOptions(options));
  }

  /** The transcript over all recordings: `clear`, `undo`, `remove`. Its text is part of the snapshot too. */
  get transcript(): TranscriptStore {
    return this.#core.transcript;
  }

  /**
   * Opens a connection ahead of `start`, to learn early whether the server can be reached.
   *
   * @throws SttError `connection_failed`, `timeout`, `unauthorized`, `capacity`, `aborted`, `invalid_argument`
   */
  async connect(options: Abortable = {}): Promise<void> {
    checkOptions("connect", options, ABORTABLE);
    this.#assertUsable();
    const core = this.#core;
    if (core.recording) return;
    await abortable(core.connect(), options.signal, () => {
      if (!core.recording) core.abandon(abortError(options.signal?.reason));
    });
  }

  /**
   * Begins a recording; resolves when the server is ready for it. A live source is captured from this very call on, so that
   * nothing said while connecting is lost. Without a source, audio comes from {@link push}. The source is closed with the
   * recording.
   *
   * @throws SttError `invalid_state` while a recording runs; `invalid_argument` for what is no source; `io_error`, or an SttError of
   * its own, when the source fails; else as `connect`
   */
  async start(source?: AudioSource, options: StartOptions = {}): Promise<void> {
    await this.#begin("start", source, options);
  }

  /**
   * A whole source to text: `start`, its end, `stop`.
   *
   * @returns the text of all finals
   */
  async transcribe(source: AudioSource, options: StartOptions = {}): Promise<string> {
    const recording = await this.#begin("transcribe", source, options);
    return this.#finishRecording(recording, { ...options, drain: true });
  }

  /**
   * Takes PCM of the format in `options.audio`, in whole sample frames; the bytes are copied. Never waits: what cannot be
   * sent yet is kept, up to `maxReplayMs`. Beyond that it is refused, for something would be lost: wait for {@link drained}.
   *
   * @param pcm little-endian bytes in any view of an ArrayBuffer: a Uint8Array, a Buffer, an Int16Array
   * @throws SttError `invalid_argument` for anything else, and for half a sample; `buffer_overflow` when there is no room, of which
   * nothing was taken; `invalid_state` without a recording, when it has a source, or after `stop`
   */
  push(pcm: ArrayBufferView): void {
    const bytes = bytesOf(pcm, "What push got");
    this.#requirePushed("push").push(bytes);
  }

  /**
   * Resolves when the server has been given all that was pushed, so that there is room for more. While the connection is away or the
   * recording is paused, it waits.
   *
   * @example for (const chunk of chunks) { client.push(chunk); await client.drained(); }
   * @throws SttError `invalid_state` as `push`; `aborted`; or what the recording failed of
   */
  async drained(options: Abortable = {}): Promise<void> {
    checkOptions("drained", options, ABORTABLE);
    const recording = this.#requirePushed("drained");
    const over = recording.outcome.promise.then(() => {});
    await abortable(Promise.race([over, recording.drained()]), options.signal, () => {});
  }

  /**
   * Ends the recording: the rest of the audio goes out, the last finals come in. Calling it again returns the
   * same result, and with `drain: false` cuts a file short that an earlier call let run on.
   *
   * @returns the text of this recording's finals; empty when there was no recording
   * @throws SttError `buffer_overflow` when audio was given up: the finals of the rest are in the {@link transcript}; `timeout` without
   * progress for `stopTimeoutMs`; `aborted`; or what the recording failed of
   */
  async stop(options: StopOptions = {}): Promise<string> {
    checkOptions("stop", options, STOP_OPTIONS);
    this.#assertUsable();
    const { recording } = this.#core;
    if (recording) return this.#finishRecording(recording, options);
    const { error } = this.#core.view.getSnapshot();
    if (error) throw error;
    return "";
  }

  /** Stops taking audio but keeps the recording; what was said so far is finalised. */
  pause(): void {
    this.#core.pause(this.#requireRecording("pause"), true, "user");
  }

  /** Takes audio again after {@link pause}. */
  resume(): void {
    this.#core.pause(this.#requireRecording("resume"), false, "user");
  }

  /** Ends the current utterance now. */
  finalize(): void {
    this.#requireRecording("finalize").finalize();
  }

  /** Drops the current utterance: there will be no final for it. */
  cancel(): void {
    this.#core.cancelUtterance(this.#requireRecording("cancel"));
  }

  /** Changes options from the next utterance on, and for later recordings. @throws SttError `invalid_argument` */
  update(options: SessionOptions): void {
    checkOptions("update", options, SESSION_SHAPE);
    this.#assertUsable();
    this.#core.update(pickSessionOptions(options));
  }

  /** Ends everything at once; pending calls reject with `aborted`. Idempotent. For the last text, `stop` first. */
  close(): Promise<void> {
    return this.#core.close();
  }

  /**
   * Adds a listener; the name `"event"` hears everything. What it throws disturbs nothing: it is told as an `error` event with the
   * code `callback_failed`, and where nobody listens for errors, in the console.
   *
   * @returns a function that removes it
   * @throws SttError `invalid_argument` for a name that no event has
   */
  on<T extends keyof ClientEventMap>(type: T, listener: ClientEventMap[T]): () => void {
    checkArgument("on", type, EVENT_NAME);
    checkArgument("on", listener, callback);
    return this.#core.hub.on(type, listener);
  }

  /**
   * All events from now on, for `for await`. Ends when the client is closed or fails.
   *
   * @throws SttError `aborted` from within the loop when `signal` fires
   */
  events(options: Abortable = {}): AsyncIterableIterator<ClientEvent> {
    checkOptions("events", options, ABORTABLE);
    const events = this.#core.hub.iterate(options.signal);
    if (this.#core.isClosed) void events.return?.();
    return events;
  }

  /** Calls `listener` whenever {@link getSnapshot} would return something new. @returns a function that ends it */
  readonly subscribe = (listener: () => void): (() => void) => {
    checkArgument("subscribe", listener, callback);
    return this.#core.view.subscribe(listener);
  };

  /** The present state; the same object until something changes. */
  readonly getSnapshot = (): ClientSnapshot => this.#core.view.getSnapshot();

  async #begin(call: string, source: AudioSource | undefined, options: StartOptions): Promise<Recording> {
    const core = this.#core;
    try {
      if (source !== undefined || call === "transcribe") checkSource(call, source);
      checkOptions(call, options, START_OPTIONS);
      this.#assertUsable();
      if (core.recording) throw new SttError("invalid_state", "A recording is running already: stop it first.");
      if (options.signal?.aborted) throw abortError(options.signal.reason);
    } catch (error) {
      void this.#reject(source);
      throw error;
    }
    const { signal } = options;
    const recording = core.begin(source?.format ?? core.options.audio);
    if (source) {
      const finite = !(options.live ?? source.durationMs === undefined);
      recording.take(finite && options.pace === 1 ? paced(source, core.options.clock) : source, finite);
    }
    await abortable(recording.ready.promise, signal, () => this.#abandon(recording, signal));
    return recording;
  }

  #finishRecording(recording: Recording, options: StopOptions): Promise<string> {
    const { signal } = options;
    return abortable(this.#core.stop(recording, options.drain), signal, () => this.#abandon(recording, signal));
  }

  #abandon(recording: Recording, signal: AbortSignal | undefined): void {
    if (this.#core.recording === recording) this.#core.abandon(abortError(signal?.reason));
  }

  /** Closes what was given as a source and is not taken, so that no microphone stays open; also one that is still to come. */
  async #reject(source: unknown): Promise<void> {
    const { clock } = this.#core.options;
    try {
      const given = (await source) as AudioSource | undefined;
      if (typeof given?.close === "function") await closeSource(given, clock, () => {});
    } catch {
      // It is no source, and its caller has been told.
    }
  }

  #requirePushed(call: string): Recording {
    const recording = this.#requireRecording(call);
    if (recording.hasSource || recording.isStopping) {
      throw new SttError(
        "invalid_state",
        `${call} needs a recording that was started without a source and not stopped.`,
      );
    }
    return recording;
  }

  #requireRecording(call: string): Recording {
    this.#assertUsable();
    const { recording } = this.#core;
    if (!recording) throw new SttError("invalid_state", `${call} needs a recording: call start first.`);
    return recording;
  }

  #assertUsable(): void {
    if (this.#core.isClosed) throw new SttError("invalid_state", "The client is closed: make another one.");
  }
}
