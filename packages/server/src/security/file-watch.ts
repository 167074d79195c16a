import { type FSWatcher, watch } from "node:fs";
import { basename, dirname } from "node:path";
import { type Clock, messageOf } from "@stt/core";
import type { Log } from "../observability/log.js";

/** Editors and certificate tools write in several steps. */
const SETTLE_MS = 200;

export interface FileWatchOptions {
  paths: readonly string[];
  clock: Clock;
  log: Log;
  /** Something may have changed. */
  onChange(): void;
}

/**
 * Notices changes of files, also when they are replaced or stand behind links that are: it watches their folders. Does not
 * keep the process alive.
 */
export class FileWatch {
  readonly #options: FileWatchOptions;
  readonly #watchers: FSWatcher[] = [];
  #cancelSettle: (() => void) | undefined;

  constructor(options: FileWatchOptions) {
    this.#options = options;
    for (const folder of new Set(options.paths.map((path) => dirname(path)))) this.#watch(folder);
  }

  close(): void {
    this.#cancelSettle?.();
    for (const watcher of this.#watchers.splice(0)) watcher.close();
  }

  #watch(folder: string): void {
    const { paths, log } = this.#options;
    const names = new Set(paths.map((path) => basename(path)));
    const failed = (error: unknown) =>
      log.warn({ folder }, `Changes in ${folder} are not noticed (${messageOf(error)}): send SIGHUP after each.`);
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        // Kubernetes replaces a link named "..data" beside the files.
        if (name === null || names.has(name) || name.startsWith("..")) this.#changed();
      });
      watcher.on("error", failed);
      this.#watchers.push(watcher);
    } catch (error) {
      failed(error);
    }
  }

  #changed(): void {
    const { clock, onChange } = this.#options;
    this.#cancelSettle?.();
    this.#cancelSettle = clock.setTimer(SETTLE_MS, onChange);
  }
}
