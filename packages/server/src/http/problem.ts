import { z } from "@hono/zod-openapi";
import type { SttError, SttErrorCode } from "@stt/core";

/** The body of a failed request, in the shape that OpenAI's clients read. */
export const problemSchema = z
  .object({
    error: z.object({
      message: z.string().openapi({ description: "One sentence: what happened, with which value, what to do." }),
      type: z.enum(["invalid_request_error", "server_error"]).openapi({
        description: "Whether the request has to change, or the server failed or has no place for now.",
      }),
      param: z.string().nullable().openapi({ description: "The field of the request that was wrong." }),
      code: z.string().openapi({ description: "Stable; docs/protocol.md lists the codes." }),
    }),
  })
  .openapi("Error", {
    example: {
      error: {
        message: 'temperature is "3": pass a number from 0 to 1.',
        type: "invalid_request_error",
        param: "temperature",
        code: "invalid_argument",
      },
    },
  });
export type Problem = z.infer<typeof problemSchema>;

export type FailureStatus = 400 | 401 | 403 | 404 | 409 | 413 | 415 | 429 | 500 | 502 | 503 | 504;

/**
 * The HTTP status of every failure. A new code has to be given one here. OpenAI's clients try 408, 409, 429 and 5xx again: what
 * will fail again must be another 4xx, and a fault of ours must never be one.
 */
const STATUS: Readonly<Record<SttErrorCode, FailureStatus>> = {
  // The request has to change.
  invalid_argument: 400,
  protocol_error: 400,
  unsupported_protocol: 400,
  bad_message: 400,
  bad_frame: 400,
  audio_before_start: 400,
  audio_gap: 400,
  bad_audio: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  model_not_found: 404,
  invalid_state: 409,
  too_large: 413,
  unsupported_media: 415,
  rate_limited: 429,
  // The server failed.
  invalid_config: 500,
  bad_model: 500,
  native_unavailable: 500,
  engine_failed: 500,
  buffer_overflow: 500,
  port_in_use: 500,
  microphone_unavailable: 500,
  io_error: 500,
  callback_failed: 500,
  internal: 500,
  connection_failed: 502,
  timeout: 504,
  // Not now.
  aborted: 503,
  capacity: 503,
};

/** What this server cannot do at present; the log need not tell. */
const EXPECTED: ReadonlySet<SttErrorCode> = new Set(["aborted", "capacity"]);

/** After which a refused caller may come again, where nothing more is known. */
const RETRY_AFTER_MS = 5000;

/** @param param the field of the request that was wrong */
export function problem(message: string, code: SttErrorCode, param: string | null = null): Problem {
  const type = statusOf(code) >= 500 ? "server_error" : "invalid_request_error";
  return { error: { message, type, param, code } };
}

/** The HTTP status of a failure. */
export function statusOf(code: SttErrorCode): FailureStatus {
  return STATUS[code];
}

/** Whether a failure is a fault of the server, which its operator has to learn of. */
export function isOurFault(code: SttErrorCode): boolean {
  return statusOf(code) >= 500 && !EXPECTED.has(code);
}

/** Writes a failure as a wire's own clients read it. */
export type FailureWriter = (
  error: Problem["error"],
  status: FailureStatus,
) => { body: object; status: FailureStatus | 422 };

/** When to try again after a failure, milliseconds; undefined is never. */
export function retryAfterMsOf({ retryable, retryAfterMs }: SttError): number | undefined {
  return retryAfterMs ?? (retryable ? RETRY_AFTER_MS : undefined);
}

/** Headers that belong to the answer of a failure. */
export function refusalHeaders(error: SttError): Record<string, string> {
  const retryAfterMs = retryAfterMsOf(error);
  return {
    ...(retryAfterMs === undefined ? {} : { "Retry-After": String(Math.ceil(retryAfterMs / 1000)) }),
    ...(error.code === "unauthorized" ? { "WWW-Authenticate": "Bearer" } : {}),
  };
}
