/** A download in the table of models: how far it is or what went wrong, and ending it. */
import { formatBytes, formatPercent } from "./format.js";
import { Icon } from "./icons.js";
import { downloadProblem } from "./model-problems.js";
import { usePage } from "./page-context.js";
import type { ModelPull } from "./server-types.js";

export interface DownloadCellsProps {
  pull: ModelPull;
  /** Whether the keyboard's place is here when the row appears. */
  takesFocus: boolean;
  onRetry(): void;
  /** Stops it, or takes the failed one away. */
  onForget(): void;
}

export function DownloadCells({ pull, takesFocus, onRetry, onForget }: DownloadCellsProps) {
  const { texts } = usePage();
  const hasFailed = pull.state === "failed";
  return (
    <>
      <td className={hasFailed ? "download row" : "download"}>
        {hasFailed ? <Failed pull={pull} /> : <Progress pull={pull} />}
      </td>
      <td className={hasFailed ? "actions row" : "actions"}>
        {hasFailed && (
          <button type="button" onClick={onRetry}>
            {texts.tryAgain}
          </button>
        )}
        <button
          type="button"
          // biome-ignore lint/a11y/noAutofocus: the button that was pressed is gone, and this is what it became
          autoFocus={takesFocus}
          onClick={onForget}
        >
          {hasFailed ? texts.dismiss : texts.stop}
        </button>
      </td>
    </>
  );
}

function Progress({ pull: { name, state, receivedBytes, totalBytes } }: { pull: ModelPull }) {
  const { texts, locale } = usePage();
  const share = totalBytes ? Math.min(1, receivedBytes / totalBytes) : undefined;
  return (
    <p>
      <span className="share tabular">
        <progress aria-label={name} value={share} />{" "}
        {share === undefined ? formatBytes(receivedBytes, locale) : formatPercent(share, locale)}
      </span>{" "}
      <small>{texts.downloadStates[state]}</small>
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
