import { type AudioFormat, assertNever, bytesPerFrame, CloseCode, joinText, SttError } from "@stt/core";
import type { SessionEvent, SessionEventOf } from "../../session/events.js";
import type { MessageSocket } from "../socket/message-socket.js";
import { SessionSocket, type SocketContext, type SocketRequest } from "../socket/session-socket.js";
import type { Wire } from "../socket/wire.js";
import { encodeWyomingEvent, readWyomingEvent, type WyomingEvent } from "./wyoming-framer.js";
import { wyomingInfo } from "./wyoming-info.js";
import { readAudioFormat, readTranscribe, type TranscribeRequest } from "./wyoming-requests.js";

interface Outgoing {
  type: string;
  data?: object;
}

/** From `audio-start` to the transcript. */
interface Transcription {
  readonly format: AudioFormat;
  readonly request: TranscribeRequest;
  /** Samples sent. */
  samples: number;
  /** The text so far. */
  text: string;
  language: string | undefined;
  /** Utterances that are over and have neither a final nor none. */
  readonly pending: Set<number>;
  /** All its audio came and was looked at. */
  complete: boolean;
}

const NOTHING_ASKED: TranscribeRequest = { language: undefined, vocabulary: [], ignored: [] };

/** The wire of Home Assistant's voice assistants: one connection, one transcription after the other (docs/wyoming.md). */
export class WyomingConnection implements Wire<Outgoing> {
  readonly name = "wyoming";
  readonly #context: SocketContext;
  readonly #socket: SessionSocket<Outgoing>;
  #request: TranscribeRequest = NOTHING_ASKED;
  #transcription: Transcription | undefined;

  constructor(connection: MessageSocket, request: SocketRequest, context: SocketContext) {
    this.#context = context;
    this.#socket = new SessionSocket(connection, request, context, this);
  }

  encode({ type, data }: Outgoing): string {
    return encodeWyomingEvent(type, data);
  }

  onMessage(bytes: Buffer): void | Promise<void> {
    const event = readWyomingEvent(bytes);
    switch (event.type) {
      case "describe":
        return this.#describe();
      case "ping":
        return this.#socket.send({ type: "pong", data: { text: event.data.text ?? null } });
      case "transcribe":
        this.#request = readTranscribe(event.data);
        return;
      case "audio-start":
        return this.#start(readAudioFormat(event.type, event.data));
      case "audio-chunk":
        return this.#onAudio(event);
      case "audio-stop":
        return this.#finish();
      default: {
        const known = "describe, ping, transcribe, audio-start, audio-chunk and audio-stop";
        throw new SttError(
          "bad_message",
          `There is no ${JSON.stringify(event.type.slice(0, 60))} here, only ${known}.`,
        );
      }
    }
  }

  onEvent(event: SessionEvent): void {
    switch (event.type) {
      case "speech_end":
        this.#transcription?.pending.add(event.utterance);
        return;
      case "final":
        this.#onFinal(event);
        return;
      case "discarded":
        this.#settle(event.utterance);
        return;
      case "error":
        if (event.fatal) this.#sendError(event);
        return;
      case "end":
        // The server ends: what was said so far is the transcript.
        if (this.#transcription) this.#sendTranscript(this.#transcription);
        return;
      case "speech_start":
      case "silence_start":
      case "silence_end":
      case "utterance_audio":
      case "partial":
      case "turn":
      case "progress":
      case "warning":
        // This wire has no words for these.
        return;
      default:
        assertNever(event);
    }
  }

  /** A mistake costs a transcription, not the connection; without a session there is nothing to wait for. */
  onError(error: SttError): void {
    if (error.code === "invalid_argument" || error.code === "bad_message") this.#sendError(error);
    else this.#socket.end(error, CloseCode.PROTOCOL_ERROR);
  }

  sendReason(error: SttError): void {
    this.#sendError(error);
  }

  /** Its bytes make no events. */
  onMalformed(error: SttError): void {
    this.#socket.end(error, CloseCode.PROTOCOL_ERROR);
  }

  async #describe(): Promise<void> {
    const { finalEngine } = await this.#context.host.services();
    this.#socket.send({ type: "info", data: wyomingInfo(finalEngine.info) });
  }

  async #start(format: AudioFormat): Promise<void> {
    const request = this.#request;
    this.#transcription = undefined;
    const { language, vocabulary } = request;
    const options = {
      ...(language !== undefined && { language }),
      ...(vocabulary.length > 0 && { vocabulary }),
      partials: false,
    };
    if (!(await this.#socket.open({ format, options }))) return;
    this.#transcription = {
      format,
      request,
      samples: 0,
      text: "",
      language: undefined,
      pending: new Set(),
      complete: false,
    };
  }

  #onAudio({ type, data, payload }: WyomingEvent): void | Promise<void> {
    const format = readAudioFormat(type, data);
    const { format: known } = this.#transcription ?? {};
    if (known?.sampleRate === format.sampleRate && known.channels === format.channels) return this.#push(payload);
    if (known) throw new SttError("invalid_argument", "The format of the audio changed within a transcription.");
    // Clients may leave audio-start out.
    return this.#start(format).then(() => this.#push(payload));
  }

  #push(pcm: Buffer): void {
    const transcription = this.#transcription;
    if (!transcription) return;
    const frameBytes = bytesPerFrame(transcription.format);
    if (pcm.length % frameBytes !== 0) {
      throw new SttError("invalid_argument", `A payload of ${pcm.length} bytes is no whole number of samples.`);
    }
    const samples = pcm.length / frameBytes;
    this.#socket.session?.push({ offset: transcription.samples, pcm, samples });
    transcription.samples += samples;
  }

  async #finish(): Promise<void> {
    const transcription = this.#transcription;
    if (!transcription) throw new SttError("bad_message", "audio-stop came without audio.");
    const { session } = this.#socket;
    session?.finalize();
    await session?.caughtUp();
    transcription.complete = true;
    this.#sendIfDone(transcription);
  }

  #onFinal({ utterance, text, language }: SessionEventOf<"final">): void {
    const transcription = this.#transcription;
    if (!transcription) return;
    const before = transcription.text;
    if (before === "") this.#socket.send({ type: "transcript-start", data: { language, ...ignoredOf(transcription) } });
    transcription.text = joinText(before, text, language);
    transcription.language = language;
    this.#socket.send({ type: "transcript-chunk", data: { text: transcription.text.slice(before.length) } });
    this.#settle(utterance);
  }

  #settle(utterance: number): void {
    this.#transcription?.pending.delete(utterance);
    if (this.#transcription) this.#sendIfDone(this.#transcription);
  }

  #sendIfDone(transcription: Transcription): void {
    if (!transcription.complete || transcription.pending.size > 0) return;
    this.#sendTranscript(transcription);
    // Not while the session still tells of this very final.
    this.#socket.enqueue(() => {
      if (!this.#transcription) this.#socket.dropSession();
    });
  }

  #sendTranscript(transcription: Transcription): void {
    this.#transcription = undefined;
    this.#request = NOTHING_ASKED;
    const { text, language, request } = transcription;
    const ignored = ignoredOf(transcription);
    if (text === "") this.#socket.send({ type: "transcript-start", data: ignored });
    const known = language ?? request.language;
    this.#socket.send({ type: "transcript", data: { text, ...(known && { language: known }), ...ignored } });
    this.#socket.send({ type: "transcript-stop" });
  }

  #sendError({ code, message }: { code: string; message: string }): void {
    this.#socket.send({ type: "error", data: { text: message, code } });
  }
}

function ignoredOf({ request: { ignored } }: Transcription): { ignored?: string[] } {
  return ignored.length > 0 ? { ignored } : {};
}
