import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import path from "node:path";

/**
 * Writes beside the file and puts the new one in its place, so that no crash and no full disk leaves half a text, or none.
 * Links and permissions stay; missing folders are made.
 *
 * @param options `mode`: permissions of a file that is not there yet. `durable`: wait for the disk, so that not even a power cut
 * leaves the new name without its text; for what is written again and again this is too slow.
 * @throws errors of the system; the old file is untouched then
 */
export function writeFileWhole(
  file: string,
  text: string,
  { mode = 0o666, durable = true }: { mode?: number; durable?: boolean } = {},
): void {
  const old = existing(file);
  const target = old ?? path.resolve(file);
  const beside = `${target}.${process.pid}.tmp`;
  mkdirSync(path.dirname(target), { recursive: true });
  try {
    const handle = openSync(beside, "w", old ? statSync(old).mode : mode);
    try {
      const bytes = Buffer.from(text);
      for (let from = 0; from < bytes.length; ) from += writeSync(handle, bytes, from);
      if (durable) fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
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
