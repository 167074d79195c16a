import type { LogTail } from "./log-tail.js";

/**
 * Where a part of the server tells what it does. Passed in, never imported: a library must not own its host's logging.
 * Each method takes machine-readable fields and one sentence.
 */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** Least weight of a line that is written, where that can be asked and changed. */
  level?: string;
  /** The last lines that were written, where they are kept. */
  readonly tail?: LogTail;
}

/** Names of the methods of {@link Log}. */
export type LogLevel = Exclude<keyof Log, "level" | "tail">;

const ignore = (): void => {};

/** Discards everything. */
export const silentLog: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
