/** A download in the table of models: how far it is or what went wrong, and ending it. */
import { Button, Icon, Progress } from "@stt/ui";
import type { MouseEvent } from "react";
import { downloadProblem } from "./model-problems.js";
import { usePage } from "./page-context.js";
import type { ModelPull } from "./server-types.js";

export interface DownloadCellsProps {
  pull: ModelPull;
  /** Whether the keyboard's place is here when the row appears. */
  takesFocus: boolean;
  onRetry(event: MouseEvent): void;
  /** Stops it, or takes the failed one away. */
  onForget(): void;
}

export function DownloadCells({ pull, takesFocus, onRetry, onForget }: DownloadCellsProps) {
  const { texts } = usePage();
  const hasFailed = pull.state === "failed";
  return (
    <>
      {/* In the place of what it costs and is used for. */}
      <td className={hasFailed ? "download row" : "download"} colSpan={4}>
        {hasFailed ? <Failed pull={pull} /> : <Underway pull={pull} />}
      </td>
      <td className={hasFailed ? "actions row" : "actions"}>
        {hasFailed && <Button onClick={onRetry}>{texts.tryAgain}</Button>}
        <Button
          // The button that was pressed is gone, and this is what it became.
          autoFocus={takesFocus}
          onClick={onForget}
        >
          {hasFailed ? texts.dismiss : texts.stop}
        </Button>
      </td>
    </>
  );
}

function Underway({ pull }: { pull: ModelPull }) {
  const { texts, locale } = usePage();
  const { name, state, receivedBytes, totalBytes, code } = pull;
  const problem = code === undefined ? null : downloadProblem(pull, texts);
  return (
    <p title={problem?.detail}>
      <Progress label={name} done={receivedBytes} total={totalBytes} locale={locale} />{" "}
      <small>
        {texts.downloadStates[state]} {problem?.sentence}
      </small>
    </p>
  );
}

function Failed({ pull }: { pull: ModelPull }) {
  const { texts } = usePage();
  const { sentence, detail } = downloadProblem(pull, texts);
  return (
    <p className="problem" role="alert" title={detail}>
      <Icon name="warning" /> {sentence}
    </p>
  );
}
