/** Beginning, pausing and holding, by pointer and key. */
import type { UseTranscriptionResult } from "@stt/react";
import { usePage } from "./page-context.js";
import { useCues } from "./recording/use-cues.js";
import { type Hold, useHold } from "./recording/use-hold.js";
import { useTalkKey } from "./recording/use-talk-key.js";
import { useWakeLock } from "./recording/use-wake-lock.js";

export interface Recording {
  hold: Hold;
  toggle(): void;
}

/** @param onAct is called before anything that the user does to it */
export function useRecording(transcription: UseTranscriptionResult, onAct: () => void): Recording {
  const { talkKey } = usePage().preferences;
  const { status, start, pause, resume } = transcription;
  const isOn = status === "listening" || status === "reconnecting" || status === "connecting";
  const begin = () => {
    onAct();
    if (status === "paused") resume();
    else void start();
  };
  const end = () => {
    onAct();
    pause();
  };
  const hold = useHold({ isOn, begin, end });
  useTalkKey(talkKey, hold);
  useCues(status);
  useWakeLock(isOn);
  return { hold, toggle: isOn ? end : begin };
}
