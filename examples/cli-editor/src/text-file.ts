/** Text files: read as they are, written whole or not at all. */
import { readFileSync } from "node:fs";
import { writeFileWhole } from "@stt/client-node/cli";

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

/** Writes whole or not at all. */
export function writeTextFile(file: string, { text, lineEnd }: TextFile): void {
  writeFileWhole(file, text.replaceAll("\n", lineEnd));
}
