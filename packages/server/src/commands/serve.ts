import type { Config } from "@stt/core/config";
import { createServer } from "../create-server.js";
import { deviceFallback, diagnosticLines } from "../observability/diagnostics.js";
import { createLogger } from "../observability/logger.js";

/**
 * Runs a server until a signal ends it.
 *
 * @returns the exit code.
 */
export async function runServer(config: Config, warnings: readonly string[]): Promise<number> {
  const log = createLogger({ level: config.logLevel, format: config.logFormat });
  for (const warning of warnings) log.warn({}, warning);
  const server = createServer({ config, log });
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        log.info({ signal }, "stopping");
        // A second signal means now.
        process.once(signal, () => process.exit(1));
        void server.close().then(resolve);
      });
    }
  });
  const ports = await server.listen();
  const diagnostics = server.diagnostics();
  for (const line of diagnosticLines(diagnostics)) log.info({}, line);
  const fallback = deviceFallback(diagnostics.final);
  if (fallback) log.warn({}, fallback);
  log.info({ ...ports }, `ready: ws://${ports.host}:${ports.dataPort}/v1/stream`);
  await stopped;
  log.info({}, "stopped");
  return 0;
}
