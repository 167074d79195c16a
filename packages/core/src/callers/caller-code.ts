/**
 * The one way in which functions that a caller handed in are called when nobody waits for their outcome: listeners, `onDrop`,
 * `onProgress`, a source's `close`. What they throw, or reject with, is told and disturbs nobody else.
 */

/** Where a failure goes that nobody caught. */
export type FailureReport = (error: unknown) => void;

interface Platform {
  reportError?(error: unknown): void;
  console?: { error(...values: unknown[]): void };
}

/** Shows a failure where developers look, the console, and ends no program. */
export function reportUncaught(error: unknown): void {
  const { reportError, console } = globalThis as Platform;
  if (reportError) reportError(error);
  else console?.error("A function that was handed to stt failed:", error);
}

/** Calls it now. @param report told what it throws, or what the promise that it returns rejects with */
export function callSafely(callback: () => unknown, report: FailureReport = reportUncaught): void {
  try {
    const result = callback();
    if (isThenable(result)) Promise.resolve(result).catch(report);
  } catch (error) {
    report(error);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
