/** What keeps dictation from working, in one sentence with its remedy. */
import { failureText, type Locale, type MicrophoneProblem, microphoneText } from "@stt/core";
import type { UseTranscriptionResult } from "@stt/react";
import { UI_TEXTS } from "./texts.js";

export interface DictationProblem {
  sentence: string;
  /** What can be done about it on the page. */
  remedy: "retry" | "key" | "file" | "none";
}

/** @param hasKey an access key was given: without one nobody can have given a wrong one */
export function dictationProblem(
  { error, isSupported, permission, status }: UseTranscriptionResult,
  locale: Locale,
  hasKey: boolean,
): DictationProblem | null {
  if (error?.code === "unauthorized") {
    return { sentence: hasKey ? failureText(error, locale) : UI_TEXTS[locale].keyWanted, remedy: "key" };
  }
  if (error) return { sentence: failureText(error, locale), remedy: error.code === "bad_audio" ? "file" : "retry" };
  const obstacle: MicrophoneProblem | null = !isSupported
    ? window.isSecureContext
      ? "unsupported"
      : "insecure"
    : permission === "denied" && status === "idle"
      ? "denied"
      : null;
  return obstacle && { sentence: microphoneText(obstacle, locale), remedy: isSupported ? "retry" : "none" };
}
