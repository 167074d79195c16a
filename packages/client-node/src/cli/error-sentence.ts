/** Any failure as one sentence with its remedy. */
import { isSttError, messageOf } from "@stt/core";
import type { Texts } from "./texts.js";

export function errorSentence(error: unknown, texts: Texts): string {
  const message = messageOf(error).replace(/\s*\n\s*/g, " ");
  const remedy = isSttError(error) ? remedyOf(error.code, texts) : undefined;
  return remedy ? `${message.replace(/\.$/, "")}: ${remedy}.` : message;
}

function remedyOf(code: string, texts: Texts): string | undefined {
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
