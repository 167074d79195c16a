import { stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { HttpClient } from "../outbound/http-client.js";

const PROBE_TIMEOUT_MS = 1500;
/** A machine without a network starts often, and waits once. */
const REMEMBER_MS = 10 * 60_000;

/**
 * Whether a server of models answers at all, found out within a second or two. A failure is remembered for ten minutes in the
 * model folder.
 */
export async function isReachable(url: string, directory: string, signal?: AbortSignal): Promise<boolean> {
  const note = path.join(directory, ".unreachable");
  const noted = (await stat(note).catch(() => undefined))?.mtimeMs ?? 0;
  if (Date.now() - noted < REMEMBER_MS) return false;
  const http = new HttpClient();
  const timeout = AbortSignal.timeout(PROBE_TIMEOUT_MS);
  try {
    const { statusCode = 500 } = await http.request(url, {
      method: "HEAD",
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    return statusCode < 400;
  } catch {
    signal?.throwIfAborted();
    // A folder that cannot be written cannot remember; the next start asks again.
    await writeFile(note, "").catch(() => {});
    return false;
  } finally {
    http.close();
  }
}
