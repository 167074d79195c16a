import type { Duplex } from "node:stream";
import { type Clock, CloseCode, SttError } from "@stt/core";
import type { Access, Principal } from "./access.js";
import { closeReason } from "./close-reason.js";
import { RateLimit } from "./rate-limit.js";

/** How a wire tells its client what the guard has decided. */
export interface GuardNotifier {
  /** Something will happen soon. */
  warn(code: string, message: string): void;
  /** The connection is over: say why and close it with this code. */
  end(error: SttError, closeCode: CloseCode): void;
}

export interface SocketGuardsOptions {
  clock: Clock;
  access: Access;
  /** 0 is never. */
  pingIntervalMs: number;
  /** Longest life of a socket; 0 is no limit. */
  maxSessionTimeMs: number;
  messagesPerSecond: number;
}

type Caller = Pick<Watched, "principal" | "address">;

function isKnown({ by }: Principal): boolean {
  return by === "key" || by === "token";
}

/** A close is announced so long before. */
const WARNING_MS = 15_000;
/** A burst may have the messages of so many seconds. */
const BURST_SECONDS = 10;

/** What a guard does with a connection: a WebSocket's, or one that only behaves like it. */
export interface GuardedSocket {
  readonly readyState: number;
  readonly OPEN: number;
  readonly isPaused: boolean;
  /** Asks the peer for a sign of life; absent where its protocol has no such thing. */
  ping?(): void;
  close(code: number, reason: string | Buffer): void;
  terminate(): void;
  once(event: "close", listener: () => void): unknown;
}

/** What a guard watches. */
interface Watched {
  webSocket: GuardedSocket;
  /** The connection under it. */
  connection: Duplex & { bytesRead?: number };
  principal: Principal;
  /** Address of the peer, or of the client that a trusted proxy speaks for. */
  address: string;
}

/** Ends one WebSocket when its credentials end, its time is over, it sends too many messages, or its peer is gone. */
export class SocketGuard {
  readonly #watched: Watched;
  readonly #messages: RateLimit;
  readonly #messagesPerSecond: number;
  readonly #timers: (() => void)[] = [];
  /** The session that runs on it. */
  sessionId: string | undefined;
  #notifier: GuardNotifier | undefined;
  #ended = false;
  #bytesAtPing = -1;

  /** @param takeOver see {@link SocketGuards.takeOver}, for the caller at the other end. */
  constructor(
    watched: Watched,
    { clock, maxSessionTimeMs, messagesPerSecond }: SocketGuardsOptions,
    readonly takeOver: (sessionId: string) => Promise<void>,
  ) {
    this.#watched = watched;
    this.#messagesPerSecond = messagesPerSecond;
    this.#messages = new RateLimit(clock, messagesPerSecond, BURST_SECONDS * messagesPerSecond);
    const { expiresAt } = watched.principal;
    if (expiresAt !== undefined) {
      const error = new SttError("unauthorized", "The token has expired. Connect again with a fresh one to go on.");
      this.#endAfter(
        clock,
        expiresAt - Date.now(),
        "token_expiring",
        "The token expires",
        error,
        CloseCode.UNAUTHORIZED,
      );
    }
    if (maxSessionTimeMs > 0) {
      const error = new SttError(
        "timeout",
        `The connection has reached its longest time, ${maxSessionTimeMs / 1000} s (MAX_SESSION_TIME). Connect again to go on.`,
        { retryable: true },
      );
      this.#endAfter(
        clock,
        maxSessionTimeMs,
        "session_ending",
        "The longest time of a connection is over",
        error,
        CloseCode.SESSION_TOO_LONG,
      );
    }
  }

  get principal(): Principal {
    return this.#watched.principal;
  }

  /** Lets the wire tell its client in its own words. Without it, the socket is just closed with the code and a sentence. */
  setNotifier(notifier: GuardNotifier): void {
    this.#notifier = notifier;
  }

  /** Counts a text message. @returns false when that was one too many: the connection is over then. */
  countMessage(): boolean {
    if (this.#ended) return false;
    if (this.#messages.take() === 0) return true;
    const bound = `${this.#messagesPerSecond} a second (MAX_MESSAGES_PER_SECOND)`;
    this.end(new SttError("rate_limited", `More text messages came than ${bound}.`), CloseCode.LIMIT_REACHED);
    return false;
  }

  /** Ends the connection. Further calls do nothing. */
  end(error: SttError, closeCode: CloseCode): void {
    if (this.#ended) return;
    this.dispose();
    if (this.#notifier) this.#notifier.end(error, closeCode);
    else this.#watched.webSocket.close(closeCode, closeReason(error.message));
  }

  /** Whether this connection serves a session that `other` may take over: only the same caller may. */
  serves(sessionId: string, other: Caller): boolean {
    const { principal, address } = this.#watched;
    if (this.sessionId !== sessionId || principal.name !== other.principal.name) return false;
    // Without keys everybody has the same name.
    return isKnown(principal) || address === other.address;
  }

  /** Ends the connection at once, whether or not anybody reads why. Resolves when all it held is free. */
  async closeForTakeover(): Promise<void> {
    const { webSocket, connection } = this.#watched;
    const gone = connection.closed ? undefined : new Promise((resolve) => connection.once("close", resolve));
    this.end(
      new SttError("invalid_state", "The session goes on over a newer connection of its client."),
      CloseCode.LIMIT_REACHED,
    );
    webSocket.terminate();
    await gone;
  }

  /** Pings; drops a peer from which nothing came since the last ping. */
  ping(): void {
    const { webSocket, connection } = this.#watched;
    // Who cannot be asked may be silent.
    if (!webSocket.ping) return;
    const bytes = connection.bytesRead ?? 0;
    // A paused socket leaves what its client sends unread in the kernel: its silence means nothing.
    const silent = bytes === this.#bytesAtPing && !webSocket.isPaused;
    this.#bytesAtPing = bytes;
    if (silent) {
      // After a stall of this process the answer may have arrived and not been read yet: read once more before judging.
      setImmediate(() => {
        if ((connection.bytesRead ?? 0) === bytes && !this.#ended) webSocket.terminate();
      });
      return;
    }
    if (webSocket.readyState === webSocket.OPEN) webSocket.ping();
  }

  dispose(): void {
    this.#ended = true;
    for (const cancel of this.#timers.splice(0)) cancel();
  }

  #endAfter(clock: Clock, ms: number, code: string, what: string, error: SttError, closeCode: CloseCode): void {
    const warningMs = Math.min(WARNING_MS, ms / 2);
    this.#timers.push(
      clock.setTimer(Math.max(0, ms - warningMs), () => {
        this.#notifier?.warn(code, `${what} in ${Math.max(1, Math.round(warningMs / 1000))} s.`);
      }),
      clock.setTimer(Math.max(0, ms), () => this.end(error, closeCode)),
    );
  }
}

/** The guards of all open WebSockets. */
export class SocketGuards {
  readonly #options: SocketGuardsOptions;
  readonly #guards = new Set<SocketGuard>();
  readonly #bySingleSession = new Map<string, SocketGuard>();
  readonly #stopListening: () => void;
  #cancelPing: (() => void) | undefined;

  constructor(options: SocketGuardsOptions) {
    this.#options = options;
    this.#stopListening = options.access.onChange(() => this.#review());
  }

  /** Watches a socket until it closes. */
  watch(watched: Watched): SocketGuard {
    const guard = new SocketGuard(watched, this.#options, (sessionId) => this.takeOver(sessionId, watched));
    const { webSocket, principal } = watched;
    this.#guards.add(guard);
    this.#takeOver(guard, principal.singleSession);
    webSocket.once("close", () => {
      guard.dispose();
      this.#guards.delete(guard);
      const { singleSession } = principal;
      if (singleSession !== undefined && this.#bySingleSession.get(singleSession) === guard)
        this.#bySingleSession.delete(singleSession);
      if (this.#guards.size === 0) this.#stopPinging();
    });
    this.#startPinging();
    return guard;
  }

  /**
   * A client is back for its session while an older connection of its own, likely a dead one, still holds it: that one is ended,
   * so that its place is free. Somebody else's is left alone.
   */
  async takeOver(sessionId: string, caller: Caller): Promise<void> {
    for (const guard of [...this.#guards]) if (guard.serves(sessionId, caller)) await guard.closeForTakeover();
  }

  /** Ends every connection of a principal. */
  endAllOf(name: string, error: SttError, closeCode: CloseCode): void {
    for (const guard of [...this.#guards]) if (guard.principal.name === name) guard.end(error, closeCode);
  }

  close(): void {
    this.#stopListening();
    this.#stopPinging();
    for (const guard of this.#guards) guard.dispose();
  }

  #review(): void {
    for (const guard of [...this.#guards]) {
      if (this.#options.access.holds(guard.principal)) continue;
      const error = new SttError("unauthorized", `The key "${guard.principal.name}" was revoked or may do less now.`);
      guard.end(error, CloseCode.UNAUTHORIZED);
    }
  }

  #takeOver(guard: SocketGuard, singleSession: string | undefined): void {
    if (singleSession === undefined) return;
    const error = new SttError("rate_limited", "The token is for one session, and a newer connection uses it.");
    // The newer one wins: after a cut, a client comes back before the server has noticed that it had gone.
    this.#bySingleSession.get(singleSession)?.end(error, CloseCode.LIMIT_REACHED);
    this.#bySingleSession.set(singleSession, guard);
  }

  #startPinging(): void {
    const { clock, pingIntervalMs } = this.#options;
    if (pingIntervalMs === 0 || this.#cancelPing) return;
    const round = () => {
      for (const guard of this.#guards) guard.ping();
      this.#cancelPing = clock.setTimer(pingIntervalMs, round);
    };
    this.#cancelPing = clock.setTimer(pingIntervalMs, round);
  }

  #stopPinging(): void {
    this.#cancelPing?.();
    this.#cancelPing = undefined;
  }
}
