/** The session with the server, and what is told of it besides its text. */

import { microphone } from "@stt/client-web";
import workletUrl from "@stt/client-web/capture.worklet.js?url";
import { failureText, type StateKey } from "@stt/core";
import { type ClientEvent, type UseTranscriptionResult, useTranscription } from "@stt/react";
import { dictationState, fill, serverUrl, UI_TEXTS } from "@stt/ui";
import { useEffect, useMemo, useRef, useState } from "react";
import { browserLanguages } from "./browser-languages.js";
import { Tape } from "./history/tape.js";
import { usePage } from "./page-context.js";
import { useAwaited } from "./recording/use-awaited.js";
import { useTextWishes } from "./use-text-wishes.js";
import { REPLACEMENTS } from "./words/replacements.js";

/** Speech that is kept while the connection is away, milliseconds. */
export const MAX_KEPT_MS = 120_000;

export const CANDIDATES = browserLanguages();
const ALL: string[] = [];

/** The page may be gone for minutes, and nobody waits for it. */
const RECONNECT = { initial: true };

export interface SpeechOptions {
  /** Listens by itself where the microphone is allowed. */
  begins: boolean;
  onEvent(event: ClientEvent): void;
  /** Something that the user should know until it is dismissed. */
  onWarning(text: string): void;
}

export interface Speech {
  transcription: UseTranscriptionResult;
  state: StateKey;
  /** Speech that was given up since the connection broke, milliseconds. */
  lostMs: number;
  /** What was heard last, while its sound is to be kept. */
  tape: Tape | undefined;
}

export function useSpeech({ begins, onEvent, onWarning }: SpeechOptions): Speech {
  const { preferences, locale } = usePage();
  const { language, deviceId, key, marksDoubt, keepsSound, spokenCommands, spokenPunctuation } = preferences;
  const [hasHeard, setHeard] = useState(false);
  const [lostMs, setLostMs] = useState(0);
  const awaited = useAwaited();
  const wishes = useTextWishes();
  const isTaken = useRef<() => boolean>(() => true);
  const [tape] = useState(() => new Tape(() => isTaken.current()));
  const transcription = useTranscription({
    url: serverUrl(""),
    autoStart: begins,
    token: key,
    language,
    // "Detect" hears all languages. As the server is set, it decides; the browser's count where it names none.
    languages: language === undefined ? undefined : ALL,
    likelyLanguages: CANDIDATES,
    ...wishes,
    commands: spokenCommands,
    spokenPunctuation,
    words: marksDoubt || keepsSound,
    source: async (options) => tape.record(await microphone(options)),
    reconnect: RECONNECT,
    maxReplayMs: MAX_KEPT_MS,
    microphone: useMemo(() => ({ workletUrl, ...(deviceId ? { deviceId } : {}) }), [deviceId]),
    onEvent: (event) => take(event),
  });

  const take = (event: ClientEvent) => {
    onEvent(event);
    awaited.take(event);
    if (event.type === "speech_start") setHeard(true);
    if (event.type === "ready" && !event.resumed) setHeard(false);
    // Where it does not answer, they wait for the next time.
    if (event.type === "ready") REPLACEMENTS.check(key).catch(() => {});
    if (event.type === "warning" && event.lostMs) setLostMs((before) => before + event.lostMs!);
    else if (event.type === "warning") onWarning(failureText(event, locale));
    // It comes after `stop`; unasked, it is the server's wish.
    if (event.type === "end" && transcription.getClient().getSnapshot().status !== "finishing")
      onWarning(UI_TEXTS[locale].endedByServer);
  };
  isTaken.current = () => transcription.getClient().getSnapshot().status !== "paused";
  const { status } = transcription;
  useEffect(() => {
    if (lostMs === 0 || status === "reconnecting" || status === "connecting") return;
    onWarning(fill(UI_TEXTS[locale].lost, { seconds: Math.ceil(lostMs / 1000) }));
    setLostMs(0);
  }, [lostMs, status, locale, onWarning]);

  const told = dictationState(transcription, hasHeard);
  // A connection without a recording hears nobody.
  const state = status === "connected" ? "idle" : told;
  const isThinking = awaited.isAwaited && (state === "listening" || state === "connected" || state === "paused");
  return { transcription, state: isThinking ? "finishing" : state, lostMs, tape: keepsSound ? tape : undefined };
}
