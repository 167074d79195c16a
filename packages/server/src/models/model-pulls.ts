import { isSttError, messageOf, SttError, type SttErrorCode } from "@stt/core";
import type { Log } from "../observability/log.js";
import { COLLECTION_URL, isFetchableName, sourceOf } from "./catalog.js";
import { type DownloadProgress, downloadModel } from "./download.js";
import { describeDownload, downloadLines } from "./download-report.js";

/** A download that was asked for while the server runs. */
export interface ModelPull {
  name: string;
  state: DownloadProgress["state"] | "done" | "failed";
  receivedBytes: number;
  totalBytes?: number;
  /** One sentence for a person. */
  message: string;
  /** Why it failed, or is tried again. */
  code?: SttErrorCode;
}

interface RunningPull {
  stop: AbortController;
  ended: Promise<void>;
}

/** Downloads at the same time; further ones are refused. */
const MAX_RUNNING = 2;
/** Finished ones that can still be asked about. */
const MAX_KEPT = 50;

/** Downloads that operators ask a running server for. */
export class ModelPulls {
  readonly #pulls = new Map<string, ModelPull>();
  readonly #running = new Map<string, RunningPull>();
  readonly #directory: string;
  readonly #baseUrl: string;
  readonly #log: Log;

  constructor({ directory, baseUrl, log }: { directory: string; baseUrl: string; log: Log }) {
    this.#directory = directory;
    this.#baseUrl = baseUrl;
    this.#log = log;
  }

  /**
   * Starts a download, or finds the one that runs already.
   *
   * @throws SttError `model_not_found`, `rate_limited`
   */
  start(name: string): ModelPull {
    const entry = sourceOf(name, this.#baseUrl !== COLLECTION_URL);
    if (this.#running.has(entry.name)) return this.#pulls.get(entry.name)!;
    if (this.#running.size >= MAX_RUNNING) {
      throw new SttError("rate_limited", `${MAX_RUNNING} models are being fetched: try again when one is there.`, {
        retryable: true,
      });
    }
    const { name: canonical } = entry;
    this.#set({ name: canonical, state: "downloading", receivedBytes: 0, message: `downloading ${canonical}` });
    const stop = new AbortController();
    const ended = this.#run(canonical, stop.signal).finally(() => this.#running.delete(canonical));
    this.#running.set(canonical, { stop, ended });
    return this.#pulls.get(canonical)!;
  }

  /** @throws SttError `not_found` */
  get(name: string): ModelPull {
    const pull = isFetchableName(name) ? this.#pulls.get(name) : undefined;
    if (pull) return pull;
    throw new SttError(
      "not_found",
      `Nobody has asked for the model ${JSON.stringify(name.slice(0, 100))} since the server started.`,
    );
  }

  /**
   * Waits for a download to end, well or not.
   *
   * @throws SttError `not_found`
   */
  async ended(name: string): Promise<ModelPull> {
    await this.#running.get(name)?.ended;
    return this.get(name);
  }

  /** Latest last. */
  list(): ModelPull[] {
    return [...this.#pulls.values()];
  }

  /**
   * Forgets a download, after stopping one that runs; what has come is kept for the next time.
   *
   * @throws SttError `not_found`
   */
  async cancel(name: string): Promise<void> {
    this.get(name);
    const running = this.#running.get(name);
    running?.stop.abort(new SttError("aborted", "An operator stopped it."));
    await running?.ended;
    if (!this.#running.has(name)) this.#pulls.delete(name);
  }

  /** Stops all; what has come is kept for the next time. */
  async close(): Promise<void> {
    const all = [...this.#running.values()];
    for (const { stop } of all) stop.abort(new SttError("aborted", "The server is shutting down."));
    await Promise.all(all.map(({ ended }) => ended));
  }

  async #run(name: string, signal: AbortSignal): Promise<void> {
    const lines = downloadLines(this.#log);
    let last: Pick<ModelPull, "receivedBytes" | "totalBytes"> = { receivedBytes: 0 };
    try {
      await downloadModel({
        name,
        directory: this.#directory,
        baseUrl: this.#baseUrl,
        log: this.#log,
        signal,
        onProgress: (progress) => {
          lines.update(progress);
          const { state, receivedBytes, totalBytes, failure } = progress;
          last = { receivedBytes, ...(totalBytes === undefined ? {} : { totalBytes }) };
          const message = failure?.message ?? describeDownload(progress);
          this.#set({ name, state, ...last, message, ...(failure ? { code: failure.code } : {}) });
        },
      });
      this.#set({ name, state: "done", ...last, message: `${name} is there` });
    } catch (error) {
      if (signal.aborted) this.#log.info({ model: name }, `fetching a model was stopped: ${messageOf(error)}`);
      else this.#log.warn({ model: name }, `a model could not be fetched: ${messageOf(error)}`);
      const code = isSttError(error) ? error.code : "internal";
      this.#set({ name, state: "failed", ...last, message: messageOf(error), code });
    }
  }

  #set(pull: ModelPull): void {
    this.#pulls.delete(pull.name);
    this.#pulls.set(pull.name, pull);
    for (const { name, state } of this.#pulls.values()) {
      if (this.#pulls.size <= MAX_KEPT) return;
      if (state === "done" || state === "failed") this.#pulls.delete(name);
    }
  }
}
