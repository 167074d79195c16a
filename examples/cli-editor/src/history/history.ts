/** What was said in the last sessions, in a file that only its user may read. */
import { appendFile, mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { writeFileWhole } from "@stt/client-node/cli";

/** Utterances that are kept. */
const MOST_ENTRIES = 2000;
/** The file may grow by so many before the oldest go. */
const SLACK_ENTRIES = 500;
/** A longer file is not ours. */
const MOST_BYTES = 16 * 2 ** 20;

/** An utterance as it was written down. */
export interface HistoryEntry {
  at: Date;
  text: string;
}

export class History {
  readonly #file: string;
  readonly #onProblem: (error: unknown) => void;
  #writing: Promise<void> = Promise.resolve();
  #added = 0;

  /**
   * @param folder where the program remembers things of its user
   * @param onProblem told when something could not be written; dictation goes on
   */
  constructor(folder: string, onProblem: (error: unknown) => void) {
    this.#file = path.join(folder, "history.jsonl");
    this.#onProblem = onProblem;
  }

  /** Adds an utterance. */
  add(text: string, at = new Date()): void {
    const line = `${JSON.stringify({ at: at.toISOString(), text })}\n`;
    this.#queue(async () => {
      await mkdir(path.dirname(this.#file), { recursive: true, mode: 0o700 });
      await appendFile(this.#file, line, { mode: 0o600 });
      // The first time of a run too: earlier runs may have left too many.
      if (this.#added++ % SLACK_ENTRIES === 0) await this.#forgetOldest();
    });
  }

  /** @returns the latest first; none where there is no history */
  async entries(): Promise<HistoryEntry[]> {
    await this.#writing;
    return (await this.#lines()).reverse().flatMap((line) => readEntry(line) ?? []);
  }

  async #forgetOldest(): Promise<void> {
    const lines = await this.#lines();
    if (lines.length <= MOST_ENTRIES + SLACK_ENTRIES) return;
    writeFileWhole(this.#file, `${lines.slice(-MOST_ENTRIES).join("\n")}\n`, { mode: 0o600, durable: false });
  }

  async #lines(): Promise<string[]> {
    const bytes = await readFile(this.#file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return Buffer.alloc(0);
      throw error;
    });
    return bytes.subarray(-MOST_BYTES).toString("utf8").split("\n").filter(Boolean);
  }

  #queue(work: () => Promise<void>): void {
    this.#writing = this.#writing.then(work).catch(this.#onProblem);
  }
}

/** Undefined for a line that was cut or that another program wrote. */
function readEntry(line: string): HistoryEntry | undefined {
  try {
    const { at, text } = JSON.parse(line) as { at?: unknown; text?: unknown };
    const date = new Date(String(at));
    return typeof text === "string" && !Number.isNaN(date.getTime()) ? { at: date, text } : undefined;
  } catch {
    return undefined;
  }
}
