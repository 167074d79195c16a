/** Speech to text as React state. */
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { Dictation } from "./dictation.js";
import { checkTranscriptionOptions, type TranscriptionOptions } from "./options.js";
import type { TranscriptionState } from "./state.js";

/** State and functions; the functions are the same ones for as long as the component lives. */
export type UseTranscriptionResult = TranscriptionState &
  Pick<
    Dictation,
    "start" | "stop" | "cancel" | "toggle" | "clear" | "undo" | "pause" | "resume" | "transcribe" | "getClient"
  >;

/**
 * Dictation for one component. Nothing is opened before `start`; unmounting ends the recording. Safe in StrictMode, and on a
 * server, where it is idle.
 *
 * @throws SttError `invalid_argument` for options of wrong types, while rendering
 * @example
 * const { text, isListening, toggle, error } = useTranscription({ url: "wss://stt.example.com", language: "en" });
 * return <button onClick={toggle}>{isListening ? "Stop" : "Speak"}</button>;
 */
export function useTranscription(options: TranscriptionOptions = {}): UseTranscriptionResult {
  checkTranscriptionOptions(options);
  const [dictation] = useState(() => new Dictation());
  useEffect(() => dictation.configure(options));
  useEffect(() => dictation.mount(), [dictation]);
  const state = useSyncExternalStore(dictation.subscribe, dictation.getSnapshot, dictation.getServerSnapshot);
  return useMemo(() => {
    const { start, stop, cancel, toggle, clear, undo, pause, resume, transcribe, getClient } = dictation;
    return { ...state, start, stop, cancel, toggle, clear, undo, pause, resume, transcribe, getClient };
  }, [dictation, state]);
}
