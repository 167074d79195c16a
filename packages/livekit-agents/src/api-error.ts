/** Failures as LiveKit tells them apart: one may be tried again, or on another provider, or not at all. */
import { APIConnectionError, APIStatusError, APITimeoutError } from "@livekit/agents";
import { isSttError, messageOf, type SttErrorCode } from "@stt/core";

const STATUS: Partial<Record<SttErrorCode, number>> = {
  invalid_argument: 400,
  invalid_config: 400,
  unsupported_protocol: 400,
  protocol_error: 400,
  bad_message: 400,
  bad_audio: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  too_large: 413,
  rate_limited: 429,
  engine_failed: 500,
  internal: 500,
  capacity: 503,
};

/** @returns what is to be thrown in place of `error` */
export function apiError(error: unknown): Error {
  const message = messageOf(error);
  if (!isSttError(error)) return error instanceof Error ? error : new Error(message);
  if (error.code === "aborted") return error;
  if (error.code === "timeout") return new APITimeoutError({ message });
  const statusCode = STATUS[error.code];
  if (statusCode === undefined) return new APIConnectionError({ message });
  return new APIStatusError({ message: `${message} (${error.code})`, options: { statusCode } });
}
