/** A microphone to hear the server with. */
import workletUrl from "@stt/client-web/capture.worklet.js?url";
import { stateWord } from "@stt/core";
import { useTranscription } from "@stt/react";
import {
  Button,
  dictationNotice,
  dictationProblem,
  dictationState,
  fill,
  Icon,
  Level,
  Pill,
  STATE_LOOKS,
  serverUrl,
  UI_TEXTS,
  useSecondsUntil,
  useSilence,
} from "@stt/ui";
import { useMemo, useState } from "react";
import { usePage } from "./page-context.js";
import { useShortcut } from "./use-shortcut.js";

/** Speech that is kept while the connection is away, milliseconds: this is a try. */
const MAX_KEPT_MS = 30_000;

export function TryIt() {
  const { texts, locale, apiKey } = usePage();
  const [lostMs, setLostMs] = useState(0);
  const transcription = useTranscription({
    url: serverUrl(""),
    maxReplayMs: MAX_KEPT_MS,
    microphone: useMemo(() => ({ workletUrl }), []),
    ...(apiKey === "" ? {} : { token: apiKey }),
    onEvent: (event) => {
      if (event.type === "ready" && !event.resumed) setLostMs(0);
      if (event.type === "warning" && event.lostMs) setLostMs((before) => before + event.lostMs!);
    },
  });
  const { status, isSupported, isListening, microphone, reconnect, committedText, interimText, text, latencyMs } =
    transcription;
  const { toggle, clear } = transcription;
  const isOn = status !== "idle" && status !== "failed" && status !== "closed" && status !== "connected";
  useShortcut("m", toggle);
  const seconds = useSecondsUntil(reconnect?.attempt, reconnect?.nextDelayMs ?? 0);
  const silentSeconds = useSilence(isListening ? microphone : null);
  const problem = dictationProblem(transcription, locale, apiKey !== "");
  const notice =
    dictationNotice({ transcription, seconds, silentSeconds, lostMs, maxKeptMs: MAX_KEPT_MS }, locale) ??
    (lostMs > 0 ? fill(UI_TEXTS[locale].lost, { seconds: Math.ceil(lostMs / 1000) }) : null);
  const state = dictationState(transcription, true);
  return (
    <section className="panel try-it">
      <div className="bar">
        <h2>{texts.tryIt}</h2>
        <Button className={isOn ? "" : "primary"} disabled={!isSupported} onClick={toggle}>
          <Icon name={isOn ? "stop" : "microphone"} />
          {isOn ? texts.stop : texts.start}
        </Button>
        <Button className="quiet" disabled={text === ""} onClick={clear}>
          {texts.clear}
        </Button>
        {isOn && (
          <div className="hearing" data-state={status}>
            <Pill {...STATE_LOOKS[state]}>
              {state === "reconnecting" && lostMs > 0
                ? UI_TEXTS[locale].reconnecting
                : stateWord(state, locale, seconds)}
            </Pill>
            <Level microphone={isListening ? microphone : null} />
          </div>
        )}
        <span className="hint tabular">
          {latencyMs !== null && isOn && fill(texts.roundTrip, { ms: Math.round(latencyMs) })}
        </span>
      </div>
      {(problem || notice) && (
        <p className="problem" role={problem ? "alert" : "note"}>
          <Icon name="warning" /> {problem?.sentence ?? notice}
        </p>
      )}
      <p className="heard" role="log" aria-label={texts.tryIt}>
        {text === "" ? (
          <span className="hint">{texts.tryHint}</span>
        ) : (
          <>
            {committedText} <span className="drying">{interimText}</span>
          </>
        )}
      </p>
    </section>
  );
}
