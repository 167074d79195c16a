import {
  type AudioFormat,
  assertNever,
  type ClientMessageOf,
  CloseCode,
  decodeAudioFrame,
  decodeClientMessage,
  encodeMessage,
  isSttError,
  PROTOCOL_VERSION,
  type ServerMessage,
  STREAM_PATH,
  SttError,
  type SttErrorCode,
  SUBPROTOCOL,
} from "@stt/core";
import type { WebSocket } from "ws";
import type { SocketGuard } from "../security/socket-guard.js";
import type { SessionEvent, SessionEventOf } from "../session/events.js";
import { IdleWatch } from "../session/idle-watch.js";
import type { Session } from "../session/session.js";
import type { SessionOrder } from "../session/session-client.js";
import type { SessionHost, SessionOrigin } from "../session/session-host.js";
import type { Door } from "./door.js";
import { HoldBack } from "./hold-back.js";
import { Outbox } from "./outbox.js";

/** What the native transport needs of the server. */
export interface StreamContext {
  host: SessionHost;
  /** Largest binary message, bytes. */
  maxFrameBytes: number;
  /** Audio a session may have waiting, milliseconds. */
  maxBufferedMs: number;
  /** A session without any message for this long is closed, milliseconds; 0 is never. */
  idleTimeoutMs(): number;
  /** A connection without "start" for this long is closed, milliseconds. */
  startTimeoutMs: number;
  /** Text that may wait for a client that does not read, bytes. */
  maxSendBufferBytes: number;
}

/** Largest text message, bytes: a prompt and a vocabulary at their limits fit several times. */
const MAX_TEXT_BYTES = 65_536;

/** The native wire at `/v1/stream`, on both listeners. */
export function streamDoor(context: StreamContext): Door {
  return {
    path: STREAM_PATH,
    scope: "transcribe",
    opensSession: true,
    // The frame limit proper is judged by the connection, which can say so; this bound only protects the memory.
    maxPayloadBytes: 4 * context.maxFrameBytes,
    selectProtocol: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
    turnAway: (socket, { code, message }, retryAfterMs) => {
      const wish = retryAfterMs === undefined ? {} : { retryAfterMs };
      socket.send(encodeMessage({ type: "error", code, message, fatal: true, ...wish }));
      socket.close(closeCodeOf(code), code);
    },
    accept: (socket, { principal, address, guard }) => {
      new StreamConnection(socket, context, { wire: "stream", principal: principal.name, address }, guard);
    },
  };
}

/** Serves one WebSocket of the native wire (docs/protocol.md): one socket, one session. */
class StreamConnection {
  readonly #socket: WebSocket;
  readonly #context: StreamContext;
  readonly #origin: SessionOrigin;
  readonly #outbox: Outbox<ServerMessage>;
  readonly #idle: IdleWatch;
  readonly #guard: SocketGuard;
  readonly #cancelStartTimer: () => void;
  readonly #holdBack: HoldBack;
  #session: Session | undefined;
  #format: AudioFormat | undefined;
  /** What came after `start` and before the session was open: in a start-up, models may have to load first. */
  #early: { data: Buffer; isBinary: boolean }[] | undefined;
  #starting = false;
  #stopping = false;

  constructor(socket: WebSocket, context: StreamContext, origin: SessionOrigin, guard: SocketGuard) {
    this.#socket = socket;
    this.#context = context;
    this.#origin = origin;
    this.#holdBack = new HoldBack(socket, context.host.clock);
    this.#guard = guard;
    this.#outbox = new Outbox<ServerMessage>(socket, encodeMessage, context.maxSendBufferBytes, () =>
      this.#close(CloseCode.SLOW_READER, "the client does not read"),
    );
    socket.on("message", (data: Buffer, isBinary: boolean) => this.#onMessage(data, isBinary));
    socket.on("close", () => this.#dispose());
    // `ws` closes the socket itself after a broken frame; without a listener the process would end.
    socket.on("error", (error) => context.host.log.info({ err: error }, "a client broke the WebSocket protocol"));
    this.#idle = new IdleWatch(context.host.clock, () => {
      if (!this.#stopping) this.#close(CloseCode.IDLE_TIMEOUT, "idle");
    });
    this.#idle.arm(context.idleTimeoutMs());
    this.#cancelStartTimer = context.host.clock.setTimer(context.startTimeoutMs, () => {
      const waited = `${context.startTimeoutMs / 1000} s (START_TIMEOUT)`;
      if (!this.#starting) this.#refuse(new SttError("timeout", `No "start" came within ${waited}.`));
    });
    guard.speakThrough({
      warn: (code, message) => this.#send({ type: "warning", code, message }),
      end: ({ code, message }, closeCode) => {
        this.#send({ type: "error", code, message, fatal: true });
        this.#close(closeCode, code);
      },
    });
  }

  #onMessage(data: Buffer, isBinary: boolean): void {
    this.#idle.touch();
    if (this.#early) {
      this.#early.push({ data, isBinary });
      return;
    }
    try {
      if (isBinary) this.#onAudio(data);
      else this.#onText(data);
    } catch (error) {
      this.#refuse(error);
    }
  }

  #onAudio(data: Buffer): void {
    const { maxFrameBytes } = this.#context;
    if (data.byteLength > maxFrameBytes) {
      throw new SttError(
        "bad_frame",
        `An audio frame has ${data.byteLength} bytes; this server takes at most ${maxFrameBytes}.`,
      );
    }
    if (!this.#format)
      throw new SttError("audio_before_start", 'Audio came before the "start" message. Send "start" first.');
    const frame = decodeAudioFrame(data, this.#format);
    if (!this.#session) return;
    this.#session.push(frame);
    this.#holdBack.check(this.#session);
  }

  #onText(data: Buffer): void {
    if (!this.#guard.countMessage()) return;
    if (data.byteLength > MAX_TEXT_BYTES) {
      throw new SttError("bad_message", `A message has ${data.byteLength} bytes; at most ${MAX_TEXT_BYTES} are taken.`);
    }
    const message = decodeClientMessage(data.toString("utf8"));
    switch (message.type) {
      case "start":
        if (this.#starting) throw new SttError("invalid_state", '"start" came twice on one connection.');
        this.#starting = true;
        void this.#start(message).then(() => this.#handleEarly());
        return;
      case "ping":
        this.#send({ type: "pong", id: message.id });
        return;
      case "update": {
        const { type: _, ...options } = message;
        this.#require(message.type).update(options);
        return;
      }
      case "finalize":
        this.#require(message.type).finalize();
        return;
      case "cancel":
        this.#require(message.type).cancel();
        return;
      case "stop":
        this.#stop(this.#require(message.type));
        return;
    }
  }

  async #start(message: ClientMessageOf<"start">): Promise<void> {
    const { host, maxFrameBytes, maxBufferedMs } = this.#context;
    const { audio, resume, type: _type, protocol: _protocol, ...options } = message;
    this.#format = audio;
    this.#early = [];
    // Only what has been read already is kept here; the rest waits in the sender's socket.
    this.#socket.pause();
    try {
      if (resume) await this.#guard.takeOver(resume.sessionId);
      const opened = await host.open(
        {
          origin: this.#origin,
          format: audio,
          options,
          ...(resume ? { resume } : {}),
        },
        { onEvent: (event) => this.#onEvent(event), onOrder: (order) => this.#onOrder(order) },
      );
      if (this.#socket.readyState !== this.#socket.OPEN) {
        opened.session.close();
        return;
      }
      this.#session = opened.session;
      this.#guard.sessionId = opened.session.id;
      this.#send({
        type: "ready",
        protocol: PROTOCOL_VERSION,
        sessionId: opened.session.id,
        model: opened.model,
        realtimeModel: opened.realtimeModel,
        device: opened.device,
        resumed: resume !== undefined,
        receivedSamples: opened.session.receivedSamples,
        limits: { maxFrameBytes, maxBufferedMs },
      });
    } catch (error) {
      this.#refuse(error);
    }
  }

  #handleEarly(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    this.#socket.resume();
    for (const { data, isBinary } of early) {
      if (this.#socket.readyState === this.#socket.OPEN) this.#onMessage(data, isBinary);
    }
  }

  #stop(session: Session): void {
    if (this.#stopping) return;
    this.#stopping = true;
    void session.stop();
  }

  #require(command: string): Session {
    if (this.#session) return this.#session;
    throw new SttError(
      "invalid_state",
      `"${command}" came before the session was ready. Send "start" and wait for "ready".`,
    );
  }

  #onEvent(event: SessionEvent): void {
    switch (event.type) {
      case "partial":
        this.#outbox.sendLatest(event);
        return;
      case "progress":
        this.#send({ type: "ack", receivedSamples: event.receivedSamples, finalizedSamples: event.finalizedSamples });
        return;
      case "error":
        this.#send({ type: "error", code: event.code, message: event.message, fatal: event.fatal });
        if (event.fatal) this.#close(CloseCode.INTERNAL_ERROR, event.code);
        return;
      case "discarded":
        this.#outbox.dropLatest();
        // No final follows: text that was shown is withdrawn by an empty partial.
        if (event.revision > 0) this.#send(emptyPartial(event));
        return;
      case "end":
        this.#stopping = true;
        this.#send(event);
        this.#close(CloseCode.NORMAL, "done");
        return;
      case "final":
        this.#outbox.dropLatest();
        this.#send(event);
        return;
      case "speech_start":
      case "speech_end":
      case "warning":
        this.#send(event);
        return;
      case "silence_start":
      case "silence_end":
      case "utterance_audio":
        return;
      default:
        assertNever(event);
    }
  }

  #onOrder(order: SessionOrder): void {
    switch (order.type) {
      case "drain":
        this.#send({ type: "goaway", reason: "draining", resumeWithinMs: order.resumeWithinMs });
        return;
      case "flush":
        this.#session?.finalize();
        return;
      default:
        assertNever(order);
    }
  }

  #send(message: ServerMessage): void {
    this.#outbox.send(message);
  }

  /** Says what was wrong. A mistaken command leaves a running session as it was; anything else ends this connection, and only it. */
  #refuse(error: unknown): void {
    const known = isSttError(error);
    if (!known) this.#context.host.log.error({ err: error }, "a session failed");
    const code: SttErrorCode = known ? error.code : "internal";
    const message = known ? error.message : "The server failed to handle this message.";
    const fatal = !(this.#session && (code === "bad_message" || code === "invalid_state"));
    this.#send({ type: "error", code, message, fatal });
    if (fatal) this.#close(closeCodeOf(code), code);
  }

  #close(code: number, reason: string): void {
    this.#socket.close(code, reason);
    this.#dispose();
  }

  #dispose(): void {
    this.#cancelStartTimer();
    this.#idle.disarm();
    this.#holdBack.dispose();
    this.#outbox.close();
    this.#session?.close();
    this.#session = undefined;
  }
}

function emptyPartial(event: SessionEventOf<"discarded">): ServerMessage {
  return {
    type: "partial",
    utterance: event.utterance,
    revision: event.revision + 1,
    committed: "",
    tentative: "",
    startMs: event.atMs,
    endMs: event.atMs,
    language: event.language,
  };
}

function closeCodeOf(code: SttErrorCode): number {
  switch (code) {
    case "internal":
    case "engine_failed":
      return CloseCode.INTERNAL_ERROR;
    case "capacity":
    case "rate_limited":
      return CloseCode.TRY_AGAIN_LATER;
    case "unauthorized":
    case "forbidden":
      return CloseCode.UNAUTHORIZED;
    default:
      return CloseCode.PROTOCOL_ERROR;
  }
}
