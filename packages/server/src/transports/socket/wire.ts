import type { SttError } from "@stt/core";
import type { SessionEvent } from "../../session/events.js";

/**
 * One wire on one socket: how its messages are read, what its client is told, and its policy. {@link SessionSocket} does the
 * rest: limits, order, slow readers, idleness, drain and close.
 */
export interface Wire<Message> {
  /** Shown to operators and in traces. */
  readonly name: string;
  /** Longest text message, bytes. @default what the endpoint's `maxPayloadBytes` lets through */
  readonly maxTextBytes?: number;
  /** Audio comes as text too, so that not every text counts as a message; the wire counts what is no audio. @default false */
  readonly sendsAudioAsText?: boolean;

  /** The text's listeners are elsewhere: a client that leaves still has its last words written down. @default false */
  readonly outlivesSocket?: boolean;

  encode(message: Message): string | Uint8Array;
  /**
   * A message came, and everything before it is done with. The next one waits until the promise is settled.
   *
   * @throws whatever is wrong with it: {@link onError} gets it back.
   */
  onMessage(data: Buffer, isBinary: boolean): void | Promise<void>;
  /**
   * A message could not be dealt with: tells the client, and closes the socket where the wire does not go on after it.
   *
   * @param error `internal` for a fault of ours, which is in the log already
   */
  onError(error: SttError): void;
  /** Something happened in the session. After `end` and after a fatal error the socket closes by itself. */
  onEvent?(event: SessionEvent): void;
  /** The socket is closed. */
  onClose?(): void;

  /** Says why the server closes the connection. Without it the close frame has the sentence. */
  sendReason?(error: SttError): void;
  /** Says that something is about to happen. Wires without it have no word for this. */
  sendWarning?(code: string, message: string): void;
  /**
   * Asks the client to resume elsewhere within this time, milliseconds. A wire without it cannot resume: when the server ends,
   * its session is ended too, and its text goes out before the socket closes.
   */
  sendGoAway?(resumeWithinMs: number): void;
}
