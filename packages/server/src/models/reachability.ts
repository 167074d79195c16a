import { stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { request } from "undici";
import { createAgent } from "./http-agent.js";

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
  const agent = createAgent();
  const timeout = AbortSignal.timeout(PROBE_TIMEOUT_MS);
  try {
    const { body, statusCode } = await request(url, {
      method: "HEAD",
      dispatcher: agent,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    body.on("error", () => {});
    await body.dump();
    return statusCode < 400;
  } catch {
    signal?.throwIfAborted();
    // A folder that cannot be written cannot remember; the next start asks again.
    await writeFile(note, "").catch(() => {});
    return false;
  } finally {
    await agent.destroy();
  }
}
