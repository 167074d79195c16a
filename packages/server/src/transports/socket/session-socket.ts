import { assertNever, CloseCode, isSttError, SttError, waitUntil } from "@stt/core";
import { closeReason } from "../../security/close-reason.js";
import type { SessionEvent } from "../../session/events.js";
import { IdleWatch } from "../../session/idle-watch.js";
import type { Session } from "../../session/session.js";
import type { SessionOrder } from "../../session/session-client.js";
import type { OpenedSession, SessionHost, SessionRequest } from "../../session/session-host.js";
import type { ConnectionRequest } from "../websocket-endpoint.js";
import type { MessageSocket } from "./message-socket.js";
import { SocketReader } from "./socket-reader.js";
import { SocketWriter } from "./socket-writer.js";
import type { Wire } from "./wire.js";

/** What the sockets of every wire need of the server. */
export interface SocketContext {
  host: SessionHost;
  /** Largest binary message, bytes. */
  maxFrameBytes: number;
  /** With more unsent bytes than this a client that does not read is given up. */
  maxSendBufferBytes: number;
  /** A socket without any message for this long is closed, milliseconds; 0 is never. @default never */
  idleTimeoutMs?(): number;
}

/** Who is at the other end of a connection that was let in. */
export type SocketRequest = Pick<ConnectionRequest, "principal" | "address" | "guard">;

/** While a session cannot take more audio, it is asked this often. */
const CONGESTION_CHECK_MS = 20;

/**
 * The life of one connection, whichever wire is spoken on it: messages in order and within their bounds, at most one session,
 * back-pressure both ways, idleness, the server's own end, and one way to close.
 */
export class SessionSocket<Message> {
  readonly #connection: MessageSocket;
  readonly #request: SocketRequest;
  readonly #context: SocketContext;
  readonly #wire: Wire<Message>;
  readonly #writer: SocketWriter<Message>;
  readonly #reader: SocketReader;
  readonly #idle: IdleWatch;
  #session: Session | undefined;
  #stopping = false;
  /** The server ends: what was said becomes text, and nothing more is heard. */
  #leaving = false;
  /** The other end is gone; the session goes on to its last text. */
  #isGone = false;
  #closed = false;

  constructor(connection: MessageSocket, request: SocketRequest, context: SocketContext, wire: Wire<Message>) {
    const { host } = context;
    this.#connection = connection;
    this.#request = request;
    this.#context = context;
    this.#wire = wire;
    this.#writer = new SocketWriter(
      connection,
      (message) => wire.encode(message),
      context.maxSendBufferBytes,
      () => this.close(CloseCode.SLOW_READER, "the client does not read"),
    );
    this.#reader = new SocketReader(connection, (data, isBinary) => this.#handle(data, isBinary));
    this.#idle = new IdleWatch(host.clock, () => {
      if (!this.#stopping) this.close(CloseCode.IDLE_TIMEOUT, "idle");
    });
    this.#idle.arm(context.idleTimeoutMs?.() ?? 0);
    connection.on("message", (data: Buffer, isBinary: boolean) => {
      this.#idle.touch();
      if (!this.#closed) this.#reader.read(data, isBinary);
    });
    connection.on("close", () => this.#onGone());
    // `ws` closes the socket itself after a broken frame; without a listener the process would end.
    connection.on("error", (error) => host.log.info({ err: error }, "a client broke the WebSocket protocol"));
    request.guard.setNotifier({
      warn: (code, message) => wire.sendWarning?.(code, message),
      end: (error, closeCode) => this.end(error, closeCode),
    });
  }

  /** The session on this socket, once it is open. */
  get session(): Session | undefined {
    return this.#session;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Whether the client reads slowly: what can be sent later should be. */
  get isBackpressured(): boolean {
    return this.#writer.isBackpressured;
  }

  /** Sends a message that must arrive. */
  send(message: Message): void {
    this.#writer.send(message);
  }

  /** Sends a message that a later one of its kind makes worthless. */
  sendLatest(message: Message): void {
    this.#writer.sendLatest(message);
  }

  /** Forgets the message of {@link sendLatest} that waits for a slow reader, if any. */
  dropLatest(): void {
    this.#writer.dropLatest();
  }

  /** Runs a task after everything that came so far; the next message waits for its promise. */
  enqueue(task: () => Promise<void> | void): void {
    this.#reader.enqueue(async () => {
      if (!this.#closed) await this.#settle((async () => task())());
    });
  }

  /** Forgets the messages that came and were not dealt with. */
  dropWaiting(): void {
    this.#reader.dropWaiting();
  }

  /**
   * Opens the session, in place of the one before if there is one. Waits for models that are still loading. Call it where the
   * next message waits: in `onMessage` or {@link enqueue}.
   *
   * @returns undefined when the client has left meanwhile.
   * @throws SttError `capacity`; whatever made the server's start fail.
   */
  async open(request: Omit<SessionRequest, "origin">): Promise<OpenedSession | undefined> {
    const { principal, address } = this.#request;
    this.dropSession();
    const opened = await this.#context.host.open(
      { ...request, origin: { wire: this.#wire.name, principal: principal.name, address } },
      { onEvent: (event) => this.#onEvent(event), onOrder: (order) => this.#onOrder(order) },
    );
    if (this.#closed) {
      opened.session.close();
      return undefined;
    }
    this.#session = opened.session;
    return opened;
  }

  /** Drops the session, if there is one; the socket stays, and may open another. */
  dropSession(): void {
    this.#session?.close();
    this.#session = undefined;
  }

  /** Resolves when the session can take more audio, or the socket is closed. */
  async uncongested(): Promise<void> {
    await waitUntil(() => this.#closed || !this.#session?.congested, this.#context.host.clock, CONGESTION_CHECK_MS);
  }

  /** Ends the session: its last texts go out, then the socket closes. Further calls do nothing. */
  stop(): void {
    if (this.#stopping) return;
    this.#stopping = true;
    // `end` closes; where the session was over already, there is none.
    void this.#session?.stop().then(() => {
      if (this.#isGone) this.#dispose();
    });
  }

  /** Says why, and closes. */
  end(error: SttError, code: number): void {
    this.#wire.sendReason?.(error);
    this.close(code, this.#wire.sendReason ? error.code : error.message);
  }

  /** Closes the socket and drops the session. @param reason cut to what a close frame holds */
  close(code: number, reason: string): void {
    this.#connection.close(code, closeReason(reason));
    this.#dispose();
    // The client's close frame is still to be read.
    this.#connection.resume();
  }

  #handle(data: Buffer, isBinary: boolean): void | Promise<void> {
    if (this.#closed || this.#leaving) return;
    if (!isBinary && !this.#wire.sendsAudioAsText && !this.#request.guard.countMessage()) return;
    try {
      this.#checkSize(data, isBinary);
      const work = this.#wire.onMessage(data, isBinary);
      if (work) return this.#settle(work);
    } catch (error) {
      this.#fail(error);
    }
    if (this.#session?.congested) return this.uncongested();
  }

  /** The next message waits until the work is done and the session can take what it brought. */
  async #settle(work: Promise<void>): Promise<void> {
    await work.catch((error) => this.#fail(error));
    if (this.#session?.congested) await this.uncongested();
  }

  #checkSize(data: Buffer, isBinary: boolean): void {
    const { maxFrameBytes } = this.#context;
    const { maxTextBytes = Number.POSITIVE_INFINITY } = this.#wire;
    const limit = isBinary ? maxFrameBytes : maxTextBytes;
    if (data.byteLength <= limit) return;
    const what = isBinary ? "An audio frame" : "A message";
    throw new SttError(
      isBinary ? "bad_frame" : "bad_message",
      `${what} has ${data.byteLength} bytes; this server takes at most ${limit}.`,
    );
  }

  #fail(error: unknown): void {
    if (this.#closed) return;
    if (isSttError(error)) {
      this.#wire.onError(error);
      return;
    }
    this.#context.host.log.error({ err: error, wire: this.#wire.name }, "a message could not be handled");
    this.#wire.onError(new SttError("internal", "The server failed to handle this message.", { cause: error }));
  }

  #onEvent(event: SessionEvent): void {
    this.#wire.onEvent?.(event);
    if (event.type === "error" && event.fatal) this.close(CloseCode.INTERNAL_ERROR, event.code);
    if (event.type !== "end") return;
    if (this.#leaving) this.close(CloseCode.SERVICE_RESTART, "shutting down");
    else this.close(CloseCode.NORMAL, "done");
  }

  #onOrder(order: SessionOrder): void {
    switch (order.type) {
      case "drain":
        this.#wire.sendGoAway?.(order.resumeWithinMs);
        return;
      case "flush":
        if (this.#wire.sendGoAway) this.#session?.finalize();
        else this.enqueue(() => this.#leave());
        return;
      default:
        assertNever(order);
    }
  }

  #leave(): void {
    this.#leaving = true;
    this.stop();
  }

  /** The other end is gone. Where others listen to the text, what was said still becomes some. */
  #onGone(): void {
    if (!this.#wire.outlivesSocket || this.#closed || !this.#session) {
      this.#dispose();
      return;
    }
    this.#isGone = true;
    this.#idle.disarm();
    this.#writer.close();
    // What came before is still dealt with; `end` closes.
    this.enqueue(() => this.stop());
  }

  #dispose(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#idle.disarm();
    this.#reader.dropWaiting();
    this.#writer.close();
    this.dropSession();
    this.#wire.onClose?.();
  }
}
