/** The client: one object that turns audio into text, whatever happens to the network in between. */
import type { AudioSource } from "../audio/source.js";
import { abortError, SttError } from "../errors.js";
import type { SessionOptions } from "../protocol/messages.js";
import type { TranscriptStore } from "../transcript/store.js";
import { ClientCore } from "./client-core.js";
import type { SocketFactory } from "./connection/socket.js";
import { abortable } from "./deferred.js";
import type { ClientEvent, ClientEventMap } from "./events/events.js";
import { pickSessionOptions, resolveClientOptions, type SttClientOptions } from "./options.js";
import { paced } from "./recording/pace.js";
import type { Recording } from "./recording/recording.js";
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
   * @throws SttError `connection_failed`, `timeout`, `unauthorized`, `capacity`, `aborted`
   */
  async connect(options: Abortable = {}): Promise<void> {
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
   * @throws SttError `invalid_state` while a recording runs; else as `connect`
   */
  async start(source?: AudioSource, options: StartOptions = {}): Promise<void> {
    await this.#begin(source, options);
  }

  /**
   * A whole source to text: `start`, its end, `stop`.
   *
   * @returns the text of all finals
   */
  async transcribe(source: AudioSource, options: StartOptions = {}): Promise<string> {
    const recording = await this.#begin(source, options);
    return this.#finishRecording(recording, { ...options, drain: true });
  }

  /**
   * Takes PCM of the format in `options.audio`, in whole sample frames; the bytes are copied. Never waits: what cannot be
   * sent yet is kept, within `maxReplayMs`.
   *
   * @throws SttError `invalid_state` without a recording or when it has a source, `invalid_argument` for half a sample
   */
  push(pcm: Uint8Array): void {
    const recording = this.#requireRecording("push");
    if (recording.hasSource || recording.stopping) {
      throw new SttError("invalid_state", "push needs a recording that was started without a source and not stopped.");
    }
    recording.accept(pcm);
  }

  /**
   * Ends the recording: the rest of the audio goes out, the last finals come in. Calling it again returns the
   * same result, and with `drain: false` cuts a file short that an earlier call let run on.
   *
   * @returns the text of this recording's finals; empty when there was no recording
   * @throws SttError `timeout` without progress for `stopTimeoutMs`; `aborted`; or what the recording failed of
   */
  async stop(options: StopOptions = {}): Promise<string> {
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
    const recording = this.#requireRecording("finalize");
    recording.outbox.mark({ type: "finalize" });
    recording.sender.pump();
  }

  /** Drops the current utterance: there will be no final for it. */
  cancel(): void {
    this.#core.cancelUtterance(this.#requireRecording("cancel"));
  }

  /** Changes options from the next utterance on, and for later recordings. */
  update(options: SessionOptions): void {
    this.#assertUsable();
    const picked = pickSessionOptions(options);
    this.#core.session = { ...this.#core.session, ...picked };
    const { connection } = this.#core.link;
    if (connection?.inSession) connection.send({ type: "update", ...picked });
  }

  /** Ends everything at once; pending calls reject with `aborted`. Idempotent. For the last text, `stop` first. */
  close(): Promise<void> {
    return this.#core.close();
  }

  /**
   * Adds a listener; the name `"event"` hears everything.
   *
   * @returns a function that removes it
   */
  on<T extends keyof ClientEventMap>(type: T, listener: ClientEventMap[T]): () => void {
    return this.#core.hub.on(type, listener);
  }

  /**
   * All events from now on, for `for await`. Ends when the client is closed or fails.
   *
   * @throws SttError `aborted` from within the loop when `signal` fires
   */
  events(options: Abortable = {}): AsyncIterableIterator<ClientEvent> {
    const events = this.#core.hub.iterate(options.signal);
    if (this.#core.closed) void events.return?.();
    return events;
  }

  /** Calls `listener` whenever {@link getSnapshot} would return something new. @returns a function that ends it */
  readonly subscribe = (listener: () => void): (() => void) => this.#core.view.subscribe(listener);

  /** The present state; the same object until something changes. */
  readonly getSnapshot = (): ClientSnapshot => this.#core.view.getSnapshot();

  async #begin(source: AudioSource | undefined, options: StartOptions): Promise<Recording> {
    const core = this.#core;
    const { signal } = options;
    try {
      this.#assertUsable();
      if (core.recording) throw new SttError("invalid_state", "A recording is running already: stop it first.");
      if (signal?.aborted) throw abortError(signal.reason);
    } catch (error) {
      await source?.close();
      throw error;
    }
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

  #requireRecording(call: string): Recording {
    this.#assertUsable();
    const { recording } = this.#core;
    if (!recording) throw new SttError("invalid_state", `${call} needs a recording: call start first.`);
    return recording;
  }

  #assertUsable(): void {
    if (this.#core.closed) throw new SttError("invalid_state", "The client is closed: make another one.");
  }
}
