/** A lock file for builds that share a cache directory, also across containers. */
import { closeSync, openSync, readFileSync, rmSync, statSync, utimesSync, writeSync } from "node:fs";
import os from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

const HEARTBEAT_MS = 2_000;
/** A holder that has not touched its lock for this long is gone: killed, or its machine was. */
const STALE_MS = 15_000;
const POLL_MS = 300;

function holderIsGone(file) {
  try {
    if (Date.now() - statSync(file).mtimeMs > STALE_MS) return true;
    const { pid, host } = JSON.parse(readFileSync(file, "utf8"));
    // Containers may share a host name but not their process ids; then only the heartbeat tells, and this test says alive.
    if (host !== os.hostname() || pid === process.pid) return false;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

/**
 * Waits for the lock and returns the function that gives it back.
 *
 * @param {string} file
 * @param {() => void} onWait called once if somebody else holds the lock
 */
export async function acquireLock(file, onWait) {
  for (let waiting = false; ; ) {
    try {
      const descriptor = openSync(file, "wx");
      writeSync(descriptor, JSON.stringify({ pid: process.pid, host: os.hostname() }));
      closeSync(descriptor);
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (holderIsGone(file)) {
      rmSync(file, { force: true });
      continue;
    }
    if (!waiting) onWait();
    waiting = true;
    await sleep(POLL_MS);
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    try {
      utimesSync(file, now, now);
    } catch {
      // Somebody removed it: the atomic rename at the end keeps the result whole all the same.
    }
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return () => {
    clearInterval(heartbeat);
    rmSync(file, { force: true });
  };
}
