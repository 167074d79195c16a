/** The one large control: how it stands, what a press does, the voice, and how long. */
import { type StateKey, stateWord } from "@stt/core";
import type { UseTranscriptionResult } from "@stt/react";
import { fill, Icon, STATE_LOOKS, UI_TEXTS, useSecondsSince, useSecondsUntil } from "@stt/ui";
import type { PointerEvent } from "react";
import { usePage } from "../page-context.js";
import type { Texts } from "../texts/index.js";
import { talkKeyName } from "./talk-key.js";
import { clockTime, useElapsed } from "./use-elapsed.js";
import type { Hold } from "./use-hold.js";
import { Wave } from "./wave.js";

/** States worth interrupting a screen reader for: not those that change with every breath. */
const ANNOUNCED: ReadonlySet<StateKey> = new Set<StateKey>([
  "connected",
  "paused",
  "reconnecting",
  "microphone_blocked",
  "no_microphone",
  "server_full",
]);

export interface RecordControlProps {
  transcription: UseTranscriptionResult;
  state: StateKey;
  /** Speech that was given up since the connection broke, milliseconds. */
  lostMs: number;
  /** Speech that is kept at most, milliseconds. */
  maxKeptMs: number;
  hold: Hold;
  /** For a click that is none of a pointer's. */
  onToggle(): void;
}

export function RecordControl({ transcription, state, lostMs, maxKeptMs, hold, onToggle }: RecordControlProps) {
  const { texts, locale, preferences } = usePage();
  const { status, reconnect, isListening, microphone } = transcription;
  const seconds = useSecondsUntil(reconnect?.attempt, reconnect?.nextDelayMs ?? 0);
  const isAway = status === "reconnecting";
  const elapsed = useElapsed(status === "listening" || isAway, status === "idle" || status === "connecting");
  const awaySeconds = useSecondsSince(isAway);
  const kept = Math.min(awaySeconds, Math.floor(maxKeptMs / 1000));
  const { icon, tone } = STATE_LOOKS[state];
  const word = (s: number) => wordOf(state, lostMs > 0, locale, s);
  const action = texts[actionOf(transcription)];
  const key = talkKeyName(preferences.talkKey);
  const press = (event: PointerEvent<HTMLButtonElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    hold.press();
  };
  return (
    <div className="status" data-state={state}>
      <button
        type="button"
        className={`record record-${tone}`}
        aria-keyshortcuts={preferences.talkKey}
        title={fill(texts.recordLong, { key })}
        onPointerDown={press}
        onPointerUp={hold.release}
        onPointerCancel={hold.release}
        // The keyboard's place stays in the text.
        onMouseDown={(event) => event.preventDefault()}
        // A finger that stays would open the browser's menu.
        onContextMenu={(event) => event.preventDefault()}
        onClick={({ detail }) => {
          if (detail === 0) onToggle();
        }}
      >
        <span className="record-sign">
          <Icon name={icon} />
        </span>
        <span className="record-words">
          <span className="state-word tabular">{word(seconds)}</span>
          <span className="record-action">
            {action}{" "}
            <span className="keycap" aria-hidden="true">
              {key}
            </span>
          </span>
        </span>
        <span className="record-facts tabular" aria-hidden="true">
          <Wave microphone={isListening ? microphone : null} />
          {isAway ? fill(texts.kept, { seconds: kept }) : elapsed > 0 ? clockTime(elapsed) : ""}
        </span>
      </button>
      <span className="visually-hidden" role="status">
        {ANNOUNCED.has(state) ? word(0) : ""}
      </span>
    </div>
  );
}

/** It promises that nothing is lost only while nothing is. */
export function wordOf(state: StateKey, hasLost: boolean, locale: "en" | "ru", seconds: number): string {
  return state === "reconnecting" && hasLost ? UI_TEXTS[locale].reconnecting : stateWord(state, locale, seconds);
}

/** What a press does now. */
function actionOf({ status }: UseTranscriptionResult): keyof Texts & ("pause" | "resume" | "retry" | "record") {
  switch (status) {
    case "connecting":
    case "listening":
    case "reconnecting":
    case "finishing":
      return "pause";
    case "paused":
      return "resume";
    case "failed":
      return "retry";
    case "idle":
    case "connected":
    case "closed":
      return "record";
  }
}
