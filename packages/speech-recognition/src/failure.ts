/** Our failures in the words of the Web Speech API. */
import { isMicrophoneError } from "@stt/client-web";
import { isSttError, messageOf } from "@stt/core";
import type { SpeechRecognitionErrorCode } from "./events.js";

export interface Failure {
  error: SpeechRecognitionErrorCode;
  message: string;
}

/** What a microphone, a connection or a server failed of. */
export function failureOf(cause: unknown): Failure {
  return { error: codeOf(cause), message: messageOf(cause) };
}

function codeOf(cause: unknown): SpeechRecognitionErrorCode {
  if (isMicrophoneError(cause)) {
    return cause.problem === "denied" || cause.problem === "insecure" ? "not-allowed" : "audio-capture";
  }
  if (!isSttError(cause)) return "audio-capture";
  switch (cause.code) {
    case "unauthorized":
    case "forbidden":
      return "service-not-allowed";
    case "microphone_unavailable":
    case "io_error":
      return "audio-capture";
    case "aborted":
      return "aborted";
    default:
      return "network";
  }
}
