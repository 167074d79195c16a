/** One person's speech, as long as it lasts. */
import { type APIConnectOptions, DEFAULT_API_CONNECT_OPTIONS, stt } from "@livekit/agents";
import { createSttClient } from "@stt/client-node";
import { isSttError, type SessionOptions, type SttClient, type SttClientOptions } from "@stt/core";
import { apiError } from "./api-error.js";
import { deferred } from "./deferred.js";
import { SpeechEvents } from "./speech-events.js";

/** What the server works with: the base class resamples to it. */
const SAMPLE_RATE = 16_000;
const USAGE_EVERY_MS = 5000;
/** Audio without a final that an attempt passes on to the next one: no utterance is longer. */
const MAX_KEPT_SAMPLES = 30 * SAMPLE_RATE;

type AudioFrame = Parameters<stt.SpeechStream["pushFrame"]>[0];

/** What a stream asks of its maker. */
export interface StreamHost {
  /** The server, and the session as it is to be now. */
  options(): SttClientOptions;
  /** The server has introduced its model. */
  onModel(model: string): void;
  onEnd(stream: SpeechStream): void;
}

/**
 * Made by {@link STT.stream}. A connection that breaks is taken up again by itself, and nothing that was said is lost; only when
 * that takes longer than the connect options' `timeoutMs` is it a failure, which the base class tries again; what has no final by
 * then goes to the next attempt.
 */
export class SpeechStream extends stt.SpeechStream {
  readonly label = "stt.SpeechStream";
  readonly #host: StreamHost;
  readonly #retry: APIConnectOptions;
  #client: SttClient | undefined;
  /** The client that takes audio, as soon as there is one. */
  #open = deferred<SttClient>();
  #isOpen = false;
  #input: Promise<void> | undefined;
  /** What has no final yet, each with the sample of this session behind it. */
  #kept: { audio: Int16Array; end: number }[] = [];
  #pushed = 0;
  #reportedMs = 0;
  #pushedAt = 0;

  /** @internal */
  constructor(owner: stt.STT, host: StreamHost, retry: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS) {
    super(owner, SAMPLE_RATE, retry);
    this.#host = host;
    this.#retry = retry;
  }

  /** Changes the session from the next utterance on; the connection stays. */
  updateOptions(options: SessionOptions): void {
    this.#client?.update(options);
  }

  protected override async run(): Promise<void> {
    const { timeoutMs, maxRetry } = this.#retry;
    const client = createSttClient({
      ...this.#host.options(),
      audio: { encoding: "pcm_s16le", sampleRate: SAMPLE_RATE, channels: 1 },
      connectTimeoutMs: timeoutMs,
      reconnect: { enabled: maxRetry > 0, giveUpAfterMs: timeoutMs },
    });
    this.#client = client;
    const again = this.#kept;
    const againMs = again.reduce((sum, { audio }) => sum + toMs(audio.length), 0);
    this.#kept = [];
    this.#pushed = 0;
    this.#reportedMs = againMs;
    const events = new SpeechEvents(
      () => Math.max(0, this.startTimeOffset - againMs / 1000),
      (atMs) => this.#pushedAt - Math.max(0, this.#pushedMs - atMs),
    );
    const failed = deferred<never>();
    client.on("event", (event) => {
      if (event.type === "ready") this.#host.onModel(event.model);
      if (event.type === "error" && event.fatal) {
        this.#shut();
        failed.reject(client.getSnapshot().error);
      }
      if (event.type === "final") this.#forget(event.finalizedSamples);
      for (const translated of events.translate(event)) this.#emit(translated);
      this.#reportUsage(events, USAGE_EVERY_MS);
    });
    const close = () => void client.close();
    this.abortSignal.addEventListener("abort", close, { once: true });
    try {
      const started = client.start(undefined, { signal: this.abortSignal });
      started.catch(() => {});
      for (const { audio } of again) this.#push(client, audio);
      await started;
      this.#isOpen = true;
      this.#open.resolve(client);
      this.#input ??= this.#pumpInput();
      await Promise.race([this.#input, failed.promise]);
      await client.stop({ signal: this.abortSignal });
      this.#reportUsage(events, 1);
    } catch (error) {
      // The base class ended it, and nobody waits for a reason.
      if (!this.abortSignal.aborted) throw apiError(error);
    } finally {
      this.abortSignal.removeEventListener("abort", close);
      this.#shut();
      for (const event of events.abandon(this.#pushedMs)) this.#emit(event);
      this.#client = undefined;
      await client.close();
    }
    this.#host.onEnd(this);
  }

  override close(): void {
    super.close();
    this.#host.onEnd(this);
  }

  /** What comes now waits for the next client. */
  #shut(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#open = deferred();
  }

  /** All that comes in goes to the client that is there, in order; one that fails leaves it to the next. */
  async #pumpInput(): Promise<void> {
    for await (const item of this.input) {
      while (!(await this.#give(await this.#open.promise, item)));
    }
  }

  async #give(client: SttClient, item: AudioFrame | symbol): Promise<boolean> {
    try {
      if (typeof item === "symbol") client.finalize();
      else if (item.samplesPerChannel > 0) this.#push(client, monoOf(item));
      return true;
    } catch (error) {
      // More came than is kept while the server takes it: a recording that is pushed as a whole.
      const full = isSttError(error) && error.code === "buffer_overflow";
      await (full ? client.drained() : Promise.resolve()).catch(() => {});
      if (!full && this.#client === client) this.#shut();
      return false;
    }
  }

  #push(client: SttClient, audio: Int16Array): void {
    client.push(audio);
    this.#pushed += audio.length;
    this.#pushedAt = Date.now();
    this.#kept.push({ audio, end: this.#pushed });
    this.#forget(this.#pushed - MAX_KEPT_SAMPLES);
  }

  #forget(untilSample: number): void {
    while (this.#kept[0] && this.#kept[0].end <= untilSample) this.#kept.shift();
  }

  get #pushedMs(): number {
    return toMs(this.#pushed);
  }

  #reportUsage(events: SpeechEvents, afterMs: number): void {
    const audioMs = this.#pushedMs - this.#reportedMs;
    if (audioMs < afterMs) return;
    this.#reportedMs = this.#pushedMs;
    this.#emit(events.usage(audioMs));
  }

  #emit(event: stt.SpeechEvent): void {
    if (!this.queue.closed) this.queue.put(event);
  }
}

function toMs(samples: number): number {
  return (samples * 1000) / SAMPLE_RATE;
}

/** The mean of all channels. */
function monoOf({ data, channels, samplesPerChannel }: AudioFrame): Int16Array {
  if (channels === 1) return data;
  return Int16Array.from({ length: samplesPerChannel }, (_, i) => {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += data[i * channels + channel]!;
    return Math.round(sum / channels);
  });
}
