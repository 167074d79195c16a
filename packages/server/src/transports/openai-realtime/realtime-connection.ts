import { assertNever, CloseCode } from "@stt/core";
import type { WebSocket } from "ws";
import type { SessionEvent } from "../../session/events.js";
import { IdleWatch } from "../../session/idle-watch.js";
import type { Session } from "../../session/session.js";
import type { SessionOrder } from "../../session/session-client.js";
import type { SessionHost } from "../../session/session-host.js";
import type { SessionSettings } from "../../session/settings.js";
import type { Visitor } from "../door.js";
import { Outbox } from "../outbox.js";
import { type ClientEvent, type Dialect, eventIdOf, parseJson, readClientEvent } from "./client-events.js";
import { Conversation } from "./conversation.js";
import { audioFormatOf, sameFormat, toPcm, wireSampleBytes } from "./input-format.js";
import { DEFAULT_CONFIG, describeSession, overridesOf, type RealtimeConfig, withChange } from "./realtime-config.js";
import { errorDetails, RealtimeError } from "./realtime-error.js";
import { encodeServerEvent, type ServerEvent } from "./server-events.js";

/** What this transport needs of the server. */
export interface RealtimeContext {
  host: SessionHost;
  /** Most audio of one event, bytes; a whole event may be as much larger as base64 makes it. */
  maxFrameBytes: number;
  /** A session without any message for this long is closed, milliseconds; 0 is never. */
  idleTimeoutMs(): number;
  /** Text that may wait for a client that does not read, bytes. */
  maxSendBufferBytes: number;
}

/** Room in an event for everything that is not audio: a prompt at its limit fits several times. */
const ENVELOPE_BYTES = 16_384;
/** Unjudged audio is looked at again after this long while a client is held back. */
const CONGESTION_CHECK_MS = 20;
/** A long piece of audio is taken in steps of this many milliseconds, so that a session can hold its client back in between. */
const STEP_MS = 1000;
/** OpenAI's least length of a commit. */
const MIN_COMMIT_MS = 100;

/** Serves one WebSocket of OpenAI's Realtime wire: one socket, one session. */
export class RealtimeConnection {
  readonly #socket: WebSocket;
  readonly #context: RealtimeContext;
  readonly #visitor: Visitor;
  readonly #outbox: Outbox<ServerEvent>;
  readonly #idle: IdleWatch;
  readonly #conversation: Conversation;
  /** What came and was not dealt with: the session opens, or cannot take more audio for now. */
  readonly #inbox: (() => void)[] = [];
  #dialect: Dialect;
  #config: RealtimeConfig = DEFAULT_CONFIG;
  #session: Session | undefined;
  #sessionId: string | undefined;
  #model = "";
  #appendedSamples = 0;
  /** Audio before this was committed or cleared, milliseconds. */
  #takenMs = 0;
  /** The first half of a sample that two events share. */
  #oddByte = Buffer.alloc(0);
  #cancelTimer: (() => void) | undefined;
  #disposed = false;
  /** The server ends: what was said becomes text, committed or not, and nothing more is heard. */
  #leaving = false;

  constructor(socket: WebSocket, context: RealtimeContext, visitor: Visitor) {
    this.#socket = socket;
    this.#context = context;
    this.#visitor = visitor;
    this.#dialect = dialectOf(visitor);
    this.#outbox = new Outbox(socket, encodeServerEvent, context.maxSendBufferBytes, () =>
      this.#close(CloseCode.SLOW_READER, "the client does not read"),
    );
    this.#conversation = new Conversation({
      manual: () => this.#config.turnDetection === null,
      dialect: () => this.#dialect,
      prefixMs: () => this.#settings.preRollMs,
      behind: () => this.#outbox.behind,
      emit: (event) => this.#outbox.send(event),
    });
    socket.on("message", (data: Buffer, isBinary: boolean) => this.#onMessage(data, isBinary));
    socket.on("close", () => this.#dispose());
    // `ws` closes the socket itself after a broken frame; without a listener the process would end.
    socket.on("error", (error) => context.host.log.info({ err: error }, "a client broke the WebSocket protocol"));
    this.#idle = new IdleWatch(context.host.clock, () => this.#close(CloseCode.IDLE_TIMEOUT, "idle"));
    this.#idle.arm(context.idleTimeoutMs());
    visitor.guard.speakThrough({
      // This wire has no warnings.
      warn: () => {},
      end: (error, closeCode) => {
        this.#sendError(error);
        this.#close(closeCode, error.code);
      },
    });
    void this.#open(() => this.#sendSession("created"));
  }

  get #settings(): SessionSettings {
    return this.#session?.settings ?? this.#context.host.defaults();
  }

  get #appendedMs(): number {
    return (this.#appendedSamples * 1000) / audioFormatOf(this.#config.format).sampleRate;
  }

  /** Opens the session, or another one in its place while no audio has come. */
  async #open(opened: () => void): Promise<void> {
    const { host } = this.#context;
    const { principal, address } = this.#visitor;
    this.#session?.close();
    this.#session = undefined;
    try {
      const { session, model } = await host.open(
        {
          origin: { wire: "openai-realtime", principal: principal.name, address },
          format: audioFormatOf(this.#config.format),
          options: {},
          overrides: overridesOf(this.#config, host.defaults()),
          ...(this.#sessionId && { resume: { sessionId: this.#sessionId, fromSample: 0, nextUtterance: 0 } }),
        },
        { onEvent: (event) => this.#onEvent(event), onOrder: (order) => this.#onOrder(order) },
      );
      if (this.#disposed) {
        session.close();
        return;
      }
      this.#session = session;
      this.#sessionId = session.id;
      this.#model = model;
      opened();
      this.#work();
    } catch (error) {
      this.#sendError(error);
      this.#close(CloseCode.TRY_AGAIN_LATER, "no session");
    }
  }

  #onMessage(data: Buffer, isBinary: boolean): void {
    this.#idle.touch();
    this.#inbox.push(() => this.#handle(data, isBinary));
    this.#work();
  }

  /** Deals with what came, as far as the session can take it; then the client's socket is not read for a while. */
  #work(): void {
    while (this.#inbox.length > 0 && this.#session && !this.#session.congested) this.#inbox.shift()!();
    if (this.#inbox.length === 0) {
      this.#socket.resume();
      return;
    }
    this.#socket.pause();
    if (!this.#session) return;
    this.#cancelTimer?.();
    this.#cancelTimer = this.#context.host.clock.setTimer(CONGESTION_CHECK_MS, () => this.#work());
  }

  #handle(data: Buffer, isBinary: boolean): void {
    let eventId: string | null = null;
    try {
      const limit = Math.ceil((this.#context.maxFrameBytes * 4) / 3) + ENVELOPE_BYTES;
      if (isBinary) throw new RealtimeError("invalid_message", BINARY_MESSAGE);
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
      if (event.type === "append" || this.#visitor.guard.countMessage()) this.#obey(event);
    } catch (error) {
      if (this.#visitor.guard.countMessage()) this.#sendError(error, eventId);
    }
  }

  #obey(event: ClientEvent): void {
    switch (event.type) {
      case "update":
        this.#update(event);
        return;
      case "append":
        this.#append(event.audio);
        return;
      case "commit":
        this.#commit();
        return;
      case "clear":
        this.#takenMs = this.#appendedMs;
        this.#oddByte = Buffer.alloc(0);
        this.#session?.cancel(() => {
          if (!this.#disposed) this.#conversation.clear();
        });
        return;
    }
  }

  #update({ dialect, change }: Extract<ClientEvent, { type: "update" }>): void {
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
    // Speech that waited for a commit would wait for ever: nobody commits where the server finds the turns.
    const released = before.turnDetection === null && config.turnDetection !== null;
    if (released && this.#conversation.hasOpenItem) this.#take();
    this.#dialect = dialect;
    this.#config = config;
    if (otherFormat) {
      void this.#open(() => this.#sendSession("updated"));
      return;
    }
    this.#session?.update({}, overridesOf(config, this.#context.host.defaults()));
    this.#sendSession("updated");
  }

  #append(audio: Buffer): void {
    const { format } = this.#config;
    const bytes = this.#oddByte.length > 0 ? Buffer.concat([this.#oddByte, audio]) : audio;
    const whole = bytes.length - (bytes.length % wireSampleBytes(format));
    this.#oddByte = Buffer.from(bytes.subarray(whole));
    const step = Math.ceil((audioFormatOf(format).sampleRate * STEP_MS) / 1000) * wireSampleBytes(format);
    const steps: (() => void)[] = [];
    for (let at = 0; at < whole; at += step) {
      const piece = bytes.subarray(at, Math.min(at + step, whole));
      steps.push(() => this.#push(piece));
    }
    this.#inbox.unshift(...steps);
  }

  #push(piece: Buffer): void {
    if (this.#leaving) return;
    const pcm = toPcm(this.#config.format, piece);
    const samples = pcm.byteLength / 2;
    const offset = this.#appendedSamples;
    this.#appendedSamples += samples;
    try {
      this.#session?.push({ offset, pcm, samples });
    } catch (error) {
      this.#sendError(error);
    }
  }

  #commit(): void {
    const bufferedMs = this.#appendedMs - this.#takenMs;
    if (bufferedMs < MIN_COMMIT_MS) {
      throw new RealtimeError(
        "input_audio_buffer_commit_empty",
        `Error committing input audio buffer: buffer too small. Expected at least ${MIN_COMMIT_MS}ms of audio, but buffer only has ${bufferedMs.toFixed(2)}ms of audio.`,
      );
    }
    this.#take();
  }

  /** Makes an item of the audio since the last one. */
  #take(): void {
    const audioMs = this.#appendedMs - this.#takenMs;
    this.#takenMs = this.#appendedMs;
    this.#oddByte = Buffer.alloc(0);
    const { commits } = this.#conversation;
    this.#session?.finalize(() => {
      // A turn that the server ended meanwhile was this very audio.
      if (!this.#disposed && this.#conversation.commits === commits) this.#conversation.commit(audioMs);
    });
  }

  #onEvent(event: SessionEvent): void {
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
      case "error":
        if (!event.fatal) {
          this.#conversation.onFailure(event);
          return;
        }
        this.#outbox.send({
          type: "error",
          error: { type: "server_error", code: event.code, message: event.message, param: null, event_id: null },
        });
        this.#close(CloseCode.INTERNAL_ERROR, event.code);
        return;
      case "end":
        // Ended by an operator or with the server: what nobody will commit any more is not lost.
        if (this.#conversation.hasOpenItem) this.#conversation.commit(this.#appendedMs - this.#takenMs);
        if (this.#leaving) this.#close(CloseCode.SERVICE_RESTART, "shutting down");
        else this.#close(CloseCode.NORMAL, "ended");
        return;
      case "silence_start":
      case "silence_end":
      case "utterance_audio":
      case "progress":
      case "warning":
        // This wire has no words for these.
        return;
      default:
        assertNever(event);
    }
  }

  #onOrder(order: SessionOrder): void {
    switch (order.type) {
      case "drain":
        // This wire cannot resume: its clients stay until their text is out.
        return;
      case "flush":
        // After what has come and still waits.
        this.#inbox.push(() => this.#leave());
        this.#work();
        return;
      default:
        assertNever(order);
    }
  }

  #leave(): void {
    this.#leaving = true;
    void this.#session?.stop();
  }

  #sendSession(what: "created" | "updated"): void {
    const session = describeSession(this.#dialect, {
      id: this.#sessionId!,
      model: this.#model,
      config: this.#config,
      settings: this.#settings,
    });
    const family = this.#dialect === "ga" ? "session" : "transcription_session";
    this.#outbox.send({ type: `${family}.${what}`, session });
  }

  #sendError(error: unknown, eventId: string | null = null): void {
    const details = errorDetails(error, eventId);
    if (details.code === "internal") this.#context.host.log.error({ err: error }, "a realtime event failed");
    this.#outbox.send({ type: "error", error: details });
  }

  #close(code: number, reason: string): void {
    this.#socket.close(code, reason);
    this.#dispose();
  }

  #dispose(): void {
    this.#disposed = true;
    this.#idle.disarm();
    this.#cancelTimer?.();
    this.#inbox.length = 0;
    this.#outbox.close();
    this.#session?.close();
    this.#session = undefined;
  }
}

const BINARY_MESSAGE =
  "A binary message is not understood here: send audio as base64 in input_audio_buffer.append events.";

/** Clients from before general availability say so, in a header or, in a page, in a subprotocol. */
function dialectOf({ request }: Visitor): Dialect {
  const offered = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  const beta = request.headers["openai-beta"] === "realtime=v1" || offered.includes("openai-beta.realtime-v1");
  return beta ? "beta" : "ga";
}
