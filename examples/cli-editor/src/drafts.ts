/** Text that was never saved, kept from one run to the next. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { writeFileWhole } from "@stt/client-node/cli";
import type { Environment } from "@stt/core/config";

/** A draft of an earlier run. */
export interface KeptDraft {
  path: string;
  text: string;
  savedAt: Date;
}

/** The folder for what a program remembers about its user. */
export function stateFolder(env: Environment, platform = process.platform): string {
  if (env.XDG_STATE_HOME) return path.join(env.XDG_STATE_HOME, "stt-editor");
  if (platform === "darwin") return path.join(os.homedir(), "Library", "Application Support", "stt-editor");
  if (platform === "win32") return path.join(env.LOCALAPPDATA ?? os.homedir(), "stt-editor");
  return path.join(os.homedir(), ".local", "state", "stt-editor");
}

/** The draft of this run; each run without a file has one of its own, a named file has one for all. */
export class Draft {
  readonly #path: string;
  #superseded: string | undefined;
  #isOurs = false;
  #written: string | undefined;
  readonly #folder: string;
  readonly #file: string | undefined;

  /** @param file the file being edited, if one was named. */
  constructor(folder: string, file: string | undefined) {
    this.#folder = folder;
    this.#file = file;
    this.#path = path.join(
      folder,
      file ? `file-${hash(path.resolve(file))}.txt` : `draft-${stamp(new Date())}-${process.pid}.txt`,
    );
  }

  /** What an earlier run left behind and no running one is using. */
  kept(): KeptDraft | undefined {
    try {
      const names = this.#file ? [path.basename(this.#path)] : readdirSync(this.#folder).filter(isAbandoned).sort();
      const newest = names.at(-1);
      if (newest === undefined) return undefined;
      const file = path.join(this.#folder, newest);
      return { path: file, text: readFileSync(file, "utf8"), savedAt: statSync(file).mtime };
    } catch {
      return undefined;
    }
  }

  /** The text of `draft` is part of this run's: the old file goes as soon as the new one is there. */
  adopt(draft: KeptDraft): void {
    if (draft.path === this.#path) this.#isOurs = true;
    else this.#superseded = draft.path;
  }

  /** Keeps a text; an empty one needs no keeping. @throws errors of the system */
  keep(text: string): void {
    if (text === this.#written) return;
    this.#setAside();
    if (text === "") this.discard();
    else writeFileWhole(this.#path, text, { mode: 0o600, durable: false });
    if (this.#superseded) rmSync(this.#superseded, { force: true });
    this.#superseded = undefined;
    this.#written = text;
  }

  /** The text is safe elsewhere. */
  discard(): void {
    this.#setAside();
    rmSync(this.#path, { force: true });
    this.#written = undefined;
  }

  /** What an earlier run left of the same file, and nobody took over, is not written over: it becomes a draft without a file. */
  #setAside(): void {
    if (this.#isOurs) return;
    this.#isOurs = true;
    const savedAt = statSync(this.#path, { throwIfNoEntry: false })?.mtime;
    if (savedAt) renameSync(this.#path, path.join(this.#folder, `draft-${stamp(savedAt)}.txt`));
  }
}

/** A draft whose writer has ended. */
function isAbandoned(name: string): boolean {
  const parts = /^draft-\d+(?:-(\d+))?\.txt$/.exec(name);
  if (!parts) return false;
  const [, writer] = parts;
  if (writer === undefined) return true;
  try {
    process.kill(Number(writer), 0);
    return false;
  } catch (error) {
    // EPERM: it runs, but is somebody else's; process numbers come around.
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

function stamp(date: Date): string {
  return date.toISOString().replace(/\D/g, "").slice(0, 14);
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
