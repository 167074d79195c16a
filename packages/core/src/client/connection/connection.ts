/** One socket's life: token, open, start, ready, messages, pings, and exactly one end. */

import { callSafely } from "../../callers/caller-code.js";
import { excerptOf } from "../../callers/fields.js";
import type { Clock } from "../../clock.js";
import { isSttError, messageOf, SttError } from "../../errors.js";
import { encodeAudioFrame } from "../../protocol/audio-frame.js";
import { CloseCode } from "../../protocol/close-codes.js";
import type { ClientMessage, ClientMessageOf, ServerMessage, ServerMessageOf } from "../../protocol/messages.js";
import { RESUME_SUBPROTOCOL_PREFIX, SUBPROTOCOL } from "../../protocol/version.js";
import type { TokenProvider } from "../options.js";
import { type ConnectionLoss, hostOf, lossOf } from "./connection-loss.js";
import { readServerMessage } from "./server-message-reader.js";
import type { ClientSocket, SocketClose, SocketFactory, SocketRequest } from "./socket.js";

/** Messages of a running session. */
export type SessionMessage = Exclude<ServerMessage, { type: "ready" | "pong" }>;

export interface ConnectionHandlers {
  /** The socket is open; `start` may be sent. */
  open(): void;
  /** The session runs. */
  ready(message: ServerMessageOf<"ready">): void;
  message(message: SessionMessage): void;
  /** A ping came back, milliseconds. */
  latency(latencyMs: number): void;
  /** The end, unless `close` or `drop` was called. Exactly once, last. */
  lost(loss: ConnectionLoss): void;
}

export interface ConnectionOptions {
  url: string;
  /** The session that it goes on with. */
  resumes: string | undefined;
  token: TokenProvider;
  /** Whether the provider has another token when one has ended. */
  renewsToken: boolean;
  socketFactory: SocketFactory;
  clock: Clock;
  /** Bound of each step: token and open; start to ready. Milliseconds. */
  stepTimeoutMs: number;
  pingIntervalMs: number;
  pongTimeoutMs: number;
}

/** The beginning of a sentence about a time that has passed. */
export const NO_TOKEN = "The token provider did not give a token";

/** @see ConnectionHandlers for what it reports. Nothing is reported after `close` or `drop`. */
export class Connection {
  #socket: ClientSocket | undefined;
  #ended = false;
  #opened = false;
  #isReady = false;
  #stopTimer: (() => void) | undefined;
  #nextPing = 1;
  #pingSentAt = 0;
  #heard = false;
  #fault: ServerMessageOf<"error"> | undefined;
  #hasToken = false;
  readonly #options: ConnectionOptions;
  readonly #handlers: ConnectionHandlers;

  constructor(options: ConnectionOptions, handlers: ConnectionHandlers) {
    this.#options = options;
    this.#handlers = handlers;
    this.#armStepTimeout(() =>
      this.isWaitingForToken ? NO_TOKEN : `The server ${hostOf(options.url)} did not answer`,
    );
    void this.#open();
  }

  get url(): string {
    return this.#options.url;
  }

  /** The token provider has not answered yet. */
  get isWaitingForToken(): boolean {
    return !this.#hasToken;
  }

  get isOpen(): boolean {
    return this.#opened && !this.#ended;
  }

  /** Whether a session runs on it. */
  get inSession(): boolean {
    return this.#isReady && !this.#ended;
  }

  get bufferedBytes(): number {
    try {
      return this.#socket?.bufferedAmount ?? 0;
    } catch {
      return 0;
    }
  }

  start(message: ClientMessageOf<"start">): void {
    this.#armStepTimeout(() => `The server ${hostOf(this.#options.url)} did not start the session`);
    this.send(message);
  }

  send(message: ClientMessage): void {
    this.#transmit(JSON.stringify(message));
  }

  sendAudio(offset: number, pcm: Uint8Array): void {
    this.#transmit(encodeAudioFrame(offset, pcm));
  }

  /** Closes in good order. */
  close(code: number, reason: string): void {
    if (this.#end()) this.#closeSocket(code, reason);
  }

  /** Drops the socket at once. */
  drop(): void {
    if (this.#end()) this.#terminateSocket();
  }

  async #open(): Promise<void> {
    const { url, resumes } = this.#options;
    const protocols = [SUBPROTOCOL, ...(resumes === undefined ? [] : [RESUME_SUBPROTOCOL_PREFIX + resumes])];
    let token: string | undefined;
    try {
      token = tokenOf(await this.#options.token());
    } catch (cause) {
      const isWrongType = isSttError(cause) && cause.code === "invalid_argument";
      const error = isWrongType
        ? cause
        : new SttError("connection_failed", `The token provider failed: ${messageOf(cause)}.`, {
            cause,
            retryable: true,
          });
      this.#fail({ error, mayReconnect: !isWrongType, code: 1006, opened: false });
      return;
    }
    this.#hasToken = true;
    if (this.#ended) return;
    try {
      this.#socket = this.#openSocket({ url, protocols, ...(token ? { token } : {}) });
    } catch (cause) {
      if (isSttError(cause)) this.#fail({ error: cause, mayReconnect: false, code: 1006, opened: false });
      else this.#fail(lossOf(url, { code: 1006, reason: messageOf(cause), cause }, false, undefined));
    }
  }

  /** @throws what the factory throws; SttError `invalid_argument` when what it returns is no socket */
  #openSocket(request: SocketRequest): ClientSocket {
    let isOurs = false;
    // A factory that calls back before it has returned would be answered through a socket that is not here yet.
    const afterwards = (callback: () => void): void => {
      if (isOurs) callback();
      else void Promise.resolve().then(callback);
    };
    const socket = this.#options.socketFactory(request, {
      open: () => afterwards(() => this.#onOpen()),
      message: (data) => afterwards(() => this.#onMessage(data)),
      close: (info) => afterwards(() => this.#onClose(info)),
    });
    if (!isSocket(socket)) {
      throw new SttError(
        "invalid_argument",
        `The socketFactory returned ${excerptOf(socket)}; it must return a ClientSocket with send, close and terminate.`,
      );
    }
    isOurs = true;
    return socket;
  }

  /** A socket that cannot be closed is as good as gone. */
  #closeSocket(code: number, reason: string): void {
    callSafely(
      () => this.#socket?.close(code, reason),
      () => {},
    );
  }

  #terminateSocket(): void {
    callSafely(
      () => this.#socket?.terminate(),
      () => {},
    );
  }

  #onOpen(): void {
    if (this.#ended) return;
    this.#disarm();
    this.#opened = true;
    this.#handlers.open();
  }

  #onMessage(data: string | Uint8Array): void {
    // The native wire sends no binary to clients; a newer server's is none of our business.
    if (this.#ended || typeof data !== "string") return;
    this.#heard = true;
    let message: ServerMessage | undefined;
    try {
      message = readServerMessage(data);
    } catch (cause) {
      const error = new SttError("protocol_error", `The server sent something unreadable: ${messageOf(cause)}`, {
        cause,
      });
      this.#closeSocket(CloseCode.PROTOCOL_ERROR, "unreadable message");
      this.#fail({ error, mayReconnect: false, code: CloseCode.PROTOCOL_ERROR, opened: true });
      return;
    }
    if (!message) return;
    switch (message.type) {
      case "pong":
        this.#onPong(message.id);
        return;
      case "ready":
        if (this.#isReady) return;
        this.#isReady = true;
        this.#disarm();
        this.#handlers.ready(message);
        this.#ping();
        return;
      case "error":
        if (message.fatal) this.#fault = message;
        this.#handlers.message(message);
        return;
      default:
        this.#handlers.message(message);
    }
  }

  #onClose(given: SocketClose | undefined): void {
    const info = given ?? { code: 1006, reason: "" };
    const loss = lossOf(this.#options.url, info, this.#opened, this.#fault);
    const tokenEnded = info.code === CloseCode.UNAUTHORIZED && this.#isReady && this.#options.renewsToken;
    this.#fail(tokenEnded ? { ...loss, mayReconnect: true } : loss);
  }

  #onPong(id: number): void {
    if (id === this.#nextPing - 1) this.#handlers.latency(this.#options.clock.now() - this.#pingSentAt);
  }

  #ping(): void {
    if (this.#ended) return;
    this.#pingSentAt = this.#options.clock.now();
    this.#heard = false;
    this.send({ type: "ping", id: this.#nextPing++ });
    this.#arm(this.#options.pongTimeoutMs, () => {
      // Any message proves the connection, so that a server busy with text is not taken for dead.
      if (!this.#heard) {
        const { url, pongTimeoutMs } = this.#options;
        this.#timedOut(`The server ${hostOf(url)} answered nothing for ${pongTimeoutMs / 1000} s.`);
        return;
      }
      this.#arm(Math.max(0, this.#options.pingIntervalMs - this.#options.pongTimeoutMs), () => this.#ping());
    });
  }

  #transmit(data: string | Uint8Array): void {
    if (this.#ended || !this.#opened) return;
    try {
      this.#socket?.send(data);
    } catch (cause) {
      this.#fail(lossOf(this.#options.url, { code: 1006, reason: messageOf(cause), cause }, true, this.#fault));
    }
  }

  /** @param happened what to say of a step that takes too long, up to the time */
  #armStepTimeout(happened: () => string): void {
    const { stepTimeoutMs } = this.#options;
    this.#arm(stepTimeoutMs, () => this.#timedOut(`${happened()} within ${stepTimeoutMs / 1000} s.`));
  }

  #timedOut(sentence: string): void {
    const error = new SttError("timeout", sentence, { retryable: true });
    this.#terminateSocket();
    this.#fail({ error, mayReconnect: true, code: 1006, opened: this.#opened });
  }

  #fail(loss: ConnectionLoss): void {
    if (this.#end()) this.#handlers.lost(loss);
  }

  #end(): boolean {
    if (this.#ended) return false;
    this.#ended = true;
    this.#disarm();
    return true;
  }

  #arm(delayMs: number, callback: () => void): void {
    this.#disarm();
    this.#stopTimer = this.#options.clock.setTimer(delayMs, callback);
  }

  #disarm(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }
}

/** @throws SttError `invalid_argument` */
function tokenOf(token: unknown): string | undefined {
  if (token === undefined || token === null || typeof token === "string") return token ?? undefined;
  throw new SttError("invalid_argument", `The token provider gave ${typeof token}; it must give a string, or nothing.`);
}

function isSocket(value: unknown): value is ClientSocket {
  const socket = value as Partial<ClientSocket> | null | undefined;
  return [socket?.send, socket?.close, socket?.terminate].every((method) => typeof method === "function");
}
