import { isSttError, messageOf } from "@stt/core";
import type { Texts } from "./texts.js";

/** Any failure as one sentence. */
export function problemSentence(error: unknown, texts: Texts): string {
  const message = messageOf(error).replace(/\s*\n\s*/g, " ");
  const reason = isSttError(error) ? texts.reasons[error.code] : undefined;
  return reason ? `${reason}: ${message}` : message;
}
