/** Whether the page may use the microphone. */
import { callback, callSafely, checkArgument } from "@stt/core/callers";

/** `prompt`: the browser will ask; `unknown`: it does not tell (older Firefox and Safari). */
export type MicrophonePermission = "granted" | "denied" | "prompt" | "unknown";

/** The present permission. Asks the user nothing. */
export async function microphonePermission(): Promise<MicrophonePermission> {
  return (await query())?.state ?? "unknown";
}

/**
 * Calls `listener` with the present permission soon, and whenever it changes, where the browser tells.
 *
 * @returns a function that ends it
 * @throws SttError `invalid_argument`
 */
export function watchMicrophonePermission(listener: (permission: MicrophonePermission) => void): () => void {
  checkArgument("watchMicrophonePermission", listener, callback);
  const scope = new AbortController();
  void query().then((status) => {
    if (scope.signal.aborted) return;
    callSafely(() => listener(status?.state ?? "unknown"));
    status?.addEventListener("change", () => callSafely(() => listener(status.state)), { signal: scope.signal });
  });
  return () => scope.abort();
}

async function query(): Promise<PermissionStatus | undefined> {
  if (typeof navigator === "undefined") return undefined;
  try {
    // Not every browser knows this name, and TypeScript's list lags behind those that do.
    return await navigator.permissions.query({ name: "microphone" as PermissionName });
  } catch {
    return undefined;
  }
}
