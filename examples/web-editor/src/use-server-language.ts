/** Back to the language that the server is set to. */
import type { UseTranscriptionResult } from "@stt/react";
import { useEffect, useRef, useState } from "react";

/**
 * A session can be told another language, but not to forget one: it needs a new one, which begins when nothing is being said.
 *
 * @param renew is called then, with whether it listened
 */
export function useServerLanguage(transcription: UseTranscriptionResult, renew: (begins: boolean) => void): () => void {
  const [isWanted, setWanted] = useState(false);
  const { status, isSpeaking, fileProgress, stop } = transcription;
  const isBusy = isSpeaking || fileProgress !== null || status === "connecting" || status === "reconnecting";
  const latest = useRef(renew);
  latest.current = renew;
  useEffect(() => {
    if (!isWanted || isBusy || status === "finishing") return;
    // The text of what was said last is waited for.
    const done = () => latest.current(status === "listening");
    stop().then(done, done);
    setWanted(false);
  }, [isWanted, isBusy, status, stop]);
  return () => setWanted(true);
}
