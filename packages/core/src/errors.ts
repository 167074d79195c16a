/**
 * Every failure this SDK reports is an {@link SttError} with a stable `code`. Check it with {@link isSttError}: `instanceof`
 * fails as soon as two copies of the package meet in one program.
 */

/** Stable, documented reasons. Messages may be reworded; codes may not. */
export type SttErrorCode =
  /** Configuration: a variable or option has a value that is not allowed. */
  | "invalid_config"
  /** A caller passed an argument that is not allowed. */
  | "invalid_argument"
  /** An operation was used in a state that does not permit it (for example `start` on a closed client). */
  | "invalid_state"
  /** The operation was cancelled through its AbortSignal or by `cancel`/`close`. */
  | "aborted"
  /** A function that the caller handed in threw: a listener, a source's `close`. */
  | "callback_failed"
  /** A peer broke the wire protocol. */
  | "protocol_error"
  /** The two sides speak different protocol versions. */
  | "unsupported_protocol"
  /** A control message is not valid JSON or not a known message. */
  | "bad_message"
  /** A binary frame is malformed: too short, odd length, or too long. */
  | "bad_frame"
  /** Audio arrived before `start`. */
  | "audio_before_start"
  /** Samples are missing between two audio frames. */
  | "audio_gap"
  /** Credentials are missing, wrong or expired. */
  | "unauthorized"
  /** The credentials are good, but not for this. */
  | "forbidden"
  /** There is nothing by this name or path. */
  | "not_found"
  /** Too many requests, or a quota is used up. Try again later. */
  | "rate_limited"
  /** A request or file is larger or longer than is taken. */
  | "too_large"
  /** Audio of a kind that this server cannot read. */
  | "unsupported_media"
  /** The server has no place for another session. */
  | "capacity"
  /** The server could not be reached, or the connection broke and reconnecting gave up. */
  | "connection_failed"
  /** The other side did not answer in time. */
  | "timeout"
  /** Audio that does not fit a bounded buffer was given up. */
  | "buffer_overflow"
  /** An audio file or its container is not what it claims to be, or is of a kind that is not supported. */
  | "bad_audio"
  /** A model file is missing. */
  | "model_not_found"
  /** A model file is damaged, truncated or of an unknown format. */
  | "bad_model"
  /** The native addon is not built or does not load on this machine. */
  | "native_unavailable"
  /** The engine failed while decoding. */
  | "engine_failed"
  /** A TCP port is taken. */
  | "port_in_use"
  /** No microphone, or none that may be used. */
  | "microphone_unavailable"
  /** A file or directory cannot be read or written. */
  | "io_error"
  /** A fault of ours. */
  | "internal";

/** Options of {@link SttError}. */
export interface SttErrorOptions {
  /** The failure underneath, if any. */
  cause?: unknown;
  /** Whether trying the same thing again may succeed. @default false */
  retryable?: boolean;
  /** When trying again makes sense, in milliseconds from now; for `Retry-After`. @default unknown */
  retryAfterMs?: number;
}

/**
 * The base class of every error of this SDK.
 *
 * `message` is one sentence for a person: what happened, with which value, and what to do.
 */
export class SttError extends Error {
  readonly code: SttErrorCode;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(code: SttErrorCode, message: string, options: SttErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** True for any {@link SttError}, whichever copy of the package made it. */
export function isSttError(value: unknown): value is SttError {
  return value instanceof Error && typeof (value as Partial<SttError>).code === "string" && "retryable" in value;
}

/** The error that every aborted operation of this SDK rejects with. */
export function abortError(reason?: unknown): SttError {
  return isSttError(reason) ? reason : new SttError("aborted", "The operation was cancelled.", { cause: reason });
}

/** The text of any thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
