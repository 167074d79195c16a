import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { type Clock, messageOf } from "@stt/core";
import type { HistoryArchive } from "./history-archive.js";
import type { Log } from "./log.js";

/** What a crash may cost of the graphs. */
const SAVE_MS = 60_000;
/** An archive is smaller; what is larger is none. */
const MAX_BYTES = 512 * 1024;

export interface HistoryFileOptions {
  archive: HistoryArchive;
  /** Made where it is not there. */
  path: string;
  clock: Clock;
  log: Log;
}

/** Keeps an archive on the disk: read once, written every minute and at the end. Where that fails the log says so once, and nothing else stops. */
export class HistoryFile {
  readonly #options: HistoryFileOptions;
  #isOpen = false;
  #isWritable = false;
  #saving: Promise<void> = Promise.resolve();
  #stopTimer: (() => void) | undefined;

  constructor(options: HistoryFileOptions) {
    this.#options = options;
  }

  /** Whether what is measured will be there after a restart. */
  get isKept(): boolean {
    return this.#isWritable;
  }

  /** Reads what there is, and from now on saves. Never rejects. */
  async open(): Promise<void> {
    const { archive, path: file, log } = this.#options;
    try {
      const text = await readSmall(file);
      if (text !== undefined) archive.read(text, Date.now());
    } catch (error) {
      log.warn({ file }, `The graphs begin anew: their file cannot be used. ${messageOf(error)}`);
    }
    await removeDrafts(file);
    this.#isOpen = true;
    this.#isWritable = true;
    await this.#save();
    this.#wait();
  }

  /** Saves; of what was never opened nothing is written over. */
  async close(): Promise<void> {
    this.#stopTimer?.();
    if (this.#isOpen) await this.#save();
    this.#isOpen = false;
  }

  #wait(): void {
    this.#stopTimer = this.#options.clock.setTimer(SAVE_MS, () => {
      void this.#save();
      this.#wait();
    });
  }

  /** One after the other. */
  #save(): Promise<void> {
    this.#saving = this.#saving.then(() => this.#write());
    return this.#saving;
  }

  async #write(): Promise<void> {
    const { archive, path: file, log } = this.#options;
    const draft = `${file}.${randomUUID()}.tmp`;
    try {
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(draft, archive.toText(), { mode: 0o600 });
      await rename(draft, file);
      this.#isWritable = true;
    } catch (error) {
      await rm(draft, { force: true }).catch(() => {});
      if (this.#isWritable) {
        log.info(
          { file },
          `The graphs are kept in memory only, until it can be written (HISTORY_DIR). ${messageOf(error)}`,
        );
      }
      this.#isWritable = false;
    }
  }
}

/** @returns undefined where there is none */
async function readSmall(file: string): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined);
  if (!found) return undefined;
  if (!found.isFile() || found.size > MAX_BYTES) throw new Error("It is no file of ours.");
  return await readFile(file, "utf8");
}

/** What a server left that was killed while it wrote. */
async function removeDrafts(file: string): Promise<void> {
  const directory = path.dirname(file);
  const names = await readdir(directory).catch(() => []);
  const drafts = names.filter((name) => name.startsWith(`${path.basename(file)}.`) && name.endsWith(".tmp"));
  await Promise.all(drafts.map((name) => rm(path.join(directory, name), { force: true }).catch(() => {})));
}
