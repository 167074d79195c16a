/** The file being edited: nothing in it changes but what its user has edited. */
import { readFileSync, statSync } from "node:fs";
import { writeFileWhole } from "@stt/client-node/cli";
import { restoreLineEnds } from "./line-ends.js";

const BYTE_ORDER_MARK = "\uFEFF";

/** It is there, but is no file that a text could be in: a folder, a pipe, a device. */
export class NoPlainFileError extends Error {}

export class TextFile {
  /** As it is edited: lines end with a newline character, and no byte order mark stands before them. */
  readonly text: string;
  readonly #path: string;
  /** What was on the disk when it was last read or written; undefined when there was no file. */
  #known: { content: string; version: string } | undefined;

  /** @throws TypeError when it is not UTF-8; NoPlainFileError; errors of the system */
  constructor(path: string) {
    this.#path = path;
    this.#known = readKnown(path);
    this.text = withoutMark(this.#known?.content ?? "").replaceAll("\r\n", "\n");
  }

  /** Whether another program has written to it since it was read or saved: saving would undo that. */
  get hasChangedOnDisk(): boolean {
    const version = versionOf(this.#path);
    // One that is gone takes nothing with it.
    if (version === undefined || version === this.#known?.version) return false;
    try {
      return readKnown(this.#path)?.content !== (this.#known?.content ?? "");
    } catch {
      return true;
    }
  }

  /** Writes whole or not at all; lines that were there keep their line ends. @throws errors of the system */
  save(text: string): void {
    const old = this.#known?.content ?? "";
    const mark = old.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : "";
    const content = mark + restoreLineEnds(withoutMark(old), text);
    writeFileWhole(this.#path, content);
    this.#known = { content, version: versionOf(this.#path) ?? "" };
  }
}

function readKnown(path: string): { content: string; version: string } | undefined {
  const version = versionOf(path);
  if (version === undefined) return undefined;
  if (statSync(path).isFile() === false) throw new NoPlainFileError(path);
  const content = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
  return { content, version };
}

function versionOf(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats && `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeMs}`;
}

function withoutMark(content: string): string {
  return content.startsWith(BYTE_ORDER_MARK) ? content.slice(1) : content;
}
