/** Keeps one connection to one of several servers, and decides when to try again. */
import { SttError, type SttErrorCode } from "../../errors.js";
import { CloseCode } from "../../protocol/close-codes.js";
import type { ClientMessageOf, ServerMessageOf } from "../../protocol/messages.js";
import type { ResolvedClientOptions } from "../options.js";
import { backoffDelayMs, delayAfter } from "./backoff.js";
import { Connection, type ConnectionHandlers, NO_TOKEN } from "./connection.js";
import { type ConnectionLoss, hostOf } from "./connection-loss.js";
import { ServerMigration } from "./server-migration.js";

/** A connection that held this long proves that the servers work: the next delay starts small again. */
const STABLE_MS = 5000;

/** A planned attempt. */
export interface Retry {
  /** 1 for the first. */
  attempt: number;
  delayMs: number;
  /** Why. */
  code: SttErrorCode;
}

export interface LinkHandlers extends Omit<ConnectionHandlers, "lost" | "ready"> {
  /** The session that the next connection goes on with, if any. */
  readonly resumes: string | undefined;
  /** The session runs on this connection, until `detached`. */
  ready(message: ServerMessageOf<"ready">, connection: Connection): void;
  /** Nothing more goes over the present connection: it is gone, or left for another one. */
  detached(): void;
  /** The connection broke. Return false if no other is wanted now. */
  dropped(loss: ConnectionLoss): boolean;
  /** Another attempt is planned. */
  retrying(retry: Retry, reason: SttError): void;
  /** No further attempt will be made. */
  gaveUp(error: SttError): void;
}

/** The way to the servers: one connection at a time, and the next one when it breaks. */
export class Link {
  /** The present one, in whatever stage. */
  #connection: Connection | undefined;
  #retry: Retry | undefined;
  readonly #migration: ServerMigration;
  #established = false;
  #establishedAt = 0;
  #urlIndex = 0;
  #refusals = 0;
  #attempts = 0;
  #lastError: SttError | undefined;
  #stopRetryTimer: (() => void) | undefined;
  #stopDeadline: (() => void) | undefined;
  readonly #options: ResolvedClientOptions;
  readonly #handlers: LinkHandlers;

  constructor(options: ResolvedClientOptions, handlers: LinkHandlers) {
    this.#options = options;
    this.#handlers = handlers;
    this.#migration = new ServerMigration(options.clock, (withinMs) =>
      this.move(withinMs, new SttError("connection_failed", "The server asked to move.", { retryable: true })),
    );
  }

  /** A connection exists, is being made, or is planned. */
  get isActive(): boolean {
    return this.#connection !== undefined || this.#retry !== undefined;
  }

  /** A socket is open; a session may be started on it. */
  get isOpen(): boolean {
    return this.#connection?.isOpen ?? false;
  }

  /** A session runs. */
  get inSession(): boolean {
    return this.#connection?.inSession ?? false;
  }

  /** The planned attempt, while one is awaited. */
  get retry(): Retry | undefined {
    return this.#retry;
  }

  /**
   * Begins something new, on the present connection or on another one: until `establish`, failures count as failures to
   * begin, and the whole is bounded by `connectTimeoutMs`.
   */
  begin(): void {
    this.#established = false;
    this.#refusals = 0;
    this.#attempts = 0;
    this.#disarmDeadline();
    if (!this.#options.reconnect.initial) this.#armDeadline(this.#options.connectTimeoutMs);
    if (!this.isActive) this.#connect();
  }

  /** Connects again for what was established before and then rested. */
  wake(): void {
    if (!this.isActive) this.#connect();
  }

  /** The connection works for its purpose. */
  establish(): void {
    this.#established = true;
    this.#refusals = 0;
    this.#establishedAt = this.#options.clock.now();
    this.#disarmDeadline();
  }

  /** Starts a session on the open connection. */
  startSession(message: ClientMessageOf<"start">): void {
    this.#connection?.start(message);
  }

  /** Tells the running session something, if there is one. */
  send(message: ClientMessageOf<"update">): void {
    if (this.#connection?.inSession) this.#connection.send(message);
  }

  /** The server got somewhere with our audio: it is not one that dies of it. */
  progress(): void {
    this.#attempts = 0;
  }

  /** The server asks to be left within so many milliseconds; `isPause` says whether nothing would be interrupted now. */
  requestMigration(withinMs: number, isPause: boolean): void {
    this.#migration.request(withinMs, isPause);
  }

  /** Nothing would be interrupted now: leaves the server if it has asked for that. */
  migrateIfAsked(): void {
    this.#migration.proceed();
  }

  /** Leaves the present server for the next one; `withinMs` bounds the delay. */
  move(withinMs: number, reason: SttError): void {
    const left = this.#detach();
    left?.close(CloseCode.GOING_AWAY, "moving");
    this.#urlIndex++;
    this.#lastError = reason;
    const { random, reconnect } = this.#options;
    this.#schedule(Math.min(withinMs, backoffDelayMs(0, random, reconnect)), reason);
  }

  /** Closes in good order and forgets the past. */
  close(code: number, reason: string): void {
    this.#connection?.close(code, reason);
    this.#reset();
  }

  /** Drops everything at once. */
  drop(): void {
    this.#connection?.drop();
    this.#reset();
  }

  #reset(): void {
    this.#connection = undefined;
    this.#migration.cancel();
    this.#established = false;
    this.#cancelRetry();
    this.#disarmDeadline();
  }

  #connect(): void {
    const options = this.#options;
    const handlers = this.#handlers;
    const { urls, token, renewsToken, socketFactory, clock, connectTimeoutMs, pingIntervalMs, pongTimeoutMs } = options;
    const url = urls[this.#urlIndex % urls.length]!;
    const stepTimeoutMs = connectTimeoutMs / urls.length;
    const connection = new Connection(
      {
        url,
        resumes: handlers.resumes,
        token,
        renewsToken,
        socketFactory,
        clock,
        stepTimeoutMs,
        pingIntervalMs,
        pongTimeoutMs,
      },
      {
        open: () => handlers.open(),
        ready: (message) => handlers.ready(message, connection),
        message: (message) => handlers.message(message),
        latency: (ms) => handlers.latency(ms),
        lost: (loss) => this.#lost(loss),
      },
    );
    this.#connection = connection;
  }

  /** @returns the connection that was the present one */
  #detach(): Connection | undefined {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#migration.cancel();
    this.#handlers.detached();
    return connection;
  }

  #lost(loss: ConnectionLoss): void {
    const { clock, random, reconnect } = this.#options;
    this.#detach();
    this.#lastError = loss.error;
    this.#urlIndex++;
    if (this.#established && clock.now() - this.#establishedAt >= STABLE_MS) this.#attempts = 0;
    if (!this.#handlers.dropped(loss)) return;
    switch (this.#nextStep(loss)) {
      case "give up":
        this.#giveUp(loss.error);
        return;
      case "next url":
        this.#connect();
        return;
      case "wait":
        this.#schedule(delayAfter(loss.retryAfterMs, backoffDelayMs(this.#attempts, random, reconnect)), loss.error);
    }
  }

  #nextStep(loss: ConnectionLoss): "give up" | "next url" | "wait" {
    const { reconnect, urls } = this.#options;
    if (!loss.mayReconnect || (this.#established && !reconnect.enabled)) return "give up";
    // A page is refused on an open socket: it could not read anything else.
    if (loss.opened && loss.code !== CloseCode.TRY_AGAIN_LATER) return "wait";
    // What one server has no place for, or is about to end for, another one may take at once.
    this.#refusals++;
    if (this.#refusals < urls.length) return "next url";
    return this.#established || loss.opened || reconnect.initial ? "wait" : "give up";
  }

  #schedule(delayMs: number, reason: SttError): void {
    const { clock, reconnect } = this.#options;
    this.#cancelRetry();
    this.#attempts++;
    this.#refusals = 0;
    if (!this.#stopDeadline && Number.isFinite(reconnect.giveUpAfterMs)) this.#armDeadline(reconnect.giveUpAfterMs);
    this.#retry = { attempt: this.#attempts, delayMs, code: reason.code };
    this.#stopRetryTimer = clock.setTimer(delayMs, () => {
      this.#retry = undefined;
      this.#stopRetryTimer = undefined;
      this.#connect();
    });
    this.#handlers.retrying(this.#retry, reason);
  }

  #giveUp(error: SttError): void {
    this.#reset();
    this.#handlers.gaveUp(error);
  }

  #armDeadline(ms: number): void {
    this.#disarmDeadline();
    this.#stopDeadline = this.#options.clock.setTimer(ms, () => {
      this.#stopDeadline = undefined;
      const url = this.#options.urls[this.#urlIndex % this.#options.urls.length]!;
      const what = this.#connection?.isWaitingForToken ? NO_TOKEN : `The server ${hostOf(url)} could not be reached`;
      const message = `${what} within ${ms / 1000} s.`;
      const cause = this.#lastError;
      this.#connection?.drop();
      this.#giveUp(new SttError(cause?.code ?? "timeout", cause?.message ?? message, { cause, retryable: true }));
    });
  }

  #disarmDeadline(): void {
    this.#stopDeadline?.();
    this.#stopDeadline = undefined;
  }

  #cancelRetry(): void {
    this.#stopRetryTimer?.();
    this.#stopRetryTimer = undefined;
    this.#retry = undefined;
  }
}
