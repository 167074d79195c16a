/** The first time: is everything there that dictation needs? Every step says what it found; one that fails, what to do. */
import { failureText, millisecondsText } from "@stt/core";
import { type UseTranscriptionResult, useMicrophones } from "@stt/react";
import { Button, dictationProblem, fill, Icon, type IconName, isTestModel, UI_TEXTS } from "@stt/ui";
import { type ReactNode, useEffect, useRef } from "react";
import { usePage } from "../page-context.js";
import { Wave } from "../recording/wave.js";
import "../styles/first-run.css";
import { KeyForm } from "../key-form.js";
import { ReadAloud } from "./read-aloud.js";
import { useHeard } from "./use-heard.js";
import { type ServerFacts, useServer } from "./use-server.js";

export interface FirstRunProps {
  transcription: UseTranscriptionResult;
  /** It is over, and is not shown again. */
  onDone(): void;
}

type StepState = "waiting" | "busy" | "done" | "warning" | "failed";

const SIGNS: Record<StepState, IconName> = {
  waiting: "clock",
  busy: "dots",
  done: "check",
  warning: "warning",
  failed: "warning",
};

export default function FirstRun({ transcription, onDone }: FirstRunProps) {
  const { texts, preferences } = usePage();
  const { microphone } = transcription;
  const server = useServer(preferences.key);
  return (
    <section className="first-run" aria-labelledby="first-run-title">
      <h2 id="first-run-title">{texts.firstTitle}</h2>
      <p>{texts.firstText}</p>
      <ol>
        <ServerStep {...server} />
        <ModelStep model={transcription.server?.model ?? server.models?.[0]} />
        <MicrophoneStep transcription={transcription} />
        <ReadAloud transcription={transcription} isReady={server.models !== null && microphone !== null} />
      </ol>
      <p className="first-run-actions">
        <Button className="primary" onClick={onDone} disabled={microphone === null}>
          {texts.startWriting}
        </Button>
        <Button className="quiet" onClick={onDone}>
          {texts.skip}
        </Button>
      </p>
    </section>
  );
}

export function Step({ state, title, children }: { state: StepState; title: string; children: ReactNode }) {
  const item = useRef<HTMLLIElement>(null);
  // What has just been found, or is wanted now, is in sight also on a phone.
  useEffect(() => {
    if (state !== "waiting") item.current?.scrollIntoView({ block: "nearest" });
  }, [state]);
  return (
    <li ref={item} className="step" data-state={state} aria-current={state === "busy" ? "step" : undefined}>
      <span className="step-sign">
        <Icon name={SIGNS[state]} />
      </span>
      <h3>{title}</h3>
      <div className="step-body">{children}</div>
    </li>
  );
}

function ServerStep({ models, latencyMs, error }: ServerFacts) {
  const { texts, locale, preferences } = usePage();
  const state = models ? "done" : error ? "failed" : "busy";
  const sentence = models
    ? `${location.host}, ${millisecondsText(latencyMs, locale)}`
    : error?.code === "unauthorized" && !preferences.key
      ? UI_TEXTS[locale].keyWanted
      : error
        ? failureText(error, locale)
        : fill(texts.stepServerBusy, { server: location.host });
  return (
    <Step state={state} title={texts.stepServer}>
      <p className="tabular">{sentence}</p>
      {error?.code === "unauthorized" && <KeyForm onKey={() => {}} />}
    </Step>
  );
}

function ModelStep({ model }: { model: string | undefined }) {
  const { texts, locale } = usePage();
  const isTest = isTestModel(model);
  return (
    <Step state={model === undefined ? "waiting" : isTest ? "warning" : "done"} title={texts.stepModel}>
      <p>{model === undefined ? texts.stepWaits : isTest ? UI_TEXTS[locale].testModel : model}</p>
    </Step>
  );
}

function MicrophoneStep({ transcription }: { transcription: UseTranscriptionResult }) {
  const { texts, locale, preferences, prefer } = usePage();
  const { microphone, start, status } = transcription;
  const microphones = useMicrophones();
  const hasHeard = useHeard(microphone);
  const allow = useRef<HTMLButtonElement>(null);
  useEffect(() => allow.current?.focus(), []);
  const { error, permission } = transcription;
  const isObstacle = (error && "problem" in error) || (permission === "denied" && status === "idle");
  const problem = isObstacle || !transcription.isSupported ? dictationProblem(transcription, locale, true) : null;
  if (!microphone) {
    return (
      <Step state={problem ? "failed" : "busy"} title={texts.stepMicrophone}>
        <p>{problem?.sentence ?? texts.stepMicrophoneAsk}</p>
        {problem?.remedy !== "none" && (
          <Button ref={allow} className={problem ? undefined : "primary"} onClick={start}>
            <Icon name="microphone" />
            {problem ? texts.retry : texts.allow}
          </Button>
        )}
      </Step>
    );
  }
  return (
    <Step state={hasHeard ? "done" : "busy"} title={texts.stepMicrophone}>
      <Wave microphone={microphone} />
      <p>{hasHeard ? texts.stepHeard : texts.stepSaySomething}</p>
      {microphones.length > 1 && (
        <select
          aria-label={texts.microphone}
          value={preferences.deviceId ?? ""}
          onChange={({ target }) => prefer({ deviceId: target.value || undefined })}
        >
          <option value="">{texts.systemMicrophone}</option>
          {microphones.map(({ deviceId, label }) => (
            <option key={deviceId} value={deviceId}>
              {label}
            </option>
          ))}
        </select>
      )}
    </Step>
  );
}
