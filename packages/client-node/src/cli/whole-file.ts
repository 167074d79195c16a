import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from "node:fs";
import path from "node:path";

export interface WholeFileOptions {
  /** Permissions of a file that is not there yet. @default 0o666 */
  mode?: number;
  /**
   * Wait for the disk, so that not even a power cut leaves the new name without its text; for what is written again and again this
   * is too slow. @default true
   */
  durable?: boolean;
}

/**
 * Writes beside the file and puts the new one in its place, so that no crash and no full disk leaves half a text, or none.
 * Links and permissions stay; missing folders are made. What cannot be replaced without becoming another file, with other names
 * or another owner, is written in place.
 *
 * @throws errors of the system; the old file is untouched then, unless it had to be written in place
 */
export function writeFileWhole(file: string, text: string, options: WholeFileOptions = {}): void {
  const { mode = 0o666, durable = true } = options;
  const old = existing(file);
  const target = old?.path ?? path.resolve(file);
  const bytes = Buffer.from(text);
  if (old && !isReplaceable(old.stats)) {
    write(target, "r+", bytes, { durable, isOld: true });
    return;
  }
  const beside = `${target}.${process.pid}.tmp`;
  mkdirSync(path.dirname(target), { recursive: true });
  try {
    write(beside, "w", bytes, { mode: old?.stats.mode ?? mode, durable });
    renameSync(beside, target);
  } catch (error) {
    rmSync(beside, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    // A file that may be written in a folder that may not.
    if (!old || !(code === "EACCES" || code === "EPERM" || code === "EROFS")) throw error;
    write(target, "r+", bytes, { durable, isOld: true });
  }
}

/** A plain file of ours with one name. */
function isReplaceable(stats: Stats): boolean {
  return stats.isFile() && stats.nlink === 1 && (process.getuid === undefined || stats.uid === process.getuid());
}

function write(
  file: string,
  flags: string,
  bytes: Uint8Array,
  { mode, durable, isOld = false }: { mode?: number; durable: boolean; isOld?: boolean },
): void {
  const handle = openSync(file, flags, mode);
  try {
    // Cut to length at the end: until then, as much of the old text as there can be is still there.
    for (let from = 0; from < bytes.length; ) from += writeSync(handle, bytes, from);
    if (isOld && fstatSync(handle).isFile()) ftruncateSync(handle, bytes.length);
    if (durable && (!isOld || fstatSync(handle).isFile())) fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function existing(file: string): { path: string; stats: Stats } | undefined {
  try {
    const real = realpathSync(file);
    return { path: real, stats: statSync(real) };
  } catch {
    return undefined;
  }
}
