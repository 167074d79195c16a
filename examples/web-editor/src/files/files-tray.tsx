/** Files that are being transcribed: how far, how long still, and what came of them. */
import { failureText, type Locale } from "@stt/core";
import { Button, fill, Icon, Progress } from "@stt/ui";
import { usePage } from "../page-context.js";
import { countWords } from "../text/count-words.js";
import type { Texts } from "../texts/index.js";
import type { FileJob } from "./file-queue.js";

export interface FilesTrayProps {
  jobs: readonly FileJob[];
  onInsert(text: string): void;
  onRemove(id: string): void;
}

export default function FilesTray({ jobs, onInsert, onRemove }: FilesTrayProps) {
  const { texts } = usePage();
  return (
    <ul className="files" aria-label={texts.file}>
      {jobs.map((job) => (
        <li key={job.id} className={job.state === "failed" ? "notice notice-bad" : "notice"} data-state={job.state}>
          <Icon name={job.state === "failed" ? "warning" : job.state === "done" ? "check" : "file"} />
          <FileState job={job} />
          {job.state === "done" && job.isOneOfMany && (
            <Button onClick={() => onInsert(job.text)}>{texts.insert}</Button>
          )}
          <Button
            className="quiet"
            aria-label={`${isOver(job) ? texts.dismiss : texts.stop}: ${job.name}`}
            title={isOver(job) ? texts.dismiss : texts.stop}
            onClick={() => onRemove(job.id)}
          >
            <Icon name="close" />
          </Button>
        </li>
      ))}
    </ul>
  );
}

function isOver({ state }: FileJob): boolean {
  return state === "done" || state === "failed";
}

function FileState({ job }: { job: FileJob }) {
  const { texts, locale } = usePage();
  const { name, state, progress, leftMs, text, failure } = job;
  switch (state) {
    case "waiting":
      return <p>{fill(texts.fileWaits, { file: name })}</p>;
    case "failed":
      return (
        <p role="alert">
          {name}: {failure && failureText(failure, locale)}
        </p>
      );
    case "done":
      return <p role="status">{fill(texts.fileDone, { file: name, words: countWords(text) })}</p>;
    case "running":
      return (
        <>
          <p>
            {fill(texts.reading, { file: name })}
            {leftMs !== null && <small className="tabular"> {timeLeft(leftMs, texts, locale)}</small>}
          </p>
          <Progress
            label={fill(texts.reading, { file: name })}
            done={progress?.doneMs ?? 0}
            total={Math.max(1, progress?.totalMs ?? 1)}
            locale={locale}
          />
        </>
      );
  }
}

function timeLeft(ms: number, texts: Texts, locale: Locale): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 60) return fill(texts.secondsLeft, { n: seconds });
  return fill(texts.minutesLeft, { n: Math.ceil(seconds / 60).toLocaleString(locale) });
}
