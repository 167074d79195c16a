/** A sentence to read aloud, and beside it what was heard. */
import { wordErrorRate } from "@stt/core";
import type { UseTranscriptionResult } from "@stt/react";
import { fill } from "@stt/ui";
import { usePage } from "../page-context.js";
import { Step } from "./first-run.js";

/** From here on, something is worth changing: the place, the language, the model. */
const POOR = 0.34;

export function ReadAloud({ transcription, isReady }: { transcription: UseTranscriptionResult; isReady: boolean }) {
  const { texts, preferences, locale } = usePage();
  const { segments } = transcription;
  const sentence = texts.sentence;
  const heard = segments.map(({ text }) => text).join(" ");
  const isFinal = segments.length > 0 && segments.every(({ state }) => state === "final");
  const words = sentence.split(" ").length;
  const { errors } = wordErrorRate(sentence, heard);
  const right = Math.max(0, words - errors);
  const isPoor = errors / words > POOR;
  const verdict = isPoor ? texts.readPoor : errors === 0 ? texts.readPerfect : fill(texts.readGood, { right, words });
  return (
    <Step state={!isReady ? "waiting" : !isFinal ? "busy" : isPoor ? "warning" : "done"} title={texts.stepRead}>
      <div className="read">
        <blockquote lang={locale}>{sentence}</blockquote>
        <p className={heard === "" ? "read-nothing" : "read-heard"} lang={preferences.language} aria-live="polite">
          {heard === "" ? texts.readHere : heard}
        </p>
      </div>
      {isFinal && <p role="status">{verdict}</p>}
    </Step>
  );
}
