import { createHash, randomUUID } from "node:crypto";
import { type AudioFormat, assertNever, CloseCode, isSttError, type SttError } from "@stt/core";
import type { WebSocket } from "ws";
import { AudioInput, unreadable } from "../../http/deepgram/audio-input.js";
import { modelInfo, modelUuid, seconds } from "../../http/deepgram/deepgram-words.js";
import type { SessionEvent, SessionEventOf } from "../../session/events.js";
import { SessionSocket, type SocketContext } from "../socket/session-socket.js";
import type { Wire } from "../socket/wire.js";
import type { ConnectionRequest } from "../websocket-endpoint.js";
import { closeCodeOf } from "./deepgram-refusal.js";
import { type ListenCommand, readListenCommand } from "./listen-commands.js";
import {
  type AnswerSource,
  CHANNEL,
  emptyResults,
  finalResults,
  interimResults,
  type ListenMessage,
  metadataOf,
} from "./listen-messages.js";
import type { ListenOptions } from "./listen-options.js";
import { UtteranceEnds } from "./utterance-ends.js";

/** A list of key terms at its limit fits several times. */
const MAX_TEXT_BYTES = 65_536;
/** Characters of a message that was not understood that the error repeats. */
const MAX_EXCERPT = 200;

/** Deepgram's wire of `/v1/listen`: one socket, one session. */
export class ListenConnection implements Wire<ListenMessage> {
  readonly name = "deepgram";
  readonly maxTextBytes = MAX_TEXT_BYTES;
  readonly encode: (message: ListenMessage) => string = JSON.stringify;
  readonly #socket: SessionSocket<ListenMessage>;
  readonly #options: ListenOptions;
  readonly #input: AudioInput;
  readonly #requestId = randomUUID();
  readonly #created = new Date().toISOString();
  readonly #hash = createHash("sha256");
  readonly #ends: UtteranceEnds;
  /** Utterances that are over and have neither a final nor none. */
  readonly #pending = new Set<number>();
  /** The utterance whose final answers a `Finalize`. */
  #finalizing: number | undefined;
  #format: AudioFormat | undefined;
  #model = "";
  #sentSamples = 0;

  constructor(webSocket: WebSocket, request: ConnectionRequest, context: SocketContext, options: ListenOptions) {
    this.#options = options;
    this.#input = new AudioInput(options.audio);
    this.#socket = new SessionSocket(webSocket, request, context, this);
    this.#ends = new UtteranceEnds({
      waitMs: options.utteranceEndMs,
      caughtUp: async () => this.#socket.session?.caughtUp(),
      onEnd: (lastWordMs) =>
        this.#socket.send({ type: "UtteranceEnd", channel: CHANNEL, last_word_end: seconds(lastWordMs) }),
    });
    if (options.audio) this.#socket.enqueue(() => this.#open());
  }

  onMessage(data: Buffer, isBinary: boolean): void | Promise<void> {
    // Deepgram's first clients end a stream with an empty message.
    if (isBinary && data.length > 0) return this.#onAudio(data);
    if (isBinary) return this.#socket.stop();
    const text = data.toString("utf8");
    let command: ListenCommand;
    try {
      command = readListenCommand(text);
    } catch (error) {
      if (!isSttError(error)) throw error;
      const message = text.slice(0, MAX_EXCERPT);
      this.#socket.send({ type: "Error", variant: "SchemaError", description: error.message, message });
      return;
    }
    return this.#carryOut(command);
  }

  onEvent(event: SessionEvent): void {
    switch (event.type) {
      case "speech_start":
        this.#ends.speechStarted();
        if (this.#options.vadEvents)
          this.#socket.send({ type: "SpeechStarted", channel: CHANNEL, timestamp: seconds(event.atMs) });
        return;
      case "speech_end":
        this.#pending.add(event.utterance);
        return;
      case "partial":
        this.#socket.sendLatest(interimResults(event, this.#options, this.#source));
        return;
      case "final":
        this.#onFinal(event);
        return;
      case "discarded":
        this.#onDiscarded(event);
        return;
      case "error":
        if (event.fatal) this.#socket.send({ type: "Error", variant: event.code, description: event.message });
        return;
      case "end":
        this.#sendMetadata(event.audioMs);
        return;
      case "silence_start":
      case "silence_end":
      case "utterance_audio":
      case "turn":
      case "progress":
      case "warning":
        // This wire has no words for these.
        return;
      default:
        assertNever(event);
    }
  }

  onError(error: SttError): void {
    this.#socket.end(error, closeCodeOf(error.code));
  }

  sendReason({ code, message }: SttError): void {
    this.#socket.send({ type: "Error", variant: code, description: message });
  }

  get #source(): AnswerSource {
    return { requestId: this.#requestId, model: this.#model, warnings: this.#options.warnings };
  }

  get #sentMs(): number {
    return this.#format ? (this.#sentSamples * 1000) / this.#format.sampleRate : 0;
  }

  async #open(): Promise<void> {
    const { session, overrides } = this.#options;
    this.#format = this.#input.format!;
    const opened = await this.#socket.open({ format: this.#format, options: session, overrides });
    if (opened) this.#model = opened.model;
  }

  #onAudio(data: Buffer): void | Promise<void> {
    this.#hash.update(data);
    const { pcm, samples } = this.#decode(data);
    if (this.#format) return this.#push(pcm, samples);
    // A file says only in its head of what kind it is.
    if (this.#input.format) return this.#open().then(() => this.#push(pcm, samples));
  }

  #decode(data: Buffer) {
    try {
      return this.#input.decode(data);
    } catch (error) {
      throw isSttError(error) ? unreadable(error) : error;
    }
  }

  #push(pcm: Uint8Array, samples: number): void {
    if (samples === 0) return;
    const offset = this.#sentSamples;
    this.#sentSamples += samples;
    this.#socket.session?.push({ offset, pcm, samples });
    this.#ends.heard(this.#sentMs);
  }

  #carryOut(command: ListenCommand): void | Promise<void> {
    switch (command.type) {
      case "KeepAlive":
        return;
      case "Finalize":
        return this.#finalize();
      case "CloseStream":
        return this.#close();
      case "Configure":
        return this.#configure(command);
      default:
        assertNever(command);
    }
  }

  /** Every `Finalize` is answered: by the text that was open, or by an empty one. */
  async #finalize(): Promise<void> {
    const { session } = this.#socket;
    session?.finalize();
    await session?.caughtUp();
    if (this.#socket.isClosed) return;
    const last = [...this.#pending].at(-1);
    if (last === undefined) this.#socket.send(emptyResults(this.#sentMs, this.#source));
    else this.#finalizing = last;
  }

  #close(): void {
    if (this.#socket.session) {
      this.#socket.stop();
      return;
    }
    // No audio came whose kind could be known: there is nothing to wait for.
    this.#sendMetadata(0);
    this.#socket.close(CloseCode.NORMAL, "done");
  }

  #configure({ keyterms, features }: Extract<ListenCommand, { type: "Configure" }>): void {
    const request_id = this.#requestId;
    const { numerals, ...others } = features ?? {};
    const unknown = Object.entries(others).find(([, on]) => on)?.[0];
    if (unknown !== undefined) {
      const code = "CONFIGURE_FEATURE_NOT_SUPPORTED";
      const description = `The feature ${JSON.stringify(unknown)} cannot be switched on here.`;
      this.#socket.send({ type: "ConfigureFailure", request_id, code, description });
      return;
    }
    this.#socket.session?.update({
      ...(keyterms && { vocabulary: keyterms }),
      ...(numerals !== undefined && { numerals: numerals ? "figures" : "as_is" }),
    });
    this.#socket.send({ type: "ConfigureSuccess", request_id, ...(keyterms && { keyterms }) });
  }

  #onFinal(event: SessionEventOf<"final">): void {
    this.#socket.dropLatest();
    this.#pending.delete(event.utterance);
    const fromFinalize = this.#isAnswer(event.utterance);
    this.#socket.send(
      finalResults(event, this.#options, this.#source, {
        speech_final: fromFinalize || (this.#options.endpointing && !event.continues),
        ...(fromFinalize && { from_finalize: true }),
      }),
    );
    this.#ends.spoken(event.words?.at(-1)?.endMs ?? event.endMs, this.#sentMs);
  }

  #onDiscarded({ utterance, atMs }: SessionEventOf<"discarded">): void {
    this.#socket.dropLatest();
    this.#pending.delete(utterance);
    if (this.#isAnswer(utterance)) this.#socket.send(emptyResults(atMs, this.#source));
  }

  #isAnswer(utterance: number): boolean {
    if (this.#finalizing !== utterance) return false;
    this.#finalizing = undefined;
    return true;
  }

  #sendMetadata(audioMs: number): void {
    const { model_uuid, warnings } = metadataOf(this.#source);
    this.#socket.send({
      type: "Metadata",
      transaction_key: "deprecated",
      request_id: this.#requestId,
      sha256: this.#hash.digest("hex"),
      created: this.#created,
      duration: seconds(Math.min(audioMs, this.#sentMs)),
      channels: this.#format?.channels ?? 0,
      models: [model_uuid],
      model_info: { [modelUuid(this.#model)]: modelInfo(this.#model) },
      ...(warnings && { warnings }),
    });
  }
}
