/** Notices a microphone that gives nothing at all: a switch that the system does not know of, a wrong device. */
import type { MicrophoneSource } from "@stt/react";
import { useEffect, useState } from "react";

/** Below this peak there is no air in front of a microphone: two steps of 16 bits. */
const NOTHING = 2 / 32_768;
/** Some devices give nothing in a pause of speech. */
const PATIENCE_MS = 12_000;

/** Whole seconds without any sound; 0 until it is worth saying. Null counts as sound. */
export function useSilence(microphone: MicrophoneSource | null): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    if (!microphone) return;
    let since = performance.now();
    const unlisten = microphone.on("level", ({ peak }) => {
      if (peak > NOTHING) since = performance.now();
      const silentMs = performance.now() - since;
      setSeconds(silentMs < PATIENCE_MS ? 0 : Math.floor(silentMs / 1000));
    });
    return () => {
      unlisten();
      setSeconds(0);
    };
  }, [microphone]);
  return seconds;
}
