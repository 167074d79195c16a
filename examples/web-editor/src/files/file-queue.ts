/** Sound files, one after the other, beside whatever is being dictated: each has a session of its own. */
import { createSttClient, type FileProgress, fileSource, SttError } from "@stt/client-web";
import { isSttError, messageOf } from "@stt/core";
import { HistoryRecorder } from "../history/history.js";
import { newId } from "../new-id.js";
import type { TextWishes } from "../use-text-wishes.js";

export interface FileJob {
  readonly id: string;
  readonly name: string;
  readonly state: "waiting" | "running" | "done" | "failed";
  /** Audio read and in all, milliseconds; null until the file is open. */
  readonly progress: FileProgress | null;
  /** Until it is done, milliseconds, as far as one can tell. */
  readonly leftMs: number | null;
  /** What was heard so far. */
  readonly text: string;
  readonly failure: SttError | null;
  /** Was dropped together with others. */
  readonly isOneOfMany: boolean;
}

export interface FileOptions extends TextWishes {
  url: string;
  token: string | undefined;
  language: string | undefined;
  likelyLanguages: string[] | undefined;
}

/** Before this there is no telling how long it takes, milliseconds. */
const TELLING_AFTER_MS = 1500;

export class FileQueue {
  readonly #listeners = new Set<() => void>();
  readonly #files = new Map<string, { file: File; abort: AbortController; options: FileOptions }>();
  readonly #onDone: (job: FileJob) => void;
  #jobs: readonly FileJob[] = [];
  #isRunning = false;

  constructor(onDone: (job: FileJob) => void) {
    this.#onDone = onDone;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** In the order in which they came; the same array until something changes. */
  readonly getSnapshot = (): readonly FileJob[] => this.#jobs;

  add(files: readonly File[], options: FileOptions): void {
    for (const file of files) {
      const id = newId();
      this.#files.set(id, { file, abort: new AbortController(), options });
      const job: FileJob = {
        id,
        name: file.name,
        state: "waiting",
        progress: null,
        leftMs: null,
        text: "",
        failure: null,
        isOneOfMany: files.length > 1,
      };
      this.#jobs = [...this.#jobs, job];
    }
    this.#call();
    if (!this.#isRunning) void this.#run();
  }

  /** Ends it if it runs; it is shown no more. What was heard of it stays in the history. */
  remove(id: string): void {
    this.#files.get(id)?.abort.abort();
    this.#files.delete(id);
    this.#jobs = this.#jobs.filter((job) => job.id !== id);
    this.#call();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    for (;;) {
      const next = this.#jobs.find(({ state }) => state === "waiting");
      if (!next) break;
      try {
        const text = await this.#transcribe(next.id);
        this.#update(next.id, { state: "done", text, leftMs: 0 });
        const done = this.#jobs.find(({ id }) => id === next.id);
        if (done) this.#onDone(done);
      } catch (error) {
        const failure = isSttError(error) ? error : new SttError("internal", messageOf(error), { cause: error });
        this.#update(next.id, { state: "failed", failure });
      }
      this.#files.delete(next.id);
    }
    this.#isRunning = false;
  }

  async #transcribe(id: string): Promise<string> {
    const { file, abort, options } = this.#files.get(id)!;
    this.#update(id, { state: "running" });
    const startedAt = performance.now();
    const onProgress = (progress: FileProgress) => {
      const tookMs = performance.now() - startedAt;
      const restMs = progress.totalMs - progress.doneMs;
      const leftMs = tookMs < TELLING_AFTER_MS || progress.doneMs === 0 ? null : (tookMs / progress.doneMs) * restMs;
      this.#update(id, { progress, leftMs });
    };
    const source = await fileSource(file, { onProgress });
    this.#update(id, { progress: { doneMs: 0, totalMs: source.durationMs ?? 0 } });
    const client = createSttClient({ ...options, words: true, partials: false, reconnect: { initial: true } });
    const recorder = new HistoryRecorder(file.name);
    const remembered: Promise<void>[] = [];
    let text = "";
    client.on("final", (final) => {
      text = client.getSnapshot().text;
      this.#update(id, { text });
      // A browser that keeps nothing says so in the history itself.
      remembered.push(recorder.take(final, client.getSnapshot().server?.model).catch(() => {}));
    });
    try {
      await client.transcribe(source, { signal: abort.signal });
      await Promise.all(remembered);
      return text;
    } finally {
      await client.close();
    }
  }

  #update(id: string, change: Partial<FileJob>): void {
    this.#jobs = this.#jobs.map((job) => (job.id === id ? { ...job, ...change } : job));
    this.#call();
  }

  #call(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
