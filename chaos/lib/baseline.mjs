/** Whether a server is back where it was. */
import { setTimeout as delay } from "node:timers/promises";

/** Descriptors, sessions and memory of a server at rest. */
export async function measure(server) {
  const { heapUsed, arrayBuffers } = await server.memory();
  return { descriptors: server.descriptors(), heapBytes: heapUsed + arrayBuffers, rssBytes: server.rss() };
}

/** A few keep-alive connections of the HTTP client may come and go. */
const SPARE_DESCRIPTORS = 4;

/**
 * Waits until the server is back at its baseline.
 *
 * @param {number} heapSlackBytes by how much the heap may have grown
 * @returns {Promise<{ now: object, failures: string[] }>}
 */
export async function backAt(server, before, heapSlackBytes, timeoutMs = 30_000) {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const now = await measure(server);
    const failures = [];
    if (now.descriptors > before.descriptors + SPARE_DESCRIPTORS) {
      failures.push(`${now.descriptors} descriptors, ${before.descriptors} before`);
    }
    if (now.heapBytes > before.heapBytes + heapSlackBytes) {
      failures.push(`${mebibytes(now.heapBytes)} MiB of heap, ${mebibytes(before.heapBytes)} before`);
    }
    if (failures.length === 0 || performance.now() > deadline) return { now, failures };
    await delay(500);
  }
}

export const mebibytes = (bytes) => (bytes / 2 ** 20).toFixed(1);
