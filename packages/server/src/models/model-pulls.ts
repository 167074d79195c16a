import { messageOf, SttError } from "@stt/core";
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
}

/** Downloads at the same time; further ones are refused. */
const MAX_RUNNING = 2;
/** Finished ones that can still be asked about. */
const MAX_KEPT = 50;

/** Downloads that operators ask a running server for. */
export class ModelPulls {
  readonly #pulls = new Map<string, ModelPull>();
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<void>>();
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
    const present = this.#pulls.get(entry.name);
    if (present && present.state !== "done" && present.state !== "failed") return present;
    if (this.#running.size >= MAX_RUNNING) {
      throw new SttError("rate_limited", `${MAX_RUNNING} models are being fetched: try again when one is there.`, {
        retryable: true,
      });
    }
    const { name: canonical } = entry;
    this.#set({ name: canonical, state: "downloading", receivedBytes: 0, message: `downloading ${canonical}` });
    const run: Promise<void> = this.#run(canonical).finally(() => this.#running.delete(run));
    this.#running.add(run);
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

  /** Latest last. */
  list(): ModelPull[] {
    return [...this.#pulls.values()];
  }

  /** Stops all; what has come is kept for the next time. */
  async close(): Promise<void> {
    this.#stop.abort(new SttError("aborted", "The server is shutting down."));
    await Promise.all(this.#running);
  }

  async #run(name: string): Promise<void> {
    const lines = downloadLines(this.#log);
    let last: Pick<ModelPull, "receivedBytes" | "totalBytes"> = { receivedBytes: 0 };
    try {
      await downloadModel({
        name,
        directory: this.#directory,
        baseUrl: this.#baseUrl,
        log: this.#log,
        signal: this.#stop.signal,
        onProgress: (progress) => {
          lines.update(progress);
          const { state, receivedBytes, totalBytes } = progress;
          last = { receivedBytes, ...(totalBytes === undefined ? {} : { totalBytes }) };
          this.#set({ name, state, ...last, message: describeDownload(progress) });
        },
      });
      this.#set({ name, state: "done", ...last, message: `${name} is there` });
    } catch (error) {
      this.#log.warn({ model: name }, `a model could not be fetched: ${messageOf(error)}`);
      this.#set({ name, state: "failed", ...last, message: messageOf(error) });
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
