import {
  type AudioFormat,
  assertNever,
  type ClientMessageOf,
  decodeAudioFrame,
  decodeClientMessage,
  encodeMessage,
  PROTOCOL_VERSION,
  type ServerMessage,
  SttError,
} from "@stt/core";
import type { WebSocket } from "ws";
import type { SessionEvent, SessionEventOf } from "../../session/events.js";
import type { Session } from "../../session/session.js";
import { patternFaults } from "../../text/rules/replacements.js";
import { SessionSocket, type SocketContext } from "../socket/session-socket.js";
import type { Wire } from "../socket/wire.js";
import type { ConnectionRequest } from "../websocket-endpoint.js";
import { closeCodeOf } from "./close-code-of.js";

/** What the native wire needs of the server. */
export interface StreamContext extends SocketContext {
  /** Audio a session may have waiting, milliseconds. */
  maxBufferedMs: number;
  /** A connection without "start" for this long is closed, milliseconds. */
  startTimeoutMs: number;
}

/** A vocabulary at its limit fits with every character escaped, and a page for each of a hundred replacements. */
const MAX_TEXT_BYTES = 262_144;

/** The native wire (docs/protocol.md): one socket, one session. */
export class StreamConnection implements Wire<ServerMessage> {
  readonly name = "stream";
  readonly maxTextBytes = MAX_TEXT_BYTES;
  readonly encode: (message: ServerMessage) => string = encodeMessage;
  readonly #request: ConnectionRequest;
  readonly #context: StreamContext;
  readonly #socket: SessionSocket<ServerMessage>;
  readonly #cancelStartTimer: () => void;
  #format: AudioFormat | undefined;

  constructor(webSocket: WebSocket, request: ConnectionRequest, context: StreamContext) {
    this.#request = request;
    this.#context = context;
    this.#socket = new SessionSocket(webSocket, request, context, this);
    this.#cancelStartTimer = context.host.clock.setTimer(context.startTimeoutMs, () => {
      const waited = `${context.startTimeoutMs / 1000} s (START_TIMEOUT)`;
      this.onError(new SttError("timeout", `No "start" came within ${waited}.`));
    });
  }

  onMessage(data: Buffer, isBinary: boolean): void | Promise<void> {
    if (isBinary) return this.#onAudio(data);
    const message = decodeClientMessage(data.toString("utf8"));
    switch (message.type) {
      case "start":
        return this.#start(message);
      case "ping":
        return this.#socket.send({ type: "pong", id: message.id });
      case "update": {
        const { type, ...options } = message;
        const session = this.#require(type);
        checkPatterns(message);
        session.update(options);
        if (options.endpointing?.endOfTurn === "model" && session.endOfTurn !== "model") {
          this.sendWarning("no_end_of_turn_model", NO_TURN_MODEL);
        }
        return;
      }
      case "finalize":
        return this.#require(message.type).finalize();
      case "cancel":
        return this.#require(message.type).cancel();
      case "stop":
        this.#require(message.type);
        return this.#socket.stop();
      default:
        assertNever(message);
    }
  }

  onEvent(event: SessionEvent): void {
    switch (event.type) {
      case "partial": {
        const { heard: _, ...partial } = event;
        this.#socket.sendLatest(partial);
        return;
      }
      case "final":
        this.#socket.dropLatest();
        this.#socket.send(event);
        return;
      case "discarded":
        this.#socket.dropLatest();
        // No final follows: text that was shown is withdrawn by an empty partial.
        if (event.revision > 0) this.#socket.send(emptyPartial(event));
        this.#socket.send(discarded(event));
        return;
      case "progress":
        this.#socket.send({ ...event, type: "ack" });
        return;
      case "error": {
        const { code, message, fatal } = event;
        this.#socket.send({ type: "error", code, message, fatal });
        return;
      }
      case "speech_start":
      case "speech_end":
      case "turn":
      case "warning":
      case "end":
        this.#socket.send(event);
        return;
      case "silence_start":
      case "silence_end":
      case "utterance_audio":
        return;
      default:
        assertNever(event);
    }
  }

  /** A mistaken command leaves a running session as it was; anything else ends this connection, and only it. */
  onError(error: SttError): void {
    const { code, message } = error;
    const goesOn = this.#socket.session && (code === "bad_message" || code === "invalid_state");
    if (goesOn) this.#socket.send({ type: "error", code, message, fatal: false });
    else this.#socket.end(error, closeCodeOf(code));
  }

  onClose(): void {
    this.#cancelStartTimer();
  }

  sendReason({ code, message }: SttError): void {
    this.#socket.send({ type: "error", code, message, fatal: true });
  }

  sendWarning(code: string, message: string): void {
    this.#socket.send({ type: "warning", code, message });
  }

  sendGoAway(resumeWithinMs: number): void {
    this.#socket.send({ type: "goaway", reason: "draining", resumeWithinMs });
  }

  async #start(message: ClientMessageOf<"start">): Promise<void> {
    if (this.#format) throw new SttError("invalid_state", '"start" came twice on one connection.');
    this.#cancelStartTimer();
    const { maxFrameBytes, maxBufferedMs } = this.#context;
    const { guard } = this.#request;
    const { audio, resume, type: _type, protocol: _protocol, ...options } = message;
    checkPatterns(message);
    this.#format = audio;
    if (resume) await guard.takeOver(resume.sessionId);
    const opened = await this.#socket.open({ format: audio, options, tellsCommands: true, ...(resume && { resume }) });
    if (!opened) return;
    const { session, model, realtimeModel, device, endOfTurn } = opened;
    guard.sessionId = session.id;
    this.#socket.send({
      type: "ready",
      protocol: PROTOCOL_VERSION,
      sessionId: session.id,
      model,
      realtimeModel,
      device,
      resumed: resume !== undefined,
      receivedSamples: session.receivedSamples,
      limits: { maxFrameBytes, maxBufferedMs },
      endOfTurn,
    });
  }

  #onAudio(data: Buffer): void {
    if (!this.#format) {
      throw new SttError("audio_before_start", 'Audio came before the "start" message. Send "start" first.');
    }
    this.#socket.session?.push(decodeAudioFrame(data, this.#format));
  }

  #require(command: string): Session {
    const { session } = this.#socket;
    if (session) return session;
    throw new SttError(
      "invalid_state",
      `"${command}" came before the session was ready. Send "start" and wait for "ready".`,
    );
  }
}

/** `ready` says the same of a session that asks at its start. */
const NO_TURN_MODEL =
  "Silence goes on to end turns: this server has no end-of-turn model, or none that knows the session's language.";

/** @throws SttError `bad_message`, worded as those of the schema */
function checkPatterns({ type, replace = [] }: ClientMessageOf<"start" | "update">): void {
  const [fault] = patternFaults(replace);
  if (!fault) return;
  const { index, pattern, reason } = fault;
  throw new SttError(
    "bad_message",
    `In the message "${type}", replace[${index}].find is ${JSON.stringify(pattern)}; it must be a pattern that RE2 reads (${reason}).`,
  );
}

function discarded({ utterance, rule, reason, atMs }: SessionEventOf<"discarded">): ServerMessage {
  return { type: "discarded", utterance, rule, message: `There is no text for this utterance: ${reason}.`, atMs };
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
