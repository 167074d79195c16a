/** What is wrong, in one sentence with its remedy, where the eye is. */
import type { UseTranscriptionResult } from "@stt/react";
import {
  Button,
  dictationNotice,
  dictationProblem,
  Icon,
  isTestModel,
  UI_TEXTS,
  useSecondsUntil,
  useSilence,
} from "@stt/ui";
import { useState } from "react";
import { KeyForm } from "./key-form.js";
import { usePage } from "./page-context.js";
import { MAX_KEPT_MS } from "./use-speech.js";

export interface NoticesProps {
  transcription: UseTranscriptionResult;
  /** Something that the user should know until it is dismissed. */
  warning: string | null;
  /** Speech that was given up since the connection broke, milliseconds. */
  lostMs: number;
  onDismiss(): void;
  onChooseFile(): void;
}

/** One at a time, the most pressing one. */
export function Notices({ transcription, warning, lostMs, onDismiss, onChooseFile }: NoticesProps) {
  const { texts, locale, preferences } = usePage();
  const { start, microphone, reconnect, isListening, server } = transcription;
  const [isModelKnown, setModelKnown] = useState(false);
  const seconds = useSecondsUntil(reconnect?.attempt, reconnect?.nextDelayMs ?? 0);
  const silentSeconds = useSilence(isListening ? microphone : null);
  const problem = dictationProblem(transcription, locale, preferences.key !== undefined);
  if (problem) {
    return (
      <div className="notice notice-bad" role="alert">
        <Icon name="warning" />
        <p>{problem.sentence}</p>
        {problem.remedy === "key" && <KeyForm onKey={start} />}
        {problem.remedy === "file" && <Button onClick={onChooseFile}>{texts.chooseFile}</Button>}
        {problem.remedy === "retry" && <Button onClick={start}>{texts.retry}</Button>}
      </div>
    );
  }
  const text = dictationNotice({ transcription, seconds, silentSeconds, lostMs, maxKeptMs: MAX_KEPT_MS }, locale);
  // Sentences in which seconds pass would be read out with every one.
  if (text !== null) return <Notice text={text} role={reconnect || silentSeconds > 0 ? "note" : "alert"} />;
  if (warning !== null) return <Notice text={warning} role="alert" onDismiss={onDismiss} />;
  if (isTestModel(server?.model) && !isModelKnown)
    return <Notice text={UI_TEXTS[locale].testModel} role="note" onDismiss={() => setModelKnown(true)} />;
  return null;
}

function Notice({ text, role, onDismiss }: { text: string; role: "alert" | "note"; onDismiss?: () => void }) {
  const { texts } = usePage();
  return (
    <div className="notice" role={role}>
      <Icon name="warning" />
      <p className="tabular">{text}</p>
      {onDismiss && (
        <Button className="quiet" onClick={onDismiss} aria-label={texts.dismiss}>
          <Icon name="close" />
        </Button>
      )}
    </div>
  );
}
