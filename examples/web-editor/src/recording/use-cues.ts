import type { ClientStatus } from "@stt/react";
import { useEffect, useRef } from "react";
import { usePage } from "../page-context.js";
import { buzz, type Cue, playCue } from "./cues.js";

/** Tells by ear and hand what becomes of the recording, where that was asked for. */
export function useCues(status: ClientStatus): void {
  const { sound, vibration } = usePage().preferences;
  const before = useRef(status);
  useEffect(() => {
    const cue = cueOf(before.current, status);
    before.current = status;
    if (!cue) return;
    if (sound) playCue(cue);
    if (vibration) buzz(cue);
  }, [status, sound, vibration]);
}

function cueOf(before: ClientStatus, status: ClientStatus): Cue | undefined {
  if (before === status) return undefined;
  if (status === "listening") return "begin";
  if (status === "reconnecting" || status === "failed") return "trouble";
  return before === "listening" && (status === "paused" || status === "idle") ? "end" : undefined;
}
