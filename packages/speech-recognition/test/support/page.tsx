/** A page with the programs of other people: react-speech-recognition and annyang, as npm has them. */
import annyang from "annyang";
import { createRoot } from "react-dom/client";
import ReactSpeechRecognition, { useSpeechRecognition } from "react-speech-recognition";
import { createSpeechRecognition, type SpeechRecognition, SpeechRecognitionPhrase } from "../../src/index.js";

export { annyang, createSpeechRecognition, ReactSpeechRecognition, SpeechRecognitionPhrase };

const NAMES = [
  "start",
  "audiostart",
  "soundstart",
  "speechstart",
  "speechend",
  "soundend",
  "audioend",
  "nomatch",
  "end",
];

/** All events of a recognition in a word each; what results and errors said. */
export function record(recognition: SpeechRecognition) {
  const events: string[] = [];
  const results: { index: number; texts: string[]; isFinal: boolean[]; confidence: number }[] = [];
  for (const name of NAMES) recognition.addEventListener(name, () => events.push(name));
  recognition.onresult = ({ results: list, resultIndex }) => {
    const all = [...list];
    results.push({
      index: resultIndex,
      texts: all.map((each) => each[0]!.transcript),
      isFinal: all.map((each) => each.isFinal),
      confidence: list.item(resultIndex)[0]!.confidence,
    });
    events.push(all[resultIndex]!.isFinal ? "final" : "interim");
  };
  recognition.onerror = ({ error }) => events.push(`error:${error}`);
  const ended = new Promise<void>((resolve) => recognition.addEventListener("end", () => resolve(), { once: true }));
  return { events, results, ended };
}

/** The name of what a call throws. */
export function thrownBy(action: () => void): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return (error as Error).name;
  }
}

/** The component of react-speech-recognition's own manual, with a voice command. */
function Dictaphone({ command, onCommand }: { command: string; onCommand(): void }) {
  const {
    transcript,
    finalTranscript,
    interimTranscript,
    listening,
    browserSupportsSpeechRecognition,
    resetTranscript,
  } = useSpeechRecognition({ commands: [{ command, callback: onCommand }] });
  return (
    <div>
      <p id="supported">{String(browserSupportsSpeechRecognition)}</p>
      <p id="listening">{String(listening)}</p>
      <p id="transcript">{transcript}</p>
      <p id="final">{finalTranscript}</p>
      <p id="interim">{interimTranscript}</p>
      <button type="button" id="reset" onClick={resetTranscript}>
        Reset
      </button>
    </div>
  );
}

export function showDictaphone(url: string, command: string, onCommand: () => void): void {
  ReactSpeechRecognition.applyPolyfill(createSpeechRecognition({ url }) as never);
  const root = document.body.appendChild(document.createElement("div"));
  createRoot(root).render(<Dictaphone command={command} onCommand={onCommand} />);
}
