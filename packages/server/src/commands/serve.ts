import path from "node:path";
import type { Config } from "@stt/core/config";
import { cacheDirectory } from "../../scripts/native-cache.mjs";
import { createServer, type SttServer } from "../create-server.js";
import { deviceFallback, diagnosticLines } from "../lifecycle/diagnostics.js";
import { downloadBar } from "../models/download-report.js";
import type { Log } from "../observability/log.js";
import { createLogger } from "../observability/logger.js";
import { accessNotices } from "../security/security.js";

/** Freeing everything takes a moment; something that hangs in it must not keep the process. */
const CLOSE_TIMEOUT_MS = 5000;
const EXIT_HUNG = 1;
/** As a shell reports a program that a signal ended. */
const EXIT_BY_SIGNAL = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Runs a server until a signal ends it.
 *
 * @returns the exit code.
 */
export async function runServer(config: Config, warnings: readonly string[]): Promise<number> {
  const log = createLogger({ level: config.logLevel, format: config.logFormat });
  for (const warning of warnings) log.warn({}, warning);
  for (const { level, message } of accessNotices(config)) log[level]({}, message);
  const bar = process.stderr.isTTY && config.logFormat !== "json" ? downloadBar() : undefined;
  const historyDir = config.historyDir || path.join(cacheDirectory(), "history");
  const server = createServer({
    config: { ...config, historyDir },
    log,
    ...(bar ? { onDownload: bar.update.bind(bar) } : {}),
  });
  let started = false;
  const stopped = stoppedBySignal(server, log, config.drainTimeoutMs, () => started);
  process.on("SIGHUP", () => {
    log.info({}, "reading API keys and certificate again");
    void server.reload();
  });
  const ports = await server.listen();
  started = true;
  const diagnostics = server.diagnostics();
  for (const line of diagnosticLines(diagnostics)) log.info({}, line);
  const fallback = deviceFallback(diagnostics.final);
  if (fallback) log.warn({}, fallback);
  log.info(
    { ...ports },
    `ready: ${config.tlsCertFile === "" ? "ws" : "wss"}://${ports.host}:${ports.dataPort}/v1/stream`,
  );
  await stopped;
  log.info({}, "stopped");
  return 0;
}

/** Resolves when a signal has drained and closed the server. A second signal, whichever, ends the process at once. */
function stoppedBySignal(
  server: SttServer,
  log: Log,
  drainTimeoutMs: number,
  hasStarted: () => boolean,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let stopping = false;
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.on(signal, () => {
        if (stopping) process.exit(EXIT_BY_SIGNAL[signal]);
        stopping = true;
        // While models load there is nobody to wait for, and the inference process ends with its parent.
        if (!hasStarted()) process.exit(0);
        log.info({ signal, sessions: server.sessions }, "stopping; a second signal ends the server at once");
        setTimeout(() => process.exit(EXIT_HUNG), drainTimeoutMs + CLOSE_TIMEOUT_MS).unref();
        server
          .drain()
          .then(() => server.close())
          .then(resolve, reject);
      });
    }
  });
}
