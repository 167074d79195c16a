/** How it stands, in one word with its sign and colour, and the voice as a thin line under it. */
import { type StateKey, stateWord } from "@stt/core";
import type { UseTranscriptionResult } from "@stt/react";
import { Level, Pill, STATE_LOOKS, UI_TEXTS, useSecondsUntil } from "@stt/ui";
import { usePage } from "./page-context.js";

/** States worth interrupting a screen reader for: not those that change with every breath. */
const ANNOUNCED: ReadonlySet<StateKey> = new Set<StateKey>([
  "connected",
  "paused",
  "reconnecting",
  "microphone_blocked",
  "no_microphone",
  "server_full",
]);

export interface StatusProps {
  transcription: UseTranscriptionResult;
  state: StateKey;
  /** Since the connection broke some of what was said was given up. */
  hasLost: boolean;
}

export function Status({ transcription, state, hasLost }: StatusProps) {
  const { locale } = usePage();
  const { reconnect, isListening, microphone } = transcription;
  const seconds = useSecondsUntil(reconnect?.attempt, reconnect?.nextDelayMs ?? 0);
  const word = (s: number) =>
    state === "reconnecting" && hasLost ? UI_TEXTS[locale].reconnecting : stateWord(state, locale, s);
  return (
    <div className="status" data-state={state}>
      <Pill {...STATE_LOOKS[state]}>{word(seconds)}</Pill>
      <Level microphone={isListening ? microphone : null} />
      <span className="visually-hidden" role="status">
        {ANNOUNCED.has(state) ? word(0) : ""}
      </span>
    </div>
  );
}
