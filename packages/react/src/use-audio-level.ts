/** How loud the microphone is. */
import type { AudioLevel, MicrophoneSource } from "@stt/client-web";
import { useEffect, useState } from "react";

const SILENCE: AudioLevel = { rms: 0, peak: 0 };

/**
 * The level of a microphone, some 20 times a second; silence without one. A hook of its own, for the component that draws the
 * meter: nothing else renders that often.
 *
 * @param microphone as `useTranscription` gives it
 */
export function useAudioLevel(microphone: MicrophoneSource | null | undefined): AudioLevel {
  const [level, setLevel] = useState(SILENCE);
  useEffect(() => {
    if (!microphone) return;
    const unlisten = microphone.on("level", setLevel);
    return () => {
      unlisten();
      setLevel(SILENCE);
    };
  }, [microphone]);
  return level;
}
