/** How loud the microphone is. */
import type { AudioLevel, MicrophoneSource } from "@stt/client-web";
import { callback, checkArgument, type Field } from "@stt/core/callers";
import { useEffect, useState } from "react";

const SILENCE: AudioLevel = { rms: 0, peak: 0 };

const MICROPHONE: Field<MicrophoneSource> = {
  expected: "the microphone that useTranscription gives",
  is: (value): value is MicrophoneSource => callback.is((value as Partial<MicrophoneSource>).on),
};

/**
 * The level of a microphone, some 20 times a second; silence without one. A hook of its own, for the component that draws the
 * meter: nothing else renders that often.
 *
 * @param microphone as `useTranscription` gives it
 * @throws SttError `invalid_argument` for anything else, while rendering
 */
export function useAudioLevel(microphone: MicrophoneSource | null | undefined): AudioLevel {
  if (microphone !== undefined && microphone !== null) checkArgument("useAudioLevel", microphone, MICROPHONE);
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
