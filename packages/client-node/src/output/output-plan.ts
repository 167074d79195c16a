import { existsSync, statSync } from "node:fs";
import path from "node:path";
import type { ExportFormat } from "@stt/core";
import { usageError } from "../cli/command-line.js";
import type { Texts } from "../cli/texts.js";
import { holdsSomething, isStandardOutput } from "./output-target.js";

/** A recording and where its text goes. */
export interface Job {
  /** As it was named on the command line; `-` is standard input. */
  file: string;
  /** Undefined for standard output. */
  output: string | undefined;
  /** The output was named by itself, and not made of a folder and the recording's name. */
  isNamed?: boolean;
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
  if (output === undefined || isStandardOutput(output)) {
    if (unique.length > 1 && format !== "txt") throw usageError(texts.needsOutput.replace("{format}", format));
    return unique.map((file) => ({ file, output: undefined }));
  }
  if (!isFolder(output)) {
    if (unique.length > 1) throw usageError(texts.needsFolder);
    for (const file of unique) refuseSame(file, output, texts);
    return unique.map((file) => ({ file, output, isNamed: true }));
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
    refuseSame(file, target, texts);
    taken.set(target, file);
    return { file, output: target };
  });
}

/** What is to be done about a job whose output is there already. */
export type JobState = "to do" | "complete" | "would be lost";

/**
 * Outputs in a folder appear whole, so one that is there is complete. One that is older than its recording is of another recording,
 * or holds what somebody has written: it is not for us to replace. Nor is a file that was named by itself.
 */
export function stateOf({ file, output, isNamed }: Job): JobState {
  if (output === undefined || !holdsSomething(output)) return "to do";
  const recorded = statSync(file, { throwIfNoEntry: false });
  if (isNamed || file === "-" || recorded === undefined) return "would be lost";
  return statSync(output).mtimeMs >= recorded.mtimeMs ? "complete" : "would be lost";
}

/** Nobody means to lose a recording to its own text, whatever else may be replaced. Links are other names of the same file. */
function refuseSame(file: string, output: string, texts: Texts): void {
  if (file === "-") return;
  const [recorded, written] = [file, output].map((path) => statSync(path, { throwIfNoEntry: false }));
  if (!recorded?.isFile() || recorded.dev !== written?.dev || recorded.ino !== written.ino) return;
  throw usageError(texts.outputIsRecording.replace("{output}", output));
}

function isFolder(output: string): boolean {
  return /[/\\]$/.test(output) || (existsSync(output) && statSync(output).isDirectory());
}
