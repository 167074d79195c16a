/** The microphone as an audio source. */
import { type AudioFormat, type AudioSource, abortError, PcmBuffer, type SourceHost } from "@stt/core";
import { checkArgument, checkOptions, text } from "@stt/core/callers";
import { Capture } from "./capture.js";
import { LevelMeter } from "./level.js";
import { Listeners } from "./listeners.js";
import { MicrophoneError, microphoneErrorOf } from "./microphone-error.js";
import {
  MICROPHONE_OPTIONS,
  type MicrophoneDevice,
  type MicrophoneEvents,
  type MicrophoneOptions,
  type MicrophoneState,
  requestStream,
} from "./microphone-options.js";
import { watchMicrophones } from "./microphones.js";
import { PcmWriter } from "./pcm-writer.js";
import { captureObstacle } from "./support.js";

/** What the server hears; more would only be sent in vain. */
const FORMAT: AudioFormat = { encoding: "pcm_s16le", sampleRate: 16_000, channels: 1 };
/** How soon a lost device is looked for again when the browser announces nothing. */
const RETRY_MS = 2000;

/** A microphone that records. */
export interface MicrophoneSource extends AudioSource {
  readonly state: MicrophoneState;
  /** The device in use, or last in use. */
  readonly device: MicrophoneDevice;
  /**
   * Records from another device from here on, in the middle of a recording.
   *
   * @param deviceId from `listMicrophones`; the browser's default when left out
   */
  use(deviceId?: string): Promise<void>;
  /**
   * Adds a listener.
   *
   * @returns a function that removes it
   */
  on<T extends keyof MicrophoneEvents>(type: T, listener: (value: MicrophoneEvents[T]) => void): () => void;
}

/**
 * Opens a microphone, asking the user if need be; it records from here on, 16 kHz mono. Close it, or the client that takes it,
 * to free the device. When the device goes away, the recording pauses until there is one again.
 *
 * @throws MicrophoneError with the `problem`; SttError `aborted`, `invalid_argument`
 * @example await client.start(await microphone());
 */
export async function microphone(options: MicrophoneOptions = {}): Promise<MicrophoneSource> {
  checkOptions("microphone", options, MICROPHONE_OPTIONS);
  const obstacle = captureObstacle();
  if (obstacle) throw new MicrophoneError(obstacle);
  const source = new Microphone(options);
  const { signal } = options;
  if (!signal) return source.open();
  if (signal.aborted) throw abortError(signal.reason);
  return new Promise((resolve, reject) => {
    const abort = () => {
      // The browser's question cannot be taken back; a late yes only opens what is closed at once.
      reject(abortError(signal.reason));
      void source.close();
    };
    signal.addEventListener("abort", abort, { once: true });
    void source
      .open()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", abort));
  });
}

class Microphone implements MicrophoneSource {
  readonly format = FORMAT;
  state: MicrophoneState = "live";
  device: MicrophoneDevice = { deviceId: "", label: "" };
  readonly #listeners = new Listeners<MicrophoneEvents>(["state", "device", "level"]);
  readonly #buffer: PcmBuffer;
  readonly #writer: PcmWriter;
  #capture: Capture | undefined;
  #host: SourceHost | undefined;
  #wanted: string | undefined;
  /** Fires when it ends, so that no recovery outlives it. */
  readonly #scope = new AbortController();
  #ending: Promise<void> | undefined;
  /** Openings and switches, one after the other. */
  #work: Promise<void> = Promise.resolve();
  readonly #options: MicrophoneOptions;

  constructor(options: MicrophoneOptions) {
    this.#options = options;
    this.#wanted = options.deviceId;
    this.#buffer = new PcmBuffer(FORMAT, options.bufferMs ?? 30_000, options.onDrop);
    const levelSamples = Math.round(((options.levelIntervalMs ?? 50) * FORMAT.sampleRate) / 1000);
    const meter = new LevelMeter(levelSamples, (level) => this.#listeners.emit("level", level));
    this.#writer = new PcmWriter({
      ...FORMAT,
      write: (samples, pcm) => {
        meter.push(samples);
        this.#buffer.append(pcm);
      },
    });
  }

  async open(): Promise<this> {
    try {
      await this.#enqueue(() => this.#acquire());
      return this;
    } catch (error) {
      await this.#end();
      throw error;
    }
  }

  on<T extends keyof MicrophoneEvents>(type: T, listener: (value: MicrophoneEvents[T]) => void): () => void {
    return this.#listeners.on(type, listener);
  }

  attach(host: SourceHost): void {
    this.#host = host;
    if (this.state !== "live") host.setAvailable(false);
  }

  async use(deviceId?: string): Promise<void> {
    if (deviceId !== undefined) checkArgument("use", deviceId, text);
    this.#wanted = deviceId;
    await this.#enqueue(() => this.#replace());
  }

  async *chunks(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const stop = () => void this.#end();
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
    try {
      yield* this.#buffer.read();
    } finally {
      signal.removeEventListener("abort", stop);
      await this.#end();
    }
  }

  close(): Promise<void> {
    return this.#end();
  }

  /** @throws MicrophoneError; SttError `aborted` when it was closed meanwhile */
  async #acquire(): Promise<void> {
    let capture: Capture | undefined;
    try {
      const stream = await requestStream(this.#options, this.#wanted);
      const handlers = {
        samples: (samples: Float32Array, sampleRate: number) => this.#writer.push(samples, sampleRate),
        muted: (muted: boolean) => {
          if (this.#capture === capture && capture) this.#setState(muted ? "muted" : "live");
        },
        // What it fails of, the reader of the audio is told.
        lost: () => void this.#enqueue(() => this.#recover()).catch(() => {}),
      };
      capture = await Capture.open({ stream, workletUrl: this.#options.workletUrl, handlers });
    } catch (error) {
      throw microphoneErrorOf(error);
    }
    if (this.#scope.signal.aborted) {
      await capture.stop();
      throw abortError();
    }
    this.#capture = capture;
    const { deviceId, label } = capture;
    const changed = deviceId !== this.device.deviceId || label !== this.device.label;
    this.device = { deviceId, label };
    if (changed) this.#listeners.emit("device", this.device);
    this.#setState(capture.muted ? "muted" : "live");
  }

  async #recover(): Promise<void> {
    // It may have been replaced since, by `use`.
    if (this.#capture?.lost) await this.#replace();
  }

  /** From the present device to the wanted one, or to any that can be had; waits for one if need be. */
  async #replace(): Promise<void> {
    const { signal } = this.#scope;
    await this.#capture?.stop();
    this.#capture = undefined;
    this.#writer.flush();
    while (!signal.aborted) {
      try {
        await this.#acquire();
        return;
      } catch (error) {
        if (signal.aborted) return;
        const failure = microphoneErrorOf(error);
        if (failure.problem !== "not_found" && failure.problem !== "busy") {
          await this.#end(failure);
          throw failure;
        }
        this.#setState("lost");
        await deviceChange(signal);
      }
    }
  }

  #enqueue(step: () => Promise<void>): Promise<void> {
    const done = this.#work.then(() => (this.#scope.signal.aborted ? undefined : step()));
    this.#work = done.catch(() => {});
    return done;
  }

  #setState(state: MicrophoneState): void {
    if (this.state === state || this.state === "ended") return;
    this.state = state;
    if (state !== "ended") this.#host?.setAvailable(state === "live");
    this.#listeners.emit("state", state);
  }

  #end(error?: Error): Promise<void> {
    this.#ending ??= (async () => {
      this.#scope.abort();
      await this.#capture?.stop();
      this.#writer.flush();
      this.#buffer.end(error);
      this.#setState("ended");
    })();
    return this.#ending;
  }
}

/** Resolves when devices come or go, after a while anyway, or when `signal` fires. */
function deviceChange(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      unwatch();
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const unwatch = watchMicrophones(done);
    const timer = setTimeout(done, RETRY_MS);
    signal.addEventListener("abort", done, { once: true });
    if (signal.aborted) done();
  });
}
