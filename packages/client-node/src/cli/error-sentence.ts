/** Any failure as one sentence with its remedy. */
import { isSttError, messageOf } from "@stt/core";
import type { SharedTexts } from "./shared-texts.js";

export function errorSentence(error: unknown, texts: SharedTexts): string {
  const message = messageOf(error).replace(/\s*\n\s*/g, " ");
  if (!isSttError(error)) return message;
  const reason = texts.reasons[error.code];
  const sentence = reason ? `${reason}: ${message}` : message;
  const remedy = remedyOf(error.code, texts);
  return remedy ? `${sentence.replace(/\.$/, "")}: ${remedy}.` : sentence;
}

function remedyOf(code: string, texts: SharedTexts): string | undefined {
  switch (code) {
    case "connection_failed":
    case "timeout":
      return texts.unreachable;
    case "capacity":
      return texts.capacity;
    case "unauthorized":
      return texts.unauthorized;
    default:
      return undefined;
  }
}
