/** What a client tells its listeners. Every event is plain data: `JSON.stringify` gives the line that `--json` prints. */
import type { SttErrorCode } from "../../errors.js";
import type { ServerMessageOf, SpokenCommand } from "../../protocol/messages.js";

/**
 * Where a client stands: exactly one of these at any time.
 *
 * - `idle`: nothing is open (before the first start, and after `stop`)
 * - `connecting`: the first connection of a recording is being made
 * - `connected`: a connection is open, no audio yet
 * - `listening`: audio flows
 * - `finishing`: `stop` was called and all audio is in, the last finals are awaited
 * - `paused`: the recording is kept, audio is not taken
 * - `reconnecting`: the connection broke; audio is kept and will be replayed
 * - `closed`: `close` was called; for good
 * - `failed`: gave up, see the snapshot's `error`; `connect` and `start` may be tried again
 */
export type ClientStatus =
  | "idle"
  | "connecting"
  | "connected"
  | "listening"
  | "finishing"
  | "paused"
  | "reconnecting"
  | "closed"
  | "failed";

/** The status changed. */
export interface StatusEvent {
  type: "status";
  status: ClientStatus;
  previous: ClientStatus;
}

/** The connection broke (or the server asked to move); a new attempt follows. */
export interface ReconnectingEvent {
  type: "reconnecting";
  /** 1 for the first attempt after a working connection. */
  attempt: number;
  /** Until the attempt, milliseconds. */
  delayMs: number;
  /** Why. */
  code: SttErrorCode;
  message: string;
}

/** Something that did not stop the recording. */
export interface WarningEvent {
  type: "warning";
  /** A code of the server, or ours: `buffer_overflow`. */
  code: string;
  message: string;
  /** With `buffer_overflow`: how much audio was given up, milliseconds. */
  lostMs?: number;
}

/**
 * Something failed. With `fatal` the recording is over and the status becomes `failed`. `callback_failed` is a listener, or another
 * function of yours, that threw.
 */
export interface ClientErrorEvent {
  type: "error";
  code: string;
  message: string;
  fatal: boolean;
}

/** A new round-trip time. */
export interface LatencyEvent {
  type: "latency";
  /** Milliseconds. */
  latencyMs: number;
}

/** The source ended by itself: the file is read, or the device is gone. */
export interface SourceEndEvent {
  type: "source_end";
  /** Audio taken from it, milliseconds. */
  audioMs: number;
}

/**
 * A command was spoken ("delete that", «отмени»). It follows the `final` of the text before it in the same utterance; where nothing but
 * commands was said, a `discarded` with the rule `command`. It is told once, however often the connection breaks.
 */
export interface CommandEvent extends SpokenCommand {
  type: "command";
  /** Number of the utterance it was part of. */
  utterance: number;
}

/**
 * Everything that happens, one union. Server messages come as they are, except that utterance numbers and times continue
 * over several recordings of one client, and that a final is delivered once, however often the connection breaks.
 */
export type ClientEvent =
  | StatusEvent
  | ReconnectingEvent
  | WarningEvent
  | ClientErrorEvent
  | LatencyEvent
  | SourceEndEvent
  | CommandEvent
  | ServerMessageOf<"ready" | "speech_start" | "speech_end" | "partial" | "final" | "discarded" | "end">;

type ClientEventType = ClientEvent["type"];
type ClientEventOf<T extends ClientEventType> = Extract<ClientEvent, { type: T }>;

/** Listener arguments by event name; `"event"` hears everything. */
export type ClientEventMap = { [T in ClientEventType]: (event: ClientEventOf<T>) => void } & {
  event: (event: ClientEvent) => void;
};

/** All names of events, for programs without a compiler. */
export const CLIENT_EVENT_NAMES = Object.keys({
  status: true,
  reconnecting: true,
  warning: true,
  error: true,
  latency: true,
  source_end: true,
  command: true,
  ready: true,
  speech_start: true,
  speech_end: true,
  partial: true,
  final: true,
  discarded: true,
  end: true,
  event: true,
} satisfies Record<keyof ClientEventMap, true>) as (keyof ClientEventMap)[];
