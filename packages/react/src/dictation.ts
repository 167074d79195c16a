/** Everything behind `useTranscription` that is not React: a client, a microphone, one state of both. */
import {
  type AudioSource,
  type FileProgress,
  fileSource,
  isMicrophoneError,
  isMicrophoneSupported,
  isSttError,
  type MicrophonePermission,
  type MicrophoneSource,
  microphone,
  type SttClient,
  SttError,
  watchMicrophonePermission,
} from "@stt/client-web";
import { abortError, messageOf } from "@stt/core";
import { callSafely, checkSource, ListenerSet } from "@stt/core/callers";
import { ClientHolder } from "./client-holder.js";
import type { TranscriptionOptions } from "./options.js";
import { IDLE_SNAPSHOT, INITIAL_STATE, isActive, type TranscriptionState } from "./state.js";

/**
 * Opens nothing before `start`. After `release` it holds nothing and may be used again, so it survives effects that React runs
 * twice. What its functions return rejects on failure, as everywhere; but nobody has to catch it, since `error` shows it too.
 */
export class Dictation {
  readonly #holder = new ClientHolder(() => this.#changed());
  readonly #listeners = new ListenerSet();
  #state: TranscriptionState | undefined = INITIAL_STATE;
  #failure: SttError | null = null;
  #reported: SttError | null = null;
  #permission: MicrophonePermission = "unknown";
  #microphone: MicrophoneSource | null = null;
  /** Audio is being opened; fires when it is not wanted any more. */
  #opening: AbortController | undefined;
  /** `stop` was called, and its text has not come yet. */
  #stopping = false;
  /** The client's recording was begun here. */
  #ownsRecording = false;
  /** A recording was begun since mounting: what the user ended does not begin again by itself. */
  #hasStarted = false;
  #fileProgress: FileProgress | null = null;

  /** Takes the options of the latest render. */
  configure(options: TranscriptionOptions): void {
    const { deviceId } = this.#holder.options.microphone ?? {};
    this.#holder.configure(options);
    const wanted = options.microphone?.deviceId;
    // What it may fail of ends the recording, which says so.
    const microphone = this.#microphone;
    if (microphone && wanted !== deviceId)
      callSafely(
        () => microphone.use(wanted),
        () => {},
      );
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    return this.#listeners.add(listener);
  };

  readonly getSnapshot = (): TranscriptionState => {
    this.#state ??= this.#derive();
    return this.#state;
  };

  readonly getServerSnapshot = (): TranscriptionState => INITIAL_STATE;

  /** Follows what the browser tells unasked. @returns a function that ends that, and the recording */
  readonly mount = (): (() => void) => {
    this.#changed();
    const unwatch = watchMicrophonePermission((permission) => {
      this.#setPermission(permission);
      if (permission === "granted") this.#autoStart();
    });
    return () => {
      unwatch();
      this.#release();
      this.#hasStarted = false;
    };
  };

  /** The client in use, for everything that has no function here; made now if there is none yet. Opens nothing. */
  readonly getClient = (): SttClient => this.#holder.get();

  /** Opens the microphone and begins to listen; does nothing while it is on. Resolves when the server is ready. */
  readonly start = (): Promise<void> => quiet(this.#begin());

  /** Ends the recording. @returns its text */
  readonly stop = (): Promise<string> => quiet(this.#finish());

  /** Begins or ends, whichever makes sense. */
  readonly toggle = (): Promise<void> => quiet(this.#turn());

  /** A sound file, or a source of one's own, to text; ends a recording that runs, begins as `start`, ends by itself. */
  readonly transcribe = (input: Blob | AudioSource): Promise<string> => quiet(this.#read(input));

  /** Ends the recording at once and drops what was being said; finals stay. */
  readonly cancel = (): void => {
    const { client } = this.#holder;
    if (this.#ownsRecording && client && isActive(client.getSnapshot().status)) client.cancel();
    this.#release();
  };

  /** Keeps the recording but takes no audio. */
  readonly pause = (): void => {
    const { client } = this.#holder;
    if (client && isActive(client.getSnapshot().status)) client.pause();
  };

  /** Takes audio again. */
  readonly resume = (): void => {
    const { client } = this.#holder;
    if (client && isActive(client.getSnapshot().status)) client.resume();
  };

  /** Empties the transcript; a recording goes on. */
  readonly clear = (): void => {
    this.#holder.client?.transcript.clear();
  };

  /** Takes back the latest utterance. */
  readonly undo = (): void => {
    this.#holder.client?.transcript.undo();
  };

  get #active(): boolean {
    const { client } = this.#holder;
    return this.#opening !== undefined || (client !== undefined && isActive(client.getSnapshot().status));
  }

  async #begin(): Promise<void> {
    if (this.#active) return;
    this.#hasStarted = true;
    const open = this.#holder.options.source ?? microphone;
    await this.#attempt(
      (signal) => open({ ...this.#holder.options.microphone, signal }),
      (client, source) => client.start(source),
    );
  }

  #autoStart(): void {
    const wasBlocked = isMicrophoneError(this.#failure) && this.#failure.problem === "denied";
    if (this.#holder.options.autoStart && (!this.#hasStarted || wasBlocked)) void quiet(this.#begin());
  }

  async #read(input: Blob | AudioSource): Promise<string> {
    const onProgress = (progress: FileProgress) => this.#setProgress(progress);
    const open = async () => (input instanceof Blob ? await fileSource(input, { onProgress }) : input);
    // A file that cannot be read ends no recording.
    const opened = this.#active ? await open() : undefined;
    if (this.#active) await this.#finish();
    try {
      return await this.#attempt(
        async () => opened ?? (await open()),
        (client, source) => {
          if (input instanceof Blob) this.#setProgress({ doneMs: 0, totalMs: source.durationMs ?? 0 });
          return client.transcribe(source);
        },
      );
    } finally {
      this.#setProgress(null);
    }
  }

  async #finish(): Promise<string> {
    if (this.#opening) {
      this.#opening.abort();
      return "";
    }
    this.#stopping = true;
    try {
      return (await this.#holder.client?.stop()) ?? "";
    } catch (error) {
      // What failed shows already; that some of it was lost does not.
      if (isSttError(error) && error.code === "buffer_overflow") this.#failure = error;
      throw error;
    } finally {
      this.#stopping = false;
      this.#changed();
    }
  }

  async #turn(): Promise<void> {
    const begins = this.#stopping || !this.#active;
    if (this.#active) await this.#finish();
    if (begins) await this.#begin();
  }

  async #attempt<T>(
    open: (signal: AbortSignal) => Promise<AudioSource>,
    run: (client: SttClient, source: AudioSource) => Promise<T>,
  ): Promise<T> {
    const opening = new AbortController();
    const { signal } = opening;
    this.#opening?.abort();
    this.#opening = opening;
    this.#failure = null;
    this.#changed();
    try {
      const client = this.#holder.get();
      const source = await open(signal);
      checkSource("useTranscription", source);
      if (signal.aborted) {
        await source.close();
        throw abortError(signal.reason);
      }
      this.#adopt(source);
      this.#ownsRecording = true;
      this.#opening = undefined;
      return await run(client, source);
    } catch (error) {
      throw this.#failed(error);
    } finally {
      if (this.#opening === opening) this.#opening = undefined;
      this.#changed();
    }
  }

  #failed(error: unknown): SttError {
    const failure = isSttError(error) ? error : new SttError("internal", messageOf(error), { cause: error });
    if (isMicrophoneError(failure) && failure.problem === "denied") this.#setPermission("denied");
    // Nobody needs to be told what he did himself.
    if (failure.code !== "aborted") this.#failure = failure;
    return failure;
  }

  #adopt(source: AudioSource): void {
    if (!isMicrophone(source)) return;
    this.#microphone = source;
    this.#setPermission("granted");
    source.on("state", (state) => {
      if (state === "ended" && this.#microphone === source) this.#microphone = null;
      this.#changed();
    });
  }

  #setProgress(progress: FileProgress | null): void {
    // A file comes in thousands of chunks, and nobody sees less than a hundredth of it.
    if (progress && this.#fileProgress && hundredth(progress) === hundredth(this.#fileProgress)) return;
    if (progress === this.#fileProgress) return;
    this.#fileProgress = progress;
    this.#changed();
  }

  #setPermission(permission: MicrophonePermission): void {
    this.#permission = permission;
    this.#changed();
  }

  #release(): void {
    this.#opening?.abort();
    const { client } = this.#holder;
    if (!this.#ownsRecording || !client) return;
    this.#ownsRecording = false;
    if (isActive(client.getSnapshot().status)) client.stop({ signal: AbortSignal.abort() }).catch(() => {});
  }

  #derive(): TranscriptionState {
    const snapshot = this.#holder.client?.getSnapshot() ?? IDLE_SNAPSHOT;
    const resting = !isActive(snapshot.status);
    const opening = resting && this.#opening !== undefined;
    // A microphone that cannot be opened is as much a failure as a server that cannot be reached.
    const failed = resting && !opening && this.#failure !== null;
    return {
      ...snapshot,
      status: opening ? "connecting" : failed ? "failed" : snapshot.status,
      error: opening ? null : (this.#failure ?? snapshot.error),
      isSupported: isMicrophoneSupported(),
      permission: this.#permission,
      microphone: this.#microphone,
      fileProgress: this.#fileProgress,
    };
  }

  #changed(): void {
    this.#state = undefined;
    this.#listeners.call();
    const { error } = this.getSnapshot();
    if (error === this.#reported) return;
    this.#reported = error;
    const { onError } = this.#holder.options;
    if (error && onError) callSafely(() => onError(error));
  }
}

function hundredth({ doneMs, totalMs }: FileProgress): number {
  return Math.floor((100 * doneMs) / Math.max(1, totalMs));
}

function isMicrophone(source: AudioSource): source is MicrophoneSource {
  return "on" in source && "device" in source;
}

/** Rejects for those who look, and disturbs nobody else: `onClick={start}` needs no catch. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
