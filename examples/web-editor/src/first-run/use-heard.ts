import type { MicrophoneSource } from "@stt/react";
import { useEffect, useState } from "react";
import { loudnessOf } from "../recording/wave.js";

/** A voice at arm's length, not the room. */
const VOICE = 0.35;

/** Whether the microphone has given something as loud as a voice. */
export function useHeard(microphone: MicrophoneSource | null): boolean {
  const [hasHeard, setHeard] = useState(false);
  useEffect(() => {
    setHeard(false);
    return microphone?.on("level", ({ rms }) => {
      if (loudnessOf(rms) > VOICE) setHeard(true);
    });
  }, [microphone]);
  return hasHeard;
}
