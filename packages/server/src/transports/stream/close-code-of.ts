import { CloseCode, type SttErrorCode } from "@stt/core";

/** The close code that follows a fatal error: it tells the client whether to come back. */
export function closeCodeOf(code: SttErrorCode): CloseCode {
  switch (code) {
    case "internal":
    case "engine_failed":
      return CloseCode.INTERNAL_ERROR;
    case "capacity":
    case "rate_limited":
      return CloseCode.TRY_AGAIN_LATER;
    case "unauthorized":
    case "forbidden":
      return CloseCode.UNAUTHORIZED;
    default:
      return CloseCode.PROTOCOL_ERROR;
  }
}
