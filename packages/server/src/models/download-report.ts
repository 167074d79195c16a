import { Presets, SingleBar } from "cli-progress";
import type { Log } from "../observability/log.js";
import type { DownloadProgress } from "./download.js";

/** Shows how a download goes. */
export interface DownloadReport {
  update(progress: DownloadProgress): void;
  /** Ends the display; the result is told by somebody else. */
  close(): void;
}

const LINE_EVERY_MS = 10_000;
const LINE_EVERY_SHARE = 0.1;
const MB = 1e6;

/** A bar for a terminal. */
export function downloadBar(stream: NodeJS.WriteStream = process.stderr): DownloadReport {
  let bar: SingleBar | undefined;
  return {
    update(progress) {
      const total = progress.totalBytes ?? 0;
      bar ??= startBar(stream, progress);
      if (total > 0) bar.setTotal(Math.round(total / MB));
      bar.update(Math.round(progress.receivedBytes / MB), { state: describeState(progress) });
      // The next line belongs to somebody else, and so would the next model's bar.
      if (progress.state === "checking" || progress.state === "retrying") this.close();
    },
    close() {
      bar?.stop();
      bar = undefined;
    },
  };
}

function startBar(stream: NodeJS.WriteStream, { name, totalBytes = 0 }: DownloadProgress): SingleBar {
  const bar = new SingleBar(
    { stream, format: `{name} {bar} {percentage} % | {value}/{total} MB | {state}`, hideCursor: true, etaBuffer: 50 },
    Presets.shades_classic,
  );
  bar.start(Math.round(totalBytes / MB), 0, { name, state: "" });
  return bar;
}

/** A line about every 10 s and at every 10 %, for a log. */
export function downloadLines(
  log: Pick<Log, "info">,
  now: () => number = performance.now.bind(performance),
): DownloadReport {
  let lastAt = Number.NEGATIVE_INFINITY;
  let lastShare = 0;
  let lastState: DownloadProgress["state"] | undefined;
  return {
    update(progress) {
      const share = progress.totalBytes ? progress.receivedBytes / progress.totalBytes : 0;
      const at = now();
      const due = at - lastAt >= LINE_EVERY_MS || share - lastShare >= LINE_EVERY_SHARE;
      if (!due && progress.state === lastState) return;
      lastAt = at;
      lastShare = share;
      lastState = progress.state;
      log.info({ model: progress.name, receivedBytes: progress.receivedBytes }, describeDownload(progress));
    },
    close() {},
  };
}

/** One sentence, as `/readyz` and the log say it: `downloading medium, 34 %`. */
export function describeDownload(progress: DownloadProgress): string {
  const { name, receivedBytes, totalBytes } = progress;
  switch (progress.state) {
    case "waiting":
      return `waiting for another process that is downloading ${name}`;
    case "checking":
      return `checking ${name}`;
    default: {
      const amount = totalBytes
        ? `${Math.min(100, Math.floor((100 * receivedBytes) / totalBytes))} %`
        : `${Math.floor(receivedBytes / MB)} MB`;
      return `downloading ${name}, ${amount}${progress.state === "retrying" ? ", after a failure" : ""}`;
    }
  }
}

function describeState({ state }: DownloadProgress): string {
  return state === "downloading" ? "" : state;
}
