import { existsSync, statSync } from "node:fs";
import path from "node:path";
import type { ExportFormat } from "@stt/core";
import { usageError } from "../cli/command-line.js";
import type { Texts } from "../cli/texts.js";

/** A recording and where its text goes. */
export interface Job {
  /** As it was named on the command line; `-` is standard input. */
  file: string;
  /** Undefined for standard output. */
  output: string | undefined;
}

/**
 * Which text goes where: one recording's into a file, several recordings' into a folder, each under its own name.
 *
 * @throws CommanderError when two would be one, or several are to be printed in a format that holds one
 */
export function planOutputs(
  files: readonly string[],
  { output, format }: { output?: string; format: ExportFormat },
  texts: Texts,
): Job[] {
  if (files.filter((file) => file === "-").length > 1) throw usageError(texts.stdinOnce);
  const unique = [...new Set(files)];
  if (output === undefined) {
    if (unique.length > 1 && format !== "txt") throw usageError(texts.needsOutput.replace("{format}", format));
    return unique.map((file) => ({ file, output: undefined }));
  }
  if (!isFolder(output)) {
    if (unique.length > 1) throw usageError(texts.needsFolder);
    return unique.map((file) => ({ file, output }));
  }
  const taken = new Map<string, string>();
  return unique.map((file) => {
    const name = file === "-" ? "stdin" : path.basename(file, path.extname(file));
    const target = path.join(output, `${name}.${format}`);
    const other = taken.get(target);
    if (other !== undefined) {
      const sentence = texts.sameOutput.replace("{one}", other).replace("{other}", file).replace("{output}", target);
      throw usageError(sentence);
    }
    taken.set(target, file);
    return { file, output: target };
  });
}

/** Outputs appear whole, so one that is there is complete; one that is older than its recording is of another recording. */
export function isComplete({ file, output }: Job): boolean {
  if (output === undefined || file === "-") return false;
  const written = statSync(output, { throwIfNoEntry: false });
  const recorded = statSync(file, { throwIfNoEntry: false });
  return written !== undefined && recorded !== undefined && written.mtimeMs >= recorded.mtimeMs;
}

function isFolder(output: string): boolean {
  return /[/\\]$/.test(output) || (existsSync(output) && statSync(output).isDirectory());
}
