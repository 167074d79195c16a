/** The state behind a client: one recording at most, one link, one status derived from both. */
import type { AudioFormat } from "../audio/source.js";
import { isSttError, messageOf, SttError } from "../errors.js";
import { CloseCode } from "../protocol/close-codes.js";
import type { ServerMessageOf, SessionOptions } from "../protocol/messages.js";
import { createTranscriptStore, type TranscriptStore } from "../transcript/store.js";
import { ClientView } from "./client-view.js";
import type { SessionMessage } from "./connection/connection.js";
import type { ConnectionLoss } from "./connection/connection-loss.js";
import { Link, type LinkHandlers, type Retry } from "./connection/link.js";
import { Departure } from "./connection/server-migration.js";
import { Waiters } from "./deferred.js";
import { deriveStatus } from "./derive-status.js";
import { EventHub } from "./events/event-hub.js";
import { lostAudioWarning } from "./lost-audio.js";
import type { ResolvedClientOptions } from "./options.js";
import { ProgressTimer } from "./progress-timer.js";
import { Recording } from "./recording/recording.js";
import { serverInfoOf } from "./snapshot.js";

export class ClientCore implements LinkHandlers {
  readonly hub = new EventHub();
  readonly transcript: TranscriptStore = createTranscriptStore();
  readonly link: Link;
  recording: Recording | undefined;
  /** What the next `start` message says. */
  session: SessionOptions;
  closed = false;
  readonly view: ClientView;
  readonly #openWaiters = new Waiters();
  readonly #stopTimer: ProgressTimer;
  readonly #departure: Departure;

  constructor(readonly options: ResolvedClientOptions) {
    this.session = options.session;
    this.link = new Link(options, this);
    this.view = new ClientView(this.transcript, () => this.link.retry);
    this.#stopTimer = new ProgressTimer(options.clock, options.stopTimeoutMs, () => this.#stopTimedOut());
    this.#departure = new Departure(options.clock, (withinMs) => {
      const reason = new SttError("connection_failed", "The server asked to move.", { retryable: true });
      if (this.recording) this.#leave(this.recording, withinMs, reason);
    });
  }

  // What the public client asks for.

  /** Opens a connection without a recording. */
  connect(): Promise<void> {
    if (this.link.connection?.isOpen) return Promise.resolve();
    const opened = this.#openWaiters.add();
    if (!this.link.active) this.link.begin();
    this.view.failure = null;
    this.#sync();
    return opened;
  }

  begin(format: AudioFormat): Recording {
    const { clock, maxReplayMs, warmUpMs, maxBufferedBytes } = this.options;
    const recording = new Recording(format, {
      clock,
      maxReplayMs,
      warmUpMs,
      maxBufferedBytes,
      onGap: () => this.#leave(recording, 0, new SttError("buffer_overflow", "The network is slower than the audio.")),
      onAudio: () => this.#onAudio(recording),
      onSourceAvailable: (available) => {
        if (recording === this.recording) this.pause(recording, !available, "source");
      },
      onSourceEnd: (error) => this.#onSourceEnd(recording, error),
    });
    this.recording = recording;
    this.view.failure = null;
    this.link.begin();
    if (this.link.connection?.isOpen) this.#startSession(recording);
    this.#sync();
    return recording;
  }

  stop(recording: Recording, drain: boolean | undefined): Promise<string> {
    if (recording === this.recording) {
      recording.stop(drain, () => this.#onDrained(recording));
      if (recording === this.recording) this.#stopTimer.restart();
      this.#sync();
    }
    return recording.outcome.promise;
  }

  pause(recording: Recording, paused: boolean, by: "user" | "source"): void {
    if (!recording.setPaused(paused, by)) return;
    if (!paused) this.link.wake();
    this.#sync();
  }

  /** Drops the utterance being spoken, here at once and on the server in its place. */
  cancelUtterance(recording: Recording): void {
    recording.outbox.mark({ type: "cancel" });
    recording.sender.pump();
    const { speaking } = this.view;
    recording.openUtterance.forget();
    this.view.speaking = undefined;
    const segment = this.transcript.getSnapshot().segments.at(-1);
    if (segment?.state === "partial" && segment.utterance === speaking) this.transcript.remove(segment.id);
    this.view.changed();
  }

  /** Undoes what was begun, without a failure. */
  abandon(error: SttError): void {
    void this.#release(error);
    this.link.drop();
    this.#sync();
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    const released = this.#release(new SttError("aborted", "The client was closed."));
    this.link.close(CloseCode.NORMAL, "closed");
    this.#sync();
    this.hub.endIterations();
    await released;
  }

  // What the link asks and reports.

  get resumes(): string | undefined {
    return this.recording?.sessionId;
  }

  open(): void {
    const { recording } = this;
    if (recording) this.#startSession(recording);
    else this.link.establish();
    this.#openWaiters.resolve();
    this.#sync();
  }

  ready(message: ServerMessageOf<"ready">): void {
    const { recording } = this;
    const { connection } = this.link;
    if (!recording || !connection) return;
    const resumed = recording.everReady;
    recording.onReady(message);
    this.link.establish();
    this.view.server = serverInfoOf(connection.url, message);
    const event = { ...message, resumed };
    this.transcript.dispatch(event);
    this.#sync();
    this.hub.emit(event);
    recording.sender.attach(connection, message);
  }

  message(message: SessionMessage): void {
    const { recording } = this;
    if (!recording) return;
    switch (message.type) {
      case "ack":
        recording.onAck(message);
        this.#progress(recording);
        recording.sender.acknowledged(message.receivedSamples);
        this.#departIfPause(recording);
        return;
      case "final":
        if (!recording.onFinal(message)) return;
        this.link.progress();
        this.#progress(recording);
        if (this.view.speaking === message.utterance) this.view.speaking = undefined;
        this.#deliver(recording.timeline.localize(message));
        this.#departIfPause(recording);
        return;
      case "partial": {
        const partial = recording.onPartial(message);
        if (partial) this.#deliver(recording.timeline.localize(partial));
        this.#progress(recording);
        return;
      }
      case "speech_start":
      case "speech_end":
        if (message.utterance < recording.nextUtterance) return;
        recording.openUtterance.heard(message);
        this.view.speaking = message.type === "speech_start" ? message.utterance : undefined;
        this.#deliver(recording.timeline.localize(message));
        return;
      case "warning":
        this.hub.emit(message);
        return;
      case "error":
        // A fatal one comes back with the close code, which decides whether it ends the recording.
        if (!message.fatal) this.hub.emit(message);
        return;
      case "goaway":
        this.#departure.ask(message.resumeWithinMs, recording.isPause);
        return;
      case "end":
        this.hub.emit(message);
        this.#finish(recording);
        return;
      default:
        message satisfies never;
    }
  }

  latency(latencyMs: number): void {
    this.view.latencyMs = latencyMs;
    this.view.changed();
    this.hub.emit({ type: "latency", latencyMs });
  }

  dropped(loss: ConnectionLoss): boolean {
    const { recording } = this;
    if (!recording) {
      if (this.#openWaiters.size > 0) return true;
      this.link.drop();
      this.#sync();
      return false;
    }
    this.#disconnected(recording);
    if (recording.stopping && recording.complete) {
      this.#finish(recording);
      return false;
    }
    // Nothing to say, nothing to keep open: the next audio wakes the link.
    const rests = recording.outbox.allFinalized || recording.paused;
    if (recording.everReady && !recording.stopping && rests && loss.code === CloseCode.IDLE_TIMEOUT) {
      this.#sync();
      return false;
    }
    return true;
  }

  retrying(retry: Retry, reason: SttError): void {
    this.#sync();
    const { attempt, delayMs } = retry;
    this.hub.emit({ type: "reconnecting", attempt, delayMs, code: reason.code, message: reason.message });
  }

  gaveUp(error: SttError): void {
    this.#fail(error);
  }

  // Within.

  #startSession(recording: Recording): void {
    this.#reportLost(recording);
    this.link.connection?.start(recording.startMessage(this.session));
  }

  #onAudio(recording: Recording): void {
    if (recording !== this.recording) return;
    if (recording.everReady) this.link.wake();
    if (this.link.connection?.inSession) return;
    // In whole seconds: a warning per chunk would drown everything else.
    if (recording.outbox.lostSamples >= recording.format.sampleRate) this.#reportLost(recording);
  }

  #onSourceEnd(recording: Recording, error: unknown): void {
    if (recording !== this.recording) return;
    this.hub.emit({ type: "source_end", audioMs: recording.audioMs });
    if (error === undefined || recording !== this.recording) return;
    void this.stop(recording, false).catch(() => {});
  }

  #onDrained(recording: Recording): void {
    if (recording !== this.recording) return;
    if (!this.link.connection?.inSession) {
      if (recording.complete) {
        this.#finish(recording);
        return;
      }
      if (recording.everReady) this.link.wake();
    }
    this.#sync();
  }

  #reportLost(recording: Recording): void {
    const warning = lostAudioWarning(recording.outbox);
    if (warning) this.hub.emit(warning);
  }

  #deliver(message: ServerMessageOf<"speech_start" | "speech_end" | "partial" | "final">): void {
    this.transcript.dispatch(message);
    this.view.changed();
    this.hub.emit(message);
  }

  #departIfPause(recording: Recording): void {
    if (recording === this.recording && recording.isPause) this.#departure.pause();
  }

  /** On to the next server; `withinMs` bounds the delay. */
  #leave(recording: Recording, withinMs: number, reason: SttError): void {
    this.#disconnected(recording);
    this.link.move(withinMs, reason);
  }

  #disconnected(recording: Recording): void {
    recording.sender.detach();
    recording.openUtterance.forget();
    this.#departure.cancel();
    this.view.speaking = undefined;
  }

  #finish(recording: Recording): void {
    const { sourceError, text } = recording;
    if (sourceError !== undefined) {
      this.#fail(
        isSttError(sourceError)
          ? sourceError
          : new SttError("io_error", messageOf(sourceError), { cause: sourceError }),
      );
      return;
    }
    recording.outcome.resolve(text);
    void this.#release(new SttError("aborted", "The recording was stopped."));
    this.link.close(CloseCode.NORMAL, "done");
    this.#sync();
  }

  #fail(error: SttError): void {
    this.view.failure = error;
    void this.#release(error);
    this.link.drop();
    this.hub.emit({ type: "error", code: error.code, message: error.message, fatal: true });
    this.#sync();
    if (this.view.failure) this.hub.endIterations();
  }

  /** Lets go of the recording and of everybody who waits. */
  async #release(error: SttError): Promise<void> {
    const { recording } = this;
    this.recording = undefined;
    this.view.speaking = undefined;
    this.#departure.cancel();
    this.#stopTimer.stop();
    this.#openWaiters.reject(error);
    await recording?.dispose(error);
  }

  #progress(recording: Recording): void {
    if (recording.stopping && recording === this.recording) this.#stopTimer.restart();
  }

  #stopTimedOut(): void {
    const message = `The server made no progress for ${this.options.stopTimeoutMs / 1000} s while finishing.`;
    this.#fail(new SttError("timeout", message, { retryable: true }));
  }

  #sync(): void {
    const { status: previous } = this.view;
    const { closed, recording, link } = this;
    const status = deriveStatus({ closed, failed: this.view.failure !== null, recording, link });
    this.view.status = status;
    this.view.changed();
    if (status !== previous) this.hub.emit({ type: "status", status, previous });
  }
}
