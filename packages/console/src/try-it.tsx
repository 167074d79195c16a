/** A microphone to hear the server with. */
import workletUrl from "@stt/client-web/capture.worklet.js?url";
import { failureText, microphoneText, stateKeyOf, stateWord } from "@stt/core";
import { useTranscription } from "@stt/react";
import { useMemo } from "react";
import { SERVER_URL } from "./api.js";
import { Icon } from "./icons.js";
import { usePage } from "./page-context.js";
import { fill } from "./texts.js";
import { useShortcut } from "./use-shortcut.js";

export function TryIt() {
  const { texts, locale, apiKey } = usePage();
  const transcription = useTranscription({
    url: SERVER_URL.href,
    microphone: useMemo(() => ({ workletUrl }), []),
    ...(apiKey === "" ? {} : { token: apiKey }),
  });
  const { status, error, permission, isSupported, committedText, interimText, text, latencyMs, toggle, clear } =
    transcription;
  const isOn = status !== "idle" && status !== "failed" && status !== "closed" && status !== "connected";
  useShortcut("m", toggle);
  const problem = !isSupported
    ? microphoneText(window.isSecureContext ? "unsupported" : "insecure", locale)
    : error
      ? failureText(error, locale)
      : permission === "denied"
        ? microphoneText("denied", locale)
        : null;
  return (
    <section className="panel try-it">
      <div className="bar">
        <h2>{texts.tryIt}</h2>
        <button type="button" className={isOn ? "" : "primary"} disabled={!isSupported} onClick={toggle}>
          <Icon name={isOn ? "stop" : "microphone"} />
          {isOn ? texts.stop : texts.start}
        </button>
        <button type="button" className="quiet" disabled={text === ""} onClick={clear}>
          {texts.clear}
        </button>
        <span className="hint tabular" data-state={status}>
          {isOn && stateWord(stateKeyOf(transcription), locale)}
          {latencyMs !== null && isOn && ` · ${fill(texts.roundTrip, { ms: Math.round(latencyMs) })}`}
        </span>
      </div>
      {problem && (
        <p className="problem" role="alert">
          <Icon name="warning" /> {problem}
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
