/** How far something is, as a bar and in figures. */
import type { Locale } from "@stt/core";
import { formatBytes, formatPercent } from "./format.js";

export interface ProgressProps {
  /** What it is of, for those who do not see it. */
  label: string;
  done: number;
  /** Unknown: the bar moves without an end. */
  total?: number | undefined;
  locale: Locale;
}

/** @param props.done of `total`; bytes where nobody knows the total */
export function Progress({ label, done, total, locale }: ProgressProps) {
  const share = total ? Math.min(1, done / total) : undefined;
  return (
    <span className="share tabular">
      <progress aria-label={label} value={share} />{" "}
      {share === undefined ? formatBytes(done, locale) : formatPercent(share, locale)}
    </span>
  );
}
