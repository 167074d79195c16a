/** What is wrong, in one sentence with its remedy, where the eye is. */
import { type Failure, failureText, type MicrophoneProblem, microphoneText, type StateKey } from "@stt/core";
import type { UseTranscriptionResult } from "@stt/react";
import { type FormEvent, useState } from "react";
import { Icon } from "./icons.js";
import { usePage } from "./page-context.js";
import { fill } from "./texts.js";
import { useSecondsUntil } from "./use-seconds.js";

export interface NoticeProps {
  transcription: UseTranscriptionResult;
  state: StateKey;
  /** Something of the page itself that the user should know. */
  warning: string | null;
  onDismiss(): void;
  onChooseFile(): void;
}

export function Notice({ transcription, state, warning, onDismiss, onChooseFile }: NoticeProps) {
  const { texts, locale } = usePage();
  const seconds = useSecondsUntil(transcription.reconnect);
  const { error, start, microphone, reconnect } = transcription;
  const problem = obstacleOf(transcription);
  if (error || problem) {
    const isFile = error?.code === "bad_audio";
    const sentence = error ? failureText(error as Failure, locale) : microphoneText(problem!, locale);
    return (
      <div className="notice notice-bad" role="alert">
        <Icon name="warning" />
        <p>{sentence}</p>
        {error?.code === "unauthorized" ? (
          <KeyForm onKey={start} />
        ) : isFile ? (
          <button type="button" onClick={onChooseFile}>
            {texts.chooseFile}
          </button>
        ) : (
          problem !== "insecure" &&
          problem !== "unsupported" && (
            <button type="button" onClick={start}>
              {texts.retry}
            </button>
          )
        )}
      </div>
    );
  }
  const text =
    warning ??
    (microphone?.state === "lost"
      ? microphoneText("lost", locale)
      : microphone?.state === "muted"
        ? texts.muted
        : reconnect && state === "connecting"
          ? fill(texts.waiting, { server: location.host, seconds })
          : null);
  if (text === null) return null;
  return (
    <div className="notice" role={reconnect ? undefined : "alert"}>
      <Icon name="warning" />
      <p className="tabular">{text}</p>
      {warning !== null && (
        <button type="button" className="quiet" onClick={onDismiss} aria-label={texts.dismiss}>
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}

/** A server with keys asks for one; it goes into the WebSocket's handshake and never into an address. */
function KeyForm({ onKey }: { onKey(): void }) {
  const { texts, preferences, prefer } = usePage();
  const [key, setKey] = useState(preferences.key ?? "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    prefer({ key: key.trim() });
    // The microphone has to be opened first, and by then the client knows the key.
    onKey();
  };
  return (
    <form className="key" onSubmit={submit}>
      <input
        type="password"
        autoComplete="current-password"
        aria-label={texts.key}
        placeholder={texts.key}
        value={key}
        onChange={(event) => setKey(event.target.value)}
      />
      <button type="submit" disabled={key.trim() === ""}>
        {texts.useKey}
      </button>
    </form>
  );
}

/** Why the microphone cannot even be asked for. */
function obstacleOf({ isSupported, permission, status }: UseTranscriptionResult): MicrophoneProblem | null {
  if (!isSupported) return window.isSecureContext ? "unsupported" : "insecure";
  return permission === "denied" && status === "idle" ? "denied" : null;
}
