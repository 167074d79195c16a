/** Whether something was said whose text is still to come. */
import type { ClientEvent } from "@stt/react";
import { useCallback, useEffect, useState } from "react";

/** Shorter than this, nobody needs to be told, milliseconds. */
const UNNOTICED_MS = 300;

export interface Awaited {
  isAwaited: boolean;
  take(event: ClientEvent): void;
}

export function useAwaited(): Awaited {
  const [utterance, setUtterance] = useState<number | null>(null);
  const [isAwaited, setAwaited] = useState(false);
  const take = useCallback((event: ClientEvent) => {
    if (event.type === "speech_end") setUtterance(event.utterance);
    else if (event.type === "final" || event.type === "discarded" || event.type === "speech_start")
      setUtterance((before) => (before === null || before <= event.utterance ? null : before));
    else if (event.type === "status" && (event.status === "idle" || event.status === "failed")) setUtterance(null);
  }, []);
  useEffect(() => {
    if (utterance === null) return setAwaited(false);
    const timer = setTimeout(() => setAwaited(true), UNNOTICED_MS);
    return () => clearTimeout(timer);
  }, [utterance]);
  return { isAwaited, take };
}
