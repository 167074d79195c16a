import { useAudioLevel, useTranscription } from "@stt/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

const url = new URLSearchParams(location.search).get("server") ?? "ws://localhost:8012";

function Dictation() {
  const { committedText, interimText, status, error, isListening, toggle, microphone } = useTranscription({
    url,
    language: "en",
  });
  const { rms } = useAudioLevel(microphone);
  return (
    <main>
      <p id="text">
        {committedText} <i>{interimText}</i>
      </p>
      <button type="button" onClick={toggle}>
        {isListening ? "Stop" : "Speak"}
      </button>{" "}
      <meter value={Math.min(1, rms * 5)} /> <output>{error?.message ?? status}</output>
    </main>
  );
}

createRoot(document.getElementById("app") as HTMLElement).render(
  <StrictMode>
    <Dictation />
  </StrictMode>,
);
