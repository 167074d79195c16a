import type { SttError, SttErrorCode } from "@stt/core";

/** The body of a failed request, in the shape that OpenAI's clients read. */
export interface Problem {
  error: { message: string; type: string; param: string | null; code: string };
}

/** @param param the field of the request that was wrong */
export function problem(message: string, code: string, param: string | null = null): Problem {
  const type = code === "internal" ? "server_error" : "invalid_request_error";
  return { error: { message, type, param, code } };
}

/** After which a refused caller may come again, where nothing more is known. */
const RETRY_AFTER_MS = 5000;

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

/** The HTTP status of a failure. OpenAI's clients try 408, 409, 429 and 5xx again: what will fail again must be another 4xx. */
export function statusOf(code: SttErrorCode): 400 | 401 | 403 | 404 | 413 | 415 | 429 | 500 | 503 {
  switch (code) {
    case "unauthorized":
      return 401;
    case "forbidden":
      return 403;
    case "not_found":
    case "model_not_found":
      return 404;
    case "too_large":
      return 413;
    case "unsupported_media":
      return 415;
    case "rate_limited":
      return 429;
    case "capacity":
      return 503;
    case "internal":
    case "engine_failed":
      return 500;
    default:
      return 400;
  }
}
