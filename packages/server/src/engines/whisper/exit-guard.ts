const guards = new Set<() => void>();

function runAll(): void {
  for (const guard of guards) guard();
}

/**
 * Has `guard` called when the process exits in any orderly way; returns the function that takes it back.
 *
 * `process.exit` runs no Node-API clean-up hook in the main thread, but it does run C++ destructors: an inference thread that
 * is still at work then crashes, and the exit code with it. One listener serves all engines, so that Node does not warn of many.
 */
export function guardExit(guard: () => void): () => void {
  if (guards.size === 0) process.on("exit", runAll);
  guards.add(guard);
  return () => {
    guards.delete(guard);
    if (guards.size === 0) process.removeListener("exit", runAll);
  };
}
