import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { abortError, messageOf, SttError } from "@stt/core";
import { lock } from "proper-lockfile";

/** A holder renews its lock this often; one that was not renewed for twice as long belongs to a process that is gone. */
const RENEW_MS = 2500;
const STALE_MS = 5000;
const RETRY_MS = 300;

export interface FileLockOptions {
  signal?: AbortSignal | undefined;
  /** Called once when somebody else holds the lock. */
  onWait?(): void;
}

/**
 * Runs `work` while holding the lock of a file, which need not exist. Waits for another process, or for another call in this
 * one; a lock whose process is gone is taken over after a few seconds.
 *
 * @param work is given a signal that fires when the lock was lost, as after the machine slept.
 * @throws SttError `aborted`, `io_error`
 */
export async function withFileLock<T>(
  file: string,
  { signal, onWait }: FileLockOptions,
  work: (lost: AbortSignal) => Promise<T>,
): Promise<T> {
  const lost = new AbortController();
  const onCompromised = (cause: Error) => {
    lost.abort(
      new SttError("io_error", `The lock of ${file} was lost: ${cause.message}. Try again.`, {
        cause,
        retryable: true,
      }),
    );
  };
  for (let waited = false; ; waited = true) {
    if (signal?.aborted) throw abortError(signal.reason);
    let unlock: () => Promise<void>;
    try {
      unlock = await lock(file, { realpath: false, stale: STALE_MS, update: RENEW_MS, onCompromised });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "ELOCKED") {
        throw new SttError("io_error", notLocked(file, cause), { cause });
      }
      if (!waited) onWait?.();
      await delay(RETRY_MS, undefined, { signal }).catch(() => {
        throw abortError(signal?.reason);
      });
      continue;
    }
    try {
      return await work(lost.signal);
    } finally {
      // A lost lock is somebody else's by now.
      await unlock().catch(() => {});
    }
  }
}

function notLocked(file: string, cause: unknown): string {
  const { code } = cause as NodeJS.ErrnoException;
  if (code !== "EACCES" && code !== "EPERM" && code !== "EROFS") {
    return `${file} cannot be locked: ${messageOf(cause)}.`;
  }
  const who = process.getuid === undefined ? "this user" : `user ${process.getuid()}`;
  const remedy = code === "EROFS" ? "mount it writable" : "give it to that user (chown)";
  return `The directory ${path.dirname(file)} cannot be written by ${who} (${code}): ${remedy}, or choose another one.`;
}
