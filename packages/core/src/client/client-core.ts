/** The state behind a client: one recording at most, one link, one status derived from both. */
import type { AudioFormat } from "../audio/source.js";
import { isSttError, messageOf, SttError } from "../errors.js";
import { CloseCode } from "../protocol/close-codes.js";
import type { ServerMessageOf, SessionOptions } from "../protocol/messages.js";
import { createTranscriptStore, type TranscriptStore } from "../transcript/store.js";
import { ClientView } from "./client-view.js";
import type { Connection, SessionMessage } from "./connection/connection.js";
import type { ConnectionLoss } from "./connection/connection-loss.js";
import { Link, type LinkHandlers, type Retry } from "./connection/link.js";
import { Waiters } from "./deferred.js";
import { deriveStatus } from "./derive-status.js";
import { EventHub } from "./events/event-hub.js";
import type { ResolvedClientOptions } from "./options.js";
import { ProgressTimer } from "./progress-timer.js";
import { Recording } from "./recording/recording.js";
import { serverInfoOf } from "./snapshot.js";
import type { TextMessage } from "./text/recording-text.js";

/** A warning per chunk of lost audio would drown everything else, milliseconds. */
const LOSS_WARNING_MS = 1000;

export class ClientCore implements LinkHandlers {
  readonly hub = new EventHub();
  readonly transcript: TranscriptStore = createTranscriptStore();
  readonly view: ClientView;
  readonly #link: Link;
  readonly #openWaiters = new Waiters();
  readonly #stopTimer: ProgressTimer;
  #recording: Recording | undefined;
  /** What the next `start` message says. */
  #session: SessionOptions;
  #isClosed = false;

  constructor(readonly options: ResolvedClientOptions) {
    this.#session = options.session;
    this.#link = new Link(options, this);
    this.view = new ClientView(
      this.transcript,
      () => ({ isSpeaking: this.#recording?.isSpeaking ?? false, retry: this.#link.retry }),
      (error) => this.hub.callbackFailed("A listener of subscribe", error),
    );
    this.#stopTimer = new ProgressTimer(options.clock, options.stopTimeoutMs, () => this.#stopTimedOut());
  }

  // What the public client asks for.

  /** The running recording, if there is one. */
  get recording(): Recording | undefined {
    return this.#recording;
  }

  /** For good. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Opens a connection without a recording. */
  connect(): Promise<void> {
    if (this.#link.isOpen) return Promise.resolve();
    const opened = this.#openWaiters.add();
    if (!this.#link.isActive) this.#link.begin();
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
      onGap: () => this.#link.move(0, new SttError("buffer_overflow", "The network is slower than the audio.")),
      onAudio: () => this.#onAudio(recording),
      onSourceAvailable: (available) => {
        if (recording === this.#recording) this.pause(recording, !available, "source");
      },
      onSourceEnd: (error) => this.#onSourceEnd(recording, error),
      onCloseFailed: (error) => this.hub.callbackFailed("The source's close", error),
    });
    this.#recording = recording;
    this.view.failure = null;
    this.#link.begin();
    if (this.#link.isOpen) this.#startSession(recording);
    this.#sync();
    return recording;
  }

  stop(recording: Recording, drain: boolean | undefined): Promise<string> {
    if (recording === this.#recording) {
      recording.stop(drain, () => this.#onDrained(recording));
      if (recording === this.#recording) this.#stopTimer.restart();
      this.#sync();
    }
    return recording.outcome.promise;
  }

  pause(recording: Recording, paused: boolean, by: "user" | "source"): void {
    if (!recording.setPaused(paused, by)) return;
    if (!paused) this.#link.wake();
    this.#sync();
  }

  /** Drops the utterance being spoken, here at once and on the server in its place. */
  cancelUtterance(recording: Recording): void {
    const speaking = recording.cancelUtterance();
    const segment = this.transcript.getSnapshot().segments.at(-1);
    if (segment?.state === "partial" && segment.utterance === speaking) this.transcript.remove(segment.id);
    this.view.changed();
  }

  /** Changes options of the session, now if one runs, and of the next ones. */
  update(options: SessionOptions): void {
    this.#session = { ...this.#session, ...options };
    this.#link.send({ type: "update", ...options });
  }

  /** Undoes what was begun, without a failure. */
  abandon(error: SttError): void {
    void this.#release(error);
    this.#link.drop();
    this.#sync();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const released = this.#release(new SttError("aborted", "The client was closed."));
    this.#link.close(CloseCode.NORMAL, "closed");
    this.#sync();
    this.hub.endIterations();
    await released;
  }

  // What the link asks and reports.

  get resumes(): string | undefined {
    return this.#recording?.sessionId;
  }

  open(): void {
    if (this.#recording) this.#startSession(this.#recording);
    else this.#link.establish();
    this.#openWaiters.resolve();
    this.#sync();
  }

  ready(message: ServerMessageOf<"ready">, connection: Connection): void {
    const recording = this.#recording;
    if (!recording) return;
    const resumed = recording.wasReady;
    recording.onReady(message);
    this.#link.establish();
    this.view.server = serverInfoOf(connection.url, message);
    const event = { ...message, resumed };
    this.transcript.dispatch(event);
    this.#sync();
    this.hub.emit(event);
    recording.attach(connection, message);
  }

  message(message: SessionMessage): void {
    const recording = this.#recording;
    if (!recording) return;
    switch (message.type) {
      case "ack":
        recording.onAck(message);
        this.#progress(recording);
        this.#migrateAtPause(recording);
        return;
      case "speech_start":
      case "speech_end":
      case "partial":
      case "final":
      case "discarded":
        this.#onText(recording, message);
        return;
      case "warning":
        this.hub.emit(message);
        return;
      case "error":
        // A fatal one comes back with the close code, which decides whether it ends the recording.
        if (!message.fatal) this.hub.emit(message);
        return;
      case "goaway":
        this.#link.requestMigration(message.resumeWithinMs, recording.isBetweenUtterances);
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

  detached(): void {
    this.#recording?.detach();
  }

  dropped(loss: ConnectionLoss): boolean {
    const recording = this.#recording;
    if (!recording) {
      if (this.#openWaiters.size > 0) return true;
      this.#link.drop();
      this.#sync();
      return false;
    }
    if (recording.isStopping && recording.isComplete) {
      this.#finish(recording);
      return false;
    }
    // Nothing to say, nothing to keep open: the next audio wakes the link.
    const rests = recording.isFinalized || recording.isPaused;
    if (recording.wasReady && !recording.isStopping && rests && loss.code === CloseCode.IDLE_TIMEOUT) {
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
    this.#warnOfLoss(recording);
    this.#link.startSession(recording.startMessage(this.#session));
  }

  #onText(recording: Recording, message: TextMessage): void {
    const accepted = recording.onText(message);
    if (message.type === "partial" || (message.type === "final" && accepted)) this.#progress(recording);
    if (!accepted) return;
    if (message.type === "final") this.#link.progress();
    this.transcript.dispatch(accepted);
    this.view.changed();
    this.#tell(accepted);
    if (message.type === "final") this.#migrateAtPause(recording);
  }

  /** A final's commands follow its text; where it has none, a reader sees that the utterance held only commands. */
  #tell(message: TextMessage): void {
    if (message.type !== "final" || !message.commands) {
      this.hub.emit(message);
      return;
    }
    const { utterance, text, commands, startMs: atMs } = message;
    if (text !== "") this.hub.emit(message);
    else this.hub.emit({ type: "discarded", utterance, rule: "command", message: "Only a command was said.", atMs });
    for (const command of commands) this.hub.emit({ type: "command", utterance, ...command });
  }

  #onAudio(recording: Recording): void {
    if (recording !== this.#recording) return;
    if (recording.wasReady) this.#link.wake();
    if (!this.#link.inSession) this.#warnOfLoss(recording, LOSS_WARNING_MS);
  }

  #onSourceEnd(recording: Recording, error: unknown): void {
    if (recording !== this.#recording) return;
    this.hub.emit({ type: "source_end", audioMs: recording.audioMs });
    if (error === undefined || recording !== this.#recording) return;
    void this.stop(recording, false).catch(() => {});
  }

  #onDrained(recording: Recording): void {
    if (recording !== this.#recording) return;
    if (!this.#link.inSession) {
      if (recording.isComplete) {
        this.#finish(recording);
        return;
      }
      if (recording.wasReady) this.#link.wake();
    }
    this.#sync();
  }

  #warnOfLoss(recording: Recording, leastMs?: number): void {
    const warning = recording.takeLoss(leastMs);
    if (warning) this.hub.emit(warning);
  }

  #migrateAtPause(recording: Recording): void {
    if (recording === this.#recording && recording.isBetweenUtterances) this.#link.migrateIfAsked();
  }

  #finish(recording: Recording): void {
    const { sourceError, lostMs } = recording;
    if (sourceError !== undefined) {
      this.#fail(
        isSttError(sourceError)
          ? sourceError
          : new SttError("io_error", `The source failed: ${messageOf(sourceError)}`, { cause: sourceError }),
      );
      return;
    }
    if (lostMs === 0) recording.outcome.resolve(recording.text);
    else recording.outcome.reject(incomplete(lostMs));
    void this.#release(new SttError("aborted", "The recording was stopped."));
    this.#link.close(CloseCode.NORMAL, "done");
    this.#sync();
  }

  #fail(error: SttError): void {
    this.view.failure = error;
    void this.#release(error);
    this.#link.drop();
    this.hub.emit({ type: "error", code: error.code, message: error.message, fatal: true });
    this.#sync();
    if (this.view.failure) this.hub.endIterations();
  }

  /** Lets go of the recording and of everybody who waits. */
  async #release(error: SttError): Promise<void> {
    const recording = this.#recording;
    this.#recording = undefined;
    this.#stopTimer.stop();
    this.#openWaiters.reject(error);
    await recording?.dispose(error);
  }

  #progress(recording: Recording): void {
    if (recording.isStopping && recording === this.#recording) this.#stopTimer.restart();
  }

  #stopTimedOut(): void {
    const message = `The server made no progress for ${this.options.stopTimeoutMs / 1000} s while finishing.`;
    this.#fail(new SttError("timeout", message, { retryable: true }));
  }

  #sync(): void {
    const { status: previous } = this.view;
    const status = deriveStatus({
      closed: this.#isClosed,
      failed: this.view.failure !== null,
      recording: this.#recording,
      link: this.#link,
    });
    this.view.status = status;
    this.view.changed();
    if (status !== previous) this.hub.emit({ type: "status", status, previous });
  }
}

/** The recording has ended well, but not with all that was said. */
function incomplete(lostMs: number): SttError {
  const seconds = (lostMs / 1000).toFixed(1);
  return new SttError(
    "buffer_overflow",
    `${seconds} s of audio were given up, because no server took them within maxReplayMs; the text of the rest is in the transcript.`,
  );
}
