/** Text files: read as they are, written whole or not at all. */
import { mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

/** A text and how its lines end on disk; in memory they end with a newline character. */
export interface TextFile {
  text: string;
  lineEnd: "\n" | "\r\n";
}

/** @returns undefined when there is no such file. @throws TypeError when it is not UTF-8; errors of the system */
export function readTextFile(file: string): TextFile | undefined {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  return { text: text.replace(/\r\n/g, "\n"), lineEnd: text.includes("\r\n") ? "\r\n" : "\n" };
}

/**
 * Writes beside the file and puts the new one in its place, so that no crash leaves half a text. Links and permissions stay.
 *
 * @param mode permissions of a file that is not there yet.
 */
export function writeTextFile(file: string, { text, lineEnd }: TextFile, mode = 0o666): void {
  const target = existing(file) ?? path.resolve(file);
  const beside = `${target}.${process.pid}.tmp`;
  mkdirSync(path.dirname(target), { recursive: true });
  try {
    writeFileSync(beside, text.replaceAll("\n", lineEnd), { mode: existing(file) ? statSync(target).mode : mode });
    renameSync(beside, target);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

function existing(file: string): string | undefined {
  try {
    return realpathSync(file);
  } catch {
    return undefined;
  }
}
