import type { SttError, SttErrorCode } from "@stt/core";

/** Deepgram's words for what goes wrong, where it has some. */
const CODES: Partial<Record<SttErrorCode, string>> = {
  invalid_argument: "INVALID_QUERY_PARAMETER",
  bad_message: "INVALID_QUERY_PARAMETER",
  unauthorized: "INVALID_AUTH",
  forbidden: "INSUFFICIENT_PERMISSIONS",
  rate_limited: "TOO_MANY_REQUESTS",
  capacity: "TOO_MANY_REQUESTS",
  too_large: "PAYLOAD_TOO_LARGE",
  bad_audio: "Bad Request: failed to process audio",
};

/** The body of a failed request, in the shape that Deepgram's clients read. */
export interface DeepgramProblem {
  err_code: string;
  err_msg: string;
  request_id: string;
}

export function deepgramProblem(
  { code, message }: Pick<SttError, "code" | "message">,
  requestId: string,
): DeepgramProblem {
  return { err_code: CODES[code] ?? code.toUpperCase(), err_msg: message, request_id: requestId };
}
