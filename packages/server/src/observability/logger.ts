import pino from "pino";
import pretty from "pino-pretty";
import type { Log } from "./log.js";

export interface LoggerOptions {
  level: string;
  /** `auto` is `pretty` on a terminal and `json` elsewhere. */
  format: "auto" | "pretty" | "json";
}

/** The server's structured log, on stderr: stdout belongs to data. */
export function createLogger({ level, format }: LoggerOptions): Log {
  const readable = format === "pretty" || (format === "auto" && process.stderr.isTTY === true);
  const options: pino.LoggerOptions = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  // Synchronous: the last lines before a crash are the ones that matter.
  return readable
    ? pino(
        options,
        pretty({
          destination: 2,
          sync: true,
          colorize: process.stderr.isTTY === true,
          translateTime: "SYS:HH:MM:ss.l",
        }),
      )
    : pino(options, pino.destination({ fd: 2, sync: true }));
}
