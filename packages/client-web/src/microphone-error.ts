/** Why there is no microphone. */
import { type MicrophoneProblem, microphoneText, SttError } from "@stt/core";

/**
 * A microphone that cannot be used. `message` is English; `microphoneText(error.problem, locale)` says the same in the
 * reader's language.
 */
export class MicrophoneError extends SttError {
  readonly problem: MicrophoneProblem;

  constructor(problem: MicrophoneProblem, cause?: unknown) {
    super("microphone_unavailable", microphoneText(problem, "en"), {
      cause,
      retryable: problem !== "unsupported" && problem !== "insecure" && problem !== "worklet_blocked",
    });
    this.problem = problem;
  }
}

/** True for any {@link MicrophoneError}, whichever copy of the package made it. */
export function isMicrophoneError(value: unknown): value is MicrophoneError {
  return value instanceof Error && typeof (value as Partial<MicrophoneError>).problem === "string";
}

/** What `getUserMedia` rejected with, as a problem. */
export function microphoneErrorOf(error: unknown): MicrophoneError {
  if (isMicrophoneError(error)) return error;
  const { name } = (error ?? {}) as { name?: string };
  switch (name) {
    case "NotAllowedError":
    case "PermissionDeniedError":
    case "SecurityError":
      return new MicrophoneError("denied", error);
    case "NotFoundError":
    case "DevicesNotFoundError":
    case "OverconstrainedError":
      return new MicrophoneError("not_found", error);
    case "TypeError":
      return new MicrophoneError("unsupported", error);
    default:
      return new MicrophoneError("busy", error);
  }
}
