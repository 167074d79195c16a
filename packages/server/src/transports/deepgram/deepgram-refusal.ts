import { CloseCode, type SttError, type SttErrorCode } from "@stt/core";
import { deepgramProblem } from "../../http/deepgram/deepgram-problem.js";
import { statusOf } from "../../http/problem.js";
import type { HttpRefusal } from "../../http/reject-connection.js";

/** A refused upgrade, as Deepgram's server answers it: the reason stands in a header too, for clients that see no body. */
export function deepgramRefusal(error: SttError, requestId: string): HttpRefusal {
  return {
    body: deepgramProblem(error, requestId),
    headers: { "dg-error": headerText(error.message), "dg-request-id": requestId },
  };
}

/** The close code after an error in mid-stream. Their clients know 1008 for audio that cannot be read, 1011 for the server's faults. */
export function closeCodeOf(code: SttErrorCode): CloseCode {
  if (code === "capacity") return CloseCode.TRY_AGAIN_LATER;
  return statusOf(code) < 500 ? CloseCode.POLICY_VIOLATION : CloseCode.INTERNAL_ERROR;
}

/** Headers carry Latin letters only. */
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").slice(0, 500);
}
