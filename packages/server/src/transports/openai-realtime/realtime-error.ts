import { isSttError } from "@stt/core";
import { statusOf } from "../../http/problem.js";

/** The `error` of an `error` event. */
export interface ErrorDetails {
  type: "invalid_request_error" | "server_error";
  code: string;
  message: string;
  /** Path of the field that was wrong. */
  param: string | null;
  /** `event_id` of the client's event, if it had one. */
  event_id: string | null;
}

/** A mistake of the client, in the words of OpenAI's wire. The session goes on. */
export class RealtimeError extends Error {
  readonly code: string;
  readonly param: string | null;

  /** @param param path of the field that was wrong */
  constructor(code: string, message: string, param: string | null = null) {
    super(message);
    this.name = new.target.name;
    this.code = code;
    this.param = param;
  }
}

/** Any failure as the client may see it: nothing of a fault of ours. */
export function errorDetails(error: unknown, eventId: string | null = null): ErrorDetails {
  if (error instanceof RealtimeError) {
    const { code, message, param } = error;
    return { type: "invalid_request_error", code, message, param, event_id: eventId };
  }
  const code = isSttError(error) ? error.code : "internal";
  return {
    type: statusOf(code) < 500 ? "invalid_request_error" : "server_error",
    code,
    message: isSttError(error) ? error.message : "The server failed to handle this event.",
    param: null,
    event_id: eventId,
  };
}
