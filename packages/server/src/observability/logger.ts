import type { Writable } from "node:stream";
import pino from "pino";
import pretty from "pino-pretty";
import type { Log } from "./log.js";
import { LogTail } from "./log-tail.js";
import { REDACTED, REDACTED_PATHS, withoutSecrets } from "./redact.js";

export interface LoggerOptions {
  level: string;
  /** `auto` is `pretty` on a terminal and `json` elsewhere. */
  format: "auto" | "pretty" | "json";
  /** @default stderr: stdout belongs to data */
  destination?: Writable;
}

/** The server's structured log. Secrets do not get into it. */
export function createLogger({ level, format, destination }: LoggerOptions): Log {
  const readable = format === "pretty" || (format === "auto" && process.stderr.isTTY === true);
  const tail = new LogTail();
  const options: pino.LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: REDACTED_PATHS, censor: REDACTED },
    hooks: {
      streamWrite: (line) => {
        const clean = withoutSecrets(line);
        tail.take(clean);
        return clean;
      },
    },
  };
  // Synchronous: the last lines before a crash are the ones that matter.
  const logger = readable
    ? pino(
        options,
        pretty({
          destination: destination ?? 2,
          sync: true,
          colorize: process.stderr.isTTY === true,
          translateTime: "SYS:HH:MM:ss.l",
        }),
      )
    : pino(options, destination ?? pino.destination({ fd: 2, sync: true }));
  return Object.assign(logger, { tail });
}
