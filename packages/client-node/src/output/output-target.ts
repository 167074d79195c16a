/** What an `--output` names, and whether it is still what it was. */
import { statSync } from "node:fs";

const STANDARD_OUTPUT = /^(?:-|\/dev\/stdout|\/dev\/fd\/1|\/proc\/self\/fd\/1)$/;

/** Whether it is standard output by another name: written as if nothing had been named. */
export function isStandardOutput(output: string): boolean {
  return STANDARD_OUTPUT.test(output);
}

/** Whether it is a pipe or a device: written into, and never put aside for a new file of that name. */
export function isPipeOrDevice(output: string): boolean {
  const stats = statSync(output, { throwIfNoEntry: false });
  return stats !== undefined && !stats.isFile() && !stats.isDirectory();
}

/** Whether there is a file with something in it. */
export function holdsSomething(output: string): boolean {
  const stats = statSync(output, { throwIfNoEntry: false });
  return stats?.isFile() === true && stats.size > 0;
}

/** Another value when somebody has written to the file; `undefined` when there is none. */
export function fileVersion(output: string): string | undefined {
  const stats = statSync(output, { throwIfNoEntry: false });
  return stats && `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeMs}`;
}
