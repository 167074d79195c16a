import { assertNever, CloseCode, type SttError } from "@stt/core";
import type { WebSocket } from "ws";
import type { SessionEvent } from "../../session/events.js";
import type { SessionSettings } from "../../settings/session-settings.js";
import { SessionSocket, type SocketContext } from "../socket/session-socket.js";
import type { Wire } from "../socket/wire.js";
import type { ConnectionRequest } from "../websocket-endpoint.js";
import { type ClientEvent, type Dialect, eventIdOf, parseJson, readClientEvent } from "./client-events.js";
import { Conversation } from "./conversation.js";
import { audioFormatOf, sameFormat, toPcm, wireSampleBytes } from "./input-format.js";
import { DEFAULT_CONFIG, describeSession, overridesOf, type RealtimeConfig, withChange } from "./realtime-config.js";
import { errorDetails, RealtimeError } from "./realtime-error.js";
import { encodeServerEvent, type ServerEvent } from "./server-events.js";

/** Room in an event for everything that is not audio: a prompt at its limit fits several times. */
const ENVELOPE_BYTES = 16_384;
/** A long piece of audio is taken in steps of this many milliseconds, so that the session can apply back-pressure in between. */
const STEP_MS = 1000;
/** OpenAI's least length of a commit. */
const MIN_COMMIT_MS = 100;
const NO_BYTES = Buffer.alloc(0);

/** OpenAI's Realtime wire: one socket, one session. */
export class RealtimeConnection implements Wire<ServerEvent> {
  readonly name = "openai-realtime";
  readonly sendsAudioAsText = true;
  readonly encode = encodeServerEvent;
  readonly #context: SocketContext;
  readonly #request: ConnectionRequest;
  readonly #socket: SessionSocket<ServerEvent>;
  readonly #conversation: Conversation;
  #dialect: Dialect;
  #config: RealtimeConfig = DEFAULT_CONFIG;
  #sessionId: string | undefined;
  #model = "";
  #appendedSamples = 0;
  /** Audio before this was committed or cleared, milliseconds. */
  #takenMs = 0;
  /** The first half of a sample that two events share. */
  #oddByte = NO_BYTES;

  constructor(webSocket: WebSocket, request: ConnectionRequest, context: SocketContext) {
    this.#context = context;
    this.#request = request;
    this.#dialect = dialectOf(request);
    this.#conversation = new Conversation({
      manual: () => this.#config.turnDetection === null,
      dialect: () => this.#dialect,
      prefixMs: () => this.#settings.preRollMs,
      isBackpressured: () => this.#socket.isBackpressured,
      emit: (event) => this.#socket.send(event),
    });
    this.#socket = new SessionSocket(webSocket, request, context, this);
    this.#socket.enqueue(async () => {
      if (await this.#open()) this.#sendSession("created");
    });
  }

  onMessage(data: Buffer, isBinary: boolean): void | Promise<void> {
    const { guard } = this.#request;
    let eventId: string | null = null;
    const onFailure = (error: unknown) => {
      if (guard.countMessage()) this.#sendError(error, eventId);
    };
    try {
      if (isBinary) throw new RealtimeError("invalid_message", BINARY_MESSAGE);
      const limit = Math.ceil((this.#context.maxFrameBytes * 4) / 3) + ENVELOPE_BYTES;
      if (data.byteLength > limit) {
        throw new RealtimeError(
          "message_too_large",
          `An event has ${data.byteLength} bytes; this server takes at most ${limit}. Send audio in smaller pieces.`,
        );
      }
      const value = parseJson(data.toString("utf8"));
      eventId = eventIdOf(value);
      const event = readClientEvent(value);
      // Audio comes as text on this wire; it is bounded by what the session takes.
      if (event.type === "append" || guard.countMessage()) return this.#carryOut(event)?.catch(onFailure);
    } catch (error) {
      onFailure(error);
    }
  }

  onEvent(event: SessionEvent): void {
    switch (event.type) {
      case "speech_start":
        this.#conversation.onSpeechStart(event);
        return;
      case "speech_end":
        if (this.#config.turnDetection !== null) this.#takenMs = Math.max(this.#takenMs, event.atMs);
        this.#conversation.onSpeechEnd(event);
        return;
      case "partial":
        this.#conversation.onPartial(event);
        return;
      case "final":
        this.#conversation.onFinal(event);
        return;
      case "discarded":
        this.#conversation.onDiscarded(event);
        return;
      case "error": {
        if (!event.fatal) {
          this.#conversation.onFailure(event);
          return;
        }
        const { code, message } = event;
        this.#socket.send({
          type: "error",
          error: { type: "server_error", code, message, param: null, event_id: null },
        });
        return;
      }
      case "end":
        // Ended by an operator or with the server: what nobody will commit any more is not lost.
        if (this.#conversation.hasOpenItem) this.#conversation.commit(this.#appendedMs - this.#takenMs);
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

  /** The wire goes on after every mistake of its client. */
  onError(error: SttError): void {
    if (this.#request.guard.countMessage()) this.#sendError(error);
  }

  sendReason(error: SttError): void {
    this.#sendError(error);
  }

  get #settings(): SessionSettings {
    return this.#socket.session?.settings ?? this.#context.host.defaults();
  }

  get #appendedMs(): number {
    return (this.#appendedSamples * 1000) / audioFormatOf(this.#config.format).sampleRate;
  }

  /** Opens the session, or another one in its place while no audio has come. @returns false when there is none */
  async #open(): Promise<boolean> {
    const { host } = this.#context;
    try {
      const opened = await this.#socket.open({
        format: audioFormatOf(this.#config.format),
        options: {},
        overrides: overridesOf(this.#config, host.defaults()),
        ...(this.#sessionId && { resume: { sessionId: this.#sessionId, fromSample: 0, nextUtterance: 0 } }),
      });
      if (!opened) return false;
      this.#sessionId = opened.session.id;
      this.#model = opened.model;
      return true;
    } catch (error) {
      this.#sendError(error);
      this.#socket.close(CloseCode.TRY_AGAIN_LATER, "no session");
      return false;
    }
  }

  #carryOut(event: ClientEvent): Promise<void> | undefined {
    switch (event.type) {
      case "update":
        return this.#update(event);
      case "append":
        return this.#append(event.audio);
      case "commit":
        return this.#commit();
      case "clear":
        return this.#clear();
      default:
        assertNever(event);
    }
  }

  /** Takes its place among the audio: the detector hears what came before it with the settings from before. */
  async #update({ dialect, change }: Extract<ClientEvent, { type: "update" }>): Promise<void> {
    const before = this.#config;
    const config = withChange(before, change);
    const otherFormat = !sameFormat(before.format, config.format);
    if (otherFormat && this.#appendedSamples > 0) {
      throw new RealtimeError(
        "invalid_value",
        "The input audio format cannot change once audio was sent. Open another session for another format.",
        dialect === "ga" ? "session.audio.input.format" : "session.input_audio_format",
      );
    }
    await this.#socket.session?.caughtUp();
    // Speech that waited for a commit would wait for ever: nobody commits where the server finds the turns.
    const released = before.turnDetection === null && config.turnDetection !== null;
    if (released && this.#conversation.hasOpenItem) await this.#take();
    this.#dialect = dialect;
    this.#config = config;
    if (!otherFormat) this.#socket.session?.update({}, overridesOf(config, this.#context.host.defaults()));
    else if (!(await this.#open())) return;
    this.#sendSession("updated");
  }

  /** Waits only where the session cannot take it all. */
  #append(audio: Buffer): Promise<void> | undefined {
    const { format } = this.#config;
    const bytes = this.#oddByte.length > 0 ? Buffer.concat([this.#oddByte, audio]) : audio;
    const whole = bytes.length - (bytes.length % wireSampleBytes(format));
    this.#oddByte = Buffer.from(bytes.subarray(whole));
    const step = Math.ceil((audioFormatOf(format).sampleRate * STEP_MS) / 1000) * wireSampleBytes(format);
    if (whole > step) return this.#pushInSteps(bytes.subarray(0, whole), step);
    this.#push(bytes.subarray(0, whole));
    return undefined;
  }

  async #pushInSteps(bytes: Buffer, step: number): Promise<void> {
    for (let at = 0; at < bytes.length; at += step) {
      this.#push(bytes.subarray(at, at + step));
      await this.#socket.uncongested();
    }
  }

  #push(bytes: Buffer): void {
    const pcm = toPcm(this.#config.format, bytes);
    const samples = pcm.byteLength / 2;
    const offset = this.#appendedSamples;
    this.#appendedSamples += samples;
    this.#socket.session?.push({ offset, pcm, samples });
  }

  async #commit(): Promise<void> {
    const bufferedMs = this.#appendedMs - this.#takenMs;
    if (bufferedMs < MIN_COMMIT_MS) {
      throw new RealtimeError(
        "input_audio_buffer_commit_empty",
        `Error committing input audio buffer: buffer too small. Expected at least ${MIN_COMMIT_MS}ms of audio, but buffer only has ${bufferedMs.toFixed(2)}ms of audio.`,
      );
    }
    await this.#take();
  }

  /** Makes an item of the audio since the last one. */
  async #take(): Promise<void> {
    const audioMs = this.#appendedMs - this.#takenMs;
    this.#takenMs = this.#appendedMs;
    this.#oddByte = NO_BYTES;
    const { commits } = this.#conversation;
    this.#socket.session?.finalize();
    await this.#socket.session?.caughtUp();
    // A turn that the server ended meanwhile was this very audio.
    if (!this.#socket.isClosed && this.#conversation.commits === commits) this.#conversation.commit(audioMs);
  }

  async #clear(): Promise<void> {
    this.#takenMs = this.#appendedMs;
    this.#oddByte = NO_BYTES;
    this.#socket.session?.cancel();
    await this.#socket.session?.caughtUp();
    if (!this.#socket.isClosed) this.#conversation.clear();
  }

  #sendSession(what: "created" | "updated"): void {
    const session = describeSession(this.#dialect, {
      id: this.#sessionId!,
      model: this.#model,
      config: this.#config,
      settings: this.#settings,
    });
    const family = this.#dialect === "ga" ? "session" : "transcription_session";
    this.#socket.send({ type: `${family}.${what}`, session });
  }

  #sendError(error: unknown, eventId: string | null = null): void {
    const details = errorDetails(error, eventId);
    if (details.code === "internal") this.#context.host.log.error({ err: error }, "a realtime event failed");
    this.#socket.send({ type: "error", error: details });
  }
}

const BINARY_MESSAGE =
  "A binary message is not understood here: send audio as base64 in input_audio_buffer.append events.";

/** Clients from before general availability say so, in a header or, in a page, in a subprotocol. */
function dialectOf({ request }: ConnectionRequest): Dialect {
  const offered = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  const beta = request.headers["openai-beta"] === "realtime=v1" || offered.includes("openai-beta.realtime-v1");
  return beta ? "beta" : "ga";
}
