import type { SttErrorCode } from "@stt/core";

/** The body of a failed request, in the shape that OpenAI's clients read. */
export interface Problem {
  error: { message: string; type: string; param: string | null; code: string };
}

/** @param param the field of the request that was wrong */
export function problem(message: string, code: string, param: string | null = null): Problem {
  const type = code === "internal" ? "server_error" : "invalid_request_error";
  return { error: { message, type, param, code } };
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
