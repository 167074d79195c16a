/// <reference path="./worklet/raw-text.d.ts" />
/** One device, opened once: samples at the device's rate until it is stopped or goes away. */
import { ChannelMixer } from "@stt/core";
import { MicrophoneError } from "./microphone-error.js";
import workletCode from "./worklet/capture.worklet.js?raw";

/** Audio of one message from the audio thread, milliseconds. */
const CHUNK_MS = 20;
/** Audio threads work in blocks of this many samples. */
const BLOCK_SAMPLES = 128;
/** How long a context may take to begin: it waits for a gesture for ever. */
const RESUME_TIMEOUT_MS = 2000;
/** How long the audio thread may take to hand over its last samples. */
const END_TIMEOUT_MS = 300;

export interface CaptureHandlers {
  /** Mono samples at the device's rate in Hz; valid during the call only. */
  samples(samples: Float32Array, sampleRate: number): void;
  /** The device gives silence for a while, or sound again: a hardware switch, a phone call. */
  muted(muted: boolean): void;
  /** The device is gone. At most once. */
  lost(): void;
}

/** What the audio thread sends. */
interface CapturedChunk {
  /** The samples of each channel after those of the one before. */
  samples: Float32Array<ArrayBuffer>;
  channels: number;
}

export interface CaptureOptions {
  stream: MediaStream;
  /** Address of `capture.worklet.js`. @default a blob */
  workletUrl?: string | URL | undefined;
  handlers: CaptureHandlers;
}

/** Owns its stream: {@link Capture.open} and `stop` end its tracks. */
export class Capture {
  #node: AudioWorkletNode | undefined;
  #mixer: ChannelMixer | undefined;
  readonly #track: MediaStreamTrack;
  readonly #scope = new AbortController();
  #onEnd: (() => void) | undefined;
  #stopped: Promise<void> | undefined;
  readonly #context: AudioContext;
  readonly #options: CaptureOptions;

  private constructor(context: AudioContext, options: CaptureOptions) {
    this.#context = context;
    this.#options = options;
    this.#track = options.stream.getAudioTracks()[0]!;
  }

  /** @throws MicrophoneError `unsupported`, `needs_gesture`, `worklet_blocked` */
  static async open(options: CaptureOptions): Promise<Capture> {
    let context: AudioContext;
    try {
      context = new AudioContext({ latencyHint: "interactive" });
    } catch (cause) {
      endTracks(options.stream);
      throw new MicrophoneError("unsupported", cause);
    }
    const capture = new Capture(context, options);
    try {
      await addWorklet(context, options.workletUrl);
      capture.#connect();
      await capture.#resume();
      return capture;
    } catch (error) {
      await capture.stop();
      throw error;
    }
  }

  /** The device's name; may be empty. */
  get label(): string {
    return this.#track.label;
  }

  get deviceId(): string {
    return this.#track.getSettings().deviceId ?? "";
  }

  get lost(): boolean {
    return this.#track.readyState === "ended";
  }

  get muted(): boolean {
    return this.#track.muted || this.#context.state !== "running";
  }

  /** Hands over the last samples, then frees the device. Idempotent. */
  stop(): Promise<void> {
    this.#stopped ??= this.#shutDown();
    return this.#stopped;
  }

  #connect(): void {
    const context = this.#context;
    const { stream } = this.#options;
    const chunkSamples =
      Math.max(1, Math.round((context.sampleRate * CHUNK_MS) / 1000 / BLOCK_SAMPLES)) * BLOCK_SAMPLES;
    this.#node = new AudioWorkletNode(context, "stt-capture", {
      numberOfInputs: 1,
      numberOfOutputs: 1,
      // As many as the device has; browsers would mix them to a mean, which opposite polarity makes silence.
      channelCount: 2,
      channelCountMode: "clamped-max",
      channelInterpretation: "speakers",
      processorOptions: { chunkSamples },
    });
    this.#node.port.onmessage = ({ data }: MessageEvent<CapturedChunk | null>) => this.#receive(data);
    context.createMediaStreamSource(stream).connect(this.#node);
    // Its output is silence; but Safari runs no node that leads nowhere.
    this.#node.connect(context.destination);
    const { signal } = this.#scope;
    this.#track.addEventListener("ended", () => this.#options.handlers.lost(), { signal });
    for (const type of ["mute", "unmute"]) this.#track.addEventListener(type, () => this.#reportMuted(), { signal });
    context.addEventListener(
      "statechange",
      () => {
        // Safari interrupts contexts for phone calls, and does not always go on by itself.
        if (context.state !== "running" && context.state !== "closed") void context.resume().catch(() => {});
        this.#reportMuted();
      },
      { signal },
    );
  }

  #reportMuted(): void {
    if (this.#context.state !== "closed") this.#options.handlers.muted(this.muted);
  }

  #receive(chunk: CapturedChunk | null): void {
    if (!chunk) {
      this.#onEnd?.();
      return;
    }
    const { samples, channels } = chunk;
    const { sampleRate } = this.#context;
    if (this.#mixer?.channels !== channels) this.#mixer = new ChannelMixer(channels, sampleRate);
    const length = samples.length / channels;
    const planes = Array.from({ length: channels }, (_, channel) =>
      samples.subarray(channel * length, (channel + 1) * length),
    );
    this.#options.handlers.samples(this.#mixer.mix(planes), sampleRate);
    if (!this.#stopped) this.#node?.port.postMessage(samples, [samples.buffer]);
  }

  async #resume(): Promise<void> {
    const context = this.#context;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, RESUME_TIMEOUT_MS);
    });
    await Promise.race([context.resume().catch(() => {}), timeout]);
    clearTimeout(timer);
    if (context.state !== "running") throw new MicrophoneError("needs_gesture");
  }

  async #shutDown(): Promise<void> {
    this.#scope.abort();
    const node = this.#node;
    const context = this.#context;
    if (node && context.state === "running") {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, END_TIMEOUT_MS);
        this.#onEnd = () => {
          clearTimeout(timer);
          resolve();
        };
        node.port.postMessage(null);
      });
    }
    endTracks(this.#options.stream);
    node?.disconnect();
    if (node) node.port.onmessage = null;
    if (context.state !== "closed") await context.close().catch(() => {});
  }
}

function endTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

async function addWorklet(context: AudioContext, workletUrl: string | URL | undefined): Promise<void> {
  const url = workletUrl ?? URL.createObjectURL(new Blob([workletCode], { type: "text/javascript" }));
  try {
    await context.audioWorklet.addModule(url);
  } catch (cause) {
    throw new MicrophoneError("worklet_blocked", cause);
  } finally {
    if (workletUrl === undefined) URL.revokeObjectURL(String(url));
  }
}
