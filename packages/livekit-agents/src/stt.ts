/** The plugin's entry: `new AgentSession({ stt: new STT({ … }) })`. */
import { type APIConnectOptions, type AudioBuffer, stt } from "@livekit/agents";
import { createSttClient } from "@stt/client-node";
import type { AudioSource, ServerMessageOf, SttClientOptions } from "@stt/core";
import { apiError } from "./api-error.js";
import { type STTOptions, type STTSettings, sessionOptions } from "./options.js";
import { speechData } from "./speech-events.js";
import { SpeechStream } from "./speech-stream.js";

/**
 * Speech to text on a server of your own.
 *
 * @example
 * const session = new voice.AgentSession({
 *   stt: new STT({ url: "ws://localhost:8012", language: "en", endpointing: { endOfTurn: "model" } }),
 * });
 */
export class STT extends stt.STT {
  readonly label = "stt.STT";
  readonly #streams = new Set<SpeechStream>();
  readonly #server: SttClientOptions;
  #settings: STTSettings;
  #sessionKeyterms: readonly string[] = [];
  #model = "unknown";

  /**
   * Opens nothing before {@link stream} or `recognize`.
   *
   * @throws SttError `invalid_argument`, `invalid_config`
   */
  constructor(options: STTOptions = {}) {
    const { url, token, ...settings } = options;
    super({
      streaming: true,
      interimResults: settings.interimResults ?? true,
      alignedTranscript: "word",
      keyterms: true,
    });
    this.#server = { ...(url !== undefined && { url }), ...(token !== undefined && { token }) };
    this.#settings = settings;
    // Wrong options are told here and not to a stream that runs in the background.
    void createSttClient(this.#options()).close();
  }

  /** The model that the server named last; `unknown` before. */
  override get model(): string {
    return this.#model;
  }

  override get provider(): string {
    return "stt";
  }

  stream(options?: { connOptions?: APIConnectOptions }): SpeechStream {
    const stream = new SpeechStream(
      this,
      {
        options: () => this.#options(),
        onModel: (model) => {
          this.#model = model;
        },
        onEnd: (ended) => this.#streams.delete(ended),
      },
      options?.connOptions,
    );
    this.#streams.add(stream);
    return stream;
  }

  /**
   * Changes settings, of streams that run as well: from their next utterance on, without another connection.
   *
   * @throws SttError `invalid_argument`
   */
  updateOptions(settings: STTSettings): void {
    const before = this.#settings;
    this.#settings = { ...before, ...settings };
    try {
      void createSttClient(this.#options()).close();
    } catch (error) {
      this.#settings = before;
      throw error;
    }
    this.updateCapabilities({ interimResults: this.#settings.interimResults ?? true });
    this.#updateStreams();
  }

  /** The terms that the agent's session found. @internal */
  override _updateSessionKeyterms(keyterms: string[]): void {
    this.#sessionKeyterms = [...keyterms];
    this.#updateStreams();
  }

  override async close(): Promise<void> {
    for (const stream of this.#streams) stream.close();
  }

  protected async _recognize(buffer: AudioBuffer, signal?: AbortSignal): Promise<stt.SpeechEvent> {
    const client = createSttClient(this.#options());
    const finals: ServerMessageOf<"final">[] = [];
    let requestId = "";
    client.on("final", (final) => finals.push(final));
    client.on("ready", ({ sessionId, model }) => {
      requestId = sessionId;
      this.#model = model;
    });
    try {
      const text = await client.transcribe(sourceOf(buffer), signal ? { signal } : {});
      return {
        type: stt.SpeechEventType.FINAL_TRANSCRIPT,
        requestId,
        alternatives: [
          speechData({
            text,
            language: finals.at(-1)?.language ?? "",
            startMs: finals[0]?.startMs ?? 0,
            endMs: finals.at(-1)?.endMs ?? 0,
            confidence: meanConfidence(finals),
            words: finals.flatMap(({ words = [] }) => words),
          }),
        ],
      };
    } catch (error) {
      throw apiError(error);
    } finally {
      await client.close();
    }
  }

  #options(): SttClientOptions {
    return { ...this.#server, ...sessionOptions(this.#settings, this.#sessionKeyterms) };
  }

  #updateStreams(): void {
    const options = sessionOptions(this.#settings, this.#sessionKeyterms);
    for (const stream of this.#streams) stream.updateOptions(options);
  }
}

/** Frames that are all there, in the format of the first. */
function sourceOf(buffer: AudioBuffer): AudioSource {
  const frames = [buffer].flat();
  const [first] = frames;
  if (!first) throw new TypeError("There is no audio to recognize: the buffer holds no frames.");
  const { sampleRate, channels } = first;
  const samples = frames.reduce((sum, frame) => sum + frame.samplesPerChannel, 0);
  return {
    format: { encoding: "pcm_s16le", sampleRate, channels: channels as 1 | 2 },
    durationMs: (samples * 1000) / sampleRate,
    async *chunks() {
      for (const { data } of frames) yield new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    },
    close: async () => {},
  };
}

/** By how long each was. */
function meanConfidence(finals: readonly ServerMessageOf<"final">[]): number {
  let sum = 0;
  let total = 0;
  for (const { confidence, startMs, endMs } of finals) {
    sum += confidence * (endMs - startMs);
    total += endMs - startMs;
  }
  return total > 0 ? sum / total : 0;
}
